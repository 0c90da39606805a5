/** Scripts of a load: the lease, which is the right to fill a key, and the fill. */
import {scriptForEach} from './script.js';

/**
 * Number of deadlines for scripts of a load in progress. Executing them late is harmless: they do nothing without their token,
 * which any change of the key has removed.
 */
const guardedDeadlines = 10;

/**
 * Requests the lease of a key. Arguments: length of the lease in ms; version that the caller counted as a miss (0: it saw none;
 * 9007199254740991: reload in any case); token of an earlier lease of the caller that may still be there (0: none; negative:
 * the number of a request whose answer was lost, see below); ms for which the placeholder is kept, since an expired lease that
 * no other process has taken may still be filled; number of the request (see below).
 *
 * Reply: a token (> 0); -1 if the key has data of another program; -2 if there is a newer, fresh value to read; else the
 * remaining µs of another process's lease, negated, at most -1000.
 *
 * A request whose answer was lost may have been granted. It is repeated with the same number, so that a lease that was granted
 * to it is recognized, and granted again. The number, 1 to 99,999, is stored in the last digits of the end time of the lease,
 * until that is renewed. It is negative in a first request, which matches no lease.
 *
 * No lease lasts longer than ten seconds. One that seems to was granted before the clock was set back, and is shortened to the
 * requested length.
 *
 * The token is the server's time before the load began, and becomes the entry's asOf. The value stays in the entry while it is
 * reloaded, so that it can be served stale.
 */
export const leaseScript = scriptForEach(
	'lease',
	`
	local old = head(key, 132)
	local number = tonumber(ARGV[a + 4])
	local ends = ending(ARGV[a], math.abs(number))
	if old == '' then
		local there = redis.pcall('GETRANGE', key, 0, 3)
		if there ~= '' and (type(there) ~= 'string' or not string.find(there, '^rct%d$') or there == 'rct2') then return -1 end
		local at = digits(now)
		return problem(redis.pcall('SET', key, 'rct2l---' .. at .. at .. '0000000000000000' .. at .. ends .. '00000000000000000000000000000000000000000000', 'PX', ARGV[a + 3])) or now
	end
	local version = tonumber(string.sub(old, 9, 24))
	if version > tonumber(ARGV[a + 1]) and string.sub(old, 5, 5) ~= 'l' and freshUntil(old) > now then return -2 end
	local held = tonumber(string.sub(old, 57, 72))
	local untilTime = tonumber(string.sub(old, 73, 88))
	local lost = tonumber(ARGV[a + 2])
	local isOwn = held == lost or (lost < 0 and untilTime % 100000 == -lost) or untilTime % 100000 == number
	if held > 0 and not isOwn and untilTime > now + 10500000 then
		untilTime = tonumber(ending(ARGV[a], 0))
		redis.call('SETRANGE', key, 72, digits(untilTime))
	end
	if held > 0 and not isOwn and untilTime > now then return -math.max(1000, untilTime - now) end
	local token = math.max(now, version + 1, held + 1)
	local refused = problem(redis.pcall('SETRANGE', key, 56, digits(token) .. ends))
	if refused then return refused end
	if redis.call('PTTL', key) < tonumber(ARGV[a + 3]) then redis.call('PEXPIRE', key, ARGV[a + 3]) end
	return token
`,
	{isHarmless: true},
);

/**
 * Fills a key with a loaded value if the lease is still there: any set, delete, eviction or restart since has removed it.
 * Arguments: the result of `entryArguments`, token. Reply: the version, or -1 if the fill was refused.
 */
export const fillScript = scriptForEach(
	'fill',
	`
	local old = head(key, 88)
	local token = tonumber(ARGV[a + 3])
	if old == '' or tonumber(string.sub(old, 57, 72)) ~= token then return -1 end
	local version = math.max(now, tonumber(string.sub(old, 9, 24)) + 1)
	return problem(redis.pcall('SET', key, ARGV[a] .. digits(version) .. digits(token) .. ARGV[a + 2], 'PX', ARGV[a + 1])) or version
`,
	{deadlines: guardedDeadlines},
);

/** Extends a lease while its load goes on. Arguments: ms it lasts from now, token. Reply: 1, or -1 if the lease is gone. */
export const renewScript = scriptForEach(
	'renew',
	`
	local old = head(key, 88)
	if old == '' or tonumber(string.sub(old, 57, 72)) ~= tonumber(ARGV[a + 1]) then return -1 end
	return problem(redis.pcall('SETRANGE', key, 72, ending(ARGV[a], 0))) or 1
`,
	{deadlines: guardedDeadlines, isHarmless: true},
);

/**
 * Releases a lease, so that others need not wait for it. Argument: token; negative: the number of a request whose answer was
 * lost. Reply: 1, or -1 if the lease is gone.
 */
export const releaseScript = scriptForEach(
	'release',
	`
	local old = head(key, 88)
	if old == '' then return -1 end
	local token = tonumber(ARGV[a])
	local held = tonumber(string.sub(old, 57, 72))
	if token < 0 and held > 0 and tonumber(string.sub(old, 73, 88)) % 100000 == -token then token = held end
	if held ~= token then return -1 end
	if string.sub(old, 5, 5) == 'l' then return problem(redis.pcall('DEL', key)) or 1 end
	return problem(redis.pcall('SETRANGE', key, 56, '00000000000000000000000000000000')) or 1
`,
	{deadlines: guardedDeadlines, isHarmless: true},
);
