/** The script of a *lease read*, with which a load begins: it reads a key, and takes its lease if the key is a miss. */
import {scriptForEach} from './script.js';

/** Longest entry that is returned, in bytes: a command has up to 64 keys, and its reply must arrive within the deadline. */
export const maxLeaseReadBytes = 8192;

/** The reply if a key must be read with MGET. */
export const unreadable = -2;

/**
 * Reads a key, and takes its lease if there is no entry, a stale one, or one of a cleared generation. The shared key is the
 * generation of the namespace, if it is on the same server.
 *
 * Arguments, the first four as for `leaseScript`: length of the lease in ms, token or number of an earlier request, ms of the
 * placeholder, number of the request (1 to 99,999); then the generation that the caller knows to be current (0: none), and 1 if
 * the key is to be reloaded in any case.
 *
 * Reply: a token (> 0), 0 if there is a fresh entry, or the remaining µs of another process's lease, negated, at most -1000;
 * followed by the bytes of the entry, if there is one, and those of the generation, if it was read. Or -2 if the key must be
 * read with MGET, because the entry is long, or its bytes are not an entry.
 *
 * An entry of another generation than the caller's is a miss only if Redis has the caller's generation: otherwise the caller
 * does not know yet that the namespace was cleared, and its loaded value could not be stored.
 */
export const leaseReadScript = scriptForEach(
	'lease-read',
	`
	local bytes = redis.pcall('GETRANGE', key, 0, ${maxLeaseReadBytes})
	if type(bytes) ~= 'string' or #bytes > ${maxLeaseReadBytes} then return ${unreadable} end
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
