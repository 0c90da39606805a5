/** The script with which a load begins: it reads a key, and takes its lease if that is a miss. */
import {scriptForEach} from './script.js';

/** Longer entries are not returned: a command has up to 64 keys, and its reply has to get through within the deadline. */
export const maxLookBytes = 8192;

/** The reply if a key has to be read by itself. */
export const unreadable = -2;

/**
 * Reads a key, and asks for its lease if there is nothing, something stale, or something that was cleared. The shared key is the
 * generation of the namespace, where it is on the same server.
 *
 * Arguments: as for `leaseScript` ms the lease lasts, token of a lease or number of a request that the caller lost, ms of the
 * placeholder, number of the request (1 to 99,999); then the generation that the caller knows to be current (0: none), and 1 if the
 * key is to be reloaded whatever is there.
 *
 * Reply: a token (> 0), 0 if there is a fresh entry, or -(µs left of another's lease), at most -1000; if there is an entry, with
 * its bytes, and with those of the generation if it was read. Or -2: the key has to be read by itself, because the entry is long,
 * or is none of ours.
 *
 * An entry of another generation than the caller's is only then a miss if Redis has the caller's: otherwise the caller does not
 * know yet that the namespace was cleared, and its load could not be stored.
 */
export const lookScript = scriptForEach(
	'look',
	`
	local bytes = redis.pcall('GETRANGE', key, 0, ${maxLookBytes})
	if type(bytes) ~= 'string' or #bytes > ${maxLookBytes} then return ${unreadable} end
	local ends = ending(ARGV[a], ARGV[a + 3])
	if bytes == '' then
		local at = digits(now)
		return problem(redis.pcall('SET', key, 'rct2l---' .. at .. at .. '0000000000000000' .. at .. ends .. '00000000000000000000000000000000000000000000', 'PX', ARGV[a + 2])) or now
	end
	local old = string.sub(bytes, 1, 132)
	if #old < 132 or not string.find(old, '^rct2....[0-8]%d+$') then return ${unreadable} end
	local generation
	if string.sub(old, 5, 5) ~= 'l' then
		local isFresh = freshUntil(old) > now
		if shared.key then
			shared.value = shared.value or redis.pcall('GET', shared.key) or ''
			generation = shared.value
			if type(generation) ~= 'string' then return ${unreadable} end
			local known = string.format('%015.0f', ARGV[a + 4])
			if string.sub(generation, 5, 19) == known and string.sub(old, 89, 103) ~= known then isFresh = false end
		end
		if isFresh and ARGV[a + 5] ~= '1' then return {0, bytes, generation} end
	end
	local version = tonumber(string.sub(old, 9, 24))
	local held = tonumber(string.sub(old, 57, 72))
	local untilTime = tonumber(string.sub(old, 73, 88))
	local lost = tonumber(ARGV[a + 1])
	local isOwn = held == lost or (lost < 0 and untilTime % 100000 == -lost)
	if held > 0 and not isOwn and untilTime > now + 10500000 then
		untilTime = tonumber(ending(ARGV[a], 0))
		redis.call('SETRANGE', key, 72, digits(untilTime))
	end
	if held > 0 and not isOwn and untilTime > now then return {-math.max(1000, untilTime - now), bytes, generation} end
	local token = math.max(now, version + 1, held + 1)
	local refused = problem(redis.pcall('SETRANGE', key, 56, digits(token) .. ends))
	if refused then return refused end
	if redis.call('PTTL', key) < tonumber(ARGV[a + 2]) then redis.call('PEXPIRE', key, ARGV[a + 2]) end
	return {token, bytes, generation}
`,
	{isHarmless: true, width: 6},
);
