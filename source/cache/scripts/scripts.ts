import {createHash} from 'node:crypto';

/**
 * A Lua script and the name Redis knows it by. It does the same with each of its keys; in a cluster it is given only one.
 *
 * ARGV: the deadline in server time (µs, 16 digits), past which it does nothing: a command whose caller was told "timed out"
 * may still sit in a socket or a paused server, and this is what keeps it from taking effect. Then the same number of
 * arguments for each key. It returns 0 when it was too late; else an array with a number for each key, or the text of an
 * error, which is that key's alone.
 */
export type Script = {readonly name: string; readonly text: string; readonly sha: string};

/** `head(key, n)` is the first n bytes of our header under the key, or '' where there is none, or one that makes no sense. */
const helpers = `
local function head(key, n)
	local bytes = redis.pcall('GETRANGE', key, 0, n - 1)
	if type(bytes) ~= 'string' or #bytes < n or not string.find(bytes, '^rct1....[0-8]%d+$') then return '' end
	return bytes
end
local function digits(n) return string.format('%016.0f', n) end
local function problem(reply) return type(reply) == 'table' and reply.err end
`;

/** @param each Lua that handles `KEYS[i]`, whose arguments are `ARGV[a]` and those after it, and returns its answer. */
function script(name: string, each: string): Script {
	const text = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
if now > tonumber(ARGV[1]) then return 0 end
${helpers}
local function each(key, a)
${each}
end
local answers = {}
local width = (#ARGV - 1) / #KEYS
for i = 1, #KEYS do answers[i] = each(KEYS[i], 2 + (i - 1) * width) end
return answers
`;
	return named(name, text);
}

function named(name: string, text: string): Script {
	return {name, text, sha: createHash('sha1').update(text).digest('hex')};
}

/**
 * Writes an entry unconditionally. Its argument is what `entryArgument` makes: kind, codec, compression, `-`, TTL and grace in
 * ms (12 digits each), length of the tags, tags, value. Answers with the version.
 *
 * The one script on the way of every write, so it does without helpers, and compares times as the fixed-width text they
 * are: half the time of the plain version.
 */
export const setScript = named(
	'set',
	`
local t = redis.call('TIME')
local now = t[1] .. string.sub('000000' .. t[2], -6)
if now > ARGV[1] then return 0 end
local answers = {}
for i = 1, #KEYS do
	local key = KEYS[i]
	local at = now
	local old = redis.pcall('GETRANGE', key, 0, 23)
	if type(old) == 'string' and string.sub(old, 9) >= at and #old == 24 and string.find(old, '^rct1....[0-8]%d+$') then
		at = string.format('%016.0f', tonumber(string.sub(old, 9)) + 1)
	end
	local entry = ARGV[i + 1]
	local ttl = tonumber(string.sub(entry, 5, 16))
	local fresh = string.format('%016.0f', tonumber(at) + ttl * 1000)
	local done = redis.pcall('SET', key, 'rct1' .. string.sub(entry, 1, 4) .. at .. at .. fresh .. '00000000000000000000000000000000' .. string.sub(entry, 5), 'PX', ttl + string.sub(entry, 17, 28))
	answers[i] = done.err or tonumber(at)
end
return answers
`,
);

/** Deletes. No arguments. Answers with the server's time. */
export const deleteScript = script(
	'delete',
	`
	return problem(redis.pcall('DEL', key)) or now
`,
);

/**
 * Asks for the right to fill a key. Arguments: ms the lease lasts, version that the caller judged a miss (0: it saw nothing;
 * 9007199254740991: reload whatever is there), token of a lease that the caller lost sight of (0: none), ms that the
 * placeholder of a load may be needed: a lease that ran out and that nobody took may still be filled.
 *
 * Answers with a token (> 0); -1 when the bytes there are not ours; -2 when there is a newer, fresh value to read; else
 * -(µs left of another's lease), at most -1000.
 *
 * The token is the entry's asOf: the server's time before the load began. A value keeps its bytes while it is reloaded,
 * so that it can be served stale.
 */
export const leaseScript = script(
	'lease',
	`
	local old = head(key, 88)
	local ms = tonumber(ARGV[a])
	if old == '' then
		if redis.call('EXISTS', key) == 1 then return -1 end
		local at = digits(now)
		return problem(redis.pcall('SET', key, 'rct1l---' .. at .. at .. '0000000000000000' .. at .. digits(now + ms * 1000) .. '00000000000000000000000000000', 'PX', ARGV[a + 3])) or now
	end
	local version = tonumber(string.sub(old, 9, 24))
	if version > tonumber(ARGV[a + 1]) and string.sub(old, 5, 5) ~= 'l' and tonumber(string.sub(old, 41, 56)) > now then return -2 end
	local held = tonumber(string.sub(old, 57, 72))
	local untilTime = tonumber(string.sub(old, 73, 88))
	if held > 0 and held ~= tonumber(ARGV[a + 2]) and untilTime > now then return -math.max(1000, untilTime - now) end
	local token = math.max(now, version + 1, held + 1)
	local refused = problem(redis.pcall('SETRANGE', key, 56, digits(token) .. digits(now + ms * 1000)))
	if refused then return refused end
	if redis.call('PTTL', key) < tonumber(ARGV[a + 3]) then redis.call('PEXPIRE', key, ARGV[a + 3]) end
	return token
`,
);

/**
 * Fills a key with a loaded value if the lease is still there: any set, delete, eviction or restart since has taken it
 * away. Arguments: what `entryArgument` makes, token. Answers with the version, -1 when it was refused.
 */
export const fillScript = script(
	'fill',
	`
	local old = head(key, 88)
	if old == '' or tonumber(string.sub(old, 57, 72)) ~= tonumber(ARGV[a + 1]) then return -1 end
	local version = math.max(now, tonumber(string.sub(old, 9, 24)) + 1)
	local entry = ARGV[a]
	local ttl = tonumber(string.sub(entry, 5, 16))
	return problem(redis.pcall('SET', key, 'rct1' .. string.sub(entry, 1, 4) .. digits(version) .. digits(tonumber(ARGV[a + 1])) .. digits(now + ttl * 1000) .. '00000000000000000000000000000000' .. string.sub(entry, 5), 'PX', ttl + string.sub(entry, 17, 28))) or version
`,
);

/** Prolongs a lease while its load goes on. Arguments: ms it lasts from now, token. Answers with 1, or -1 when the lease is gone. */
export const renewScript = script(
	'renew',
	`
	local old = head(key, 88)
	if old == '' or tonumber(string.sub(old, 57, 72)) ~= tonumber(ARGV[a + 1]) then return -1 end
	return problem(redis.pcall('SETRANGE', key, 72, digits(now + tonumber(ARGV[a]) * 1000))) or 1
`,
);

/** Gives a lease back unused, so that others need not wait for it. Argument: token. Answers with 1, or -1 when it is gone. */
export const releaseScript = script(
	'release',
	`
	local old = head(key, 88)
	if old == '' or tonumber(string.sub(old, 57, 72)) ~= tonumber(ARGV[a]) then return -1 end
	if string.sub(old, 5, 5) == 'l' then return problem(redis.pcall('DEL', key)) or 1 end
	return problem(redis.pcall('SETRANGE', key, 56, '00000000000000000000000000000000')) or 1
`,
);

/**
 * Reconciles a dirty key: deletes what is there unless it was obtained after the lost operation, so that another process's
 * newer value survives; an entry from the future was written before the server's clock was set back. Argument: time of the
 * lost operation. Answers with 1 deleted, 2 kept, 3 nothing of ours there.
 */
export const reconcileScript = script(
	'reconcile',
	`
	local old = head(key, 40)
	if old == '' then return 3 end
	local asOf = tonumber(string.sub(old, 25, 40))
	if asOf > tonumber(ARGV[a]) and asOf <= now + 1000000 then return 2 end
	return problem(redis.pcall('DEL', key)) or 1
`,
);

/**
 * Changes how long an entry is fresh. Arguments: TTL in ms (-1: the one it was given), the namespace's mark. Answers with the
 * ms left, -1 when there is no live entry.
 */
export const expireScript = script(
	'expire',
	`
	local old = head(key, 112)
	if old == '' or string.sub(old, 5, 5) ~= 'v' then return -1 end
	if tonumber(string.sub(old, 41, 56)) <= now or tonumber(string.sub(old, 25, 40)) <= tonumber(ARGV[a + 1]) then return -1 end
	local ttl = tonumber(ARGV[a])
	local given = tonumber(string.sub(old, 89, 100))
	local refused
	if ttl < 0 then ttl = given else refused = problem(redis.pcall('SETRANGE', key, 88, string.format('%012.0f', ttl))) end
	refused = refused or problem(redis.pcall('SETRANGE', key, 40, digits(now + ttl * 1000)))
	if refused then return refused end
	redis.call('PEXPIRE', key, ttl + tonumber(string.sub(old, 101, 112)))
	return math.max(1, ttl)
`,
);

/**
 * Moves a mark: entries obtained at or before it are misses. Arguments: ms it lives, `1` to keep one that is there. Answers
 * with the mark.
 */
export const markScript = script(
	'mark',
	`
	local old = redis.pcall('GET', key)
	local mark = now
	if type(old) == 'string' and #old == 20 and string.find(old, '^rctm[0-8]%d+$') then
		mark = tonumber(string.sub(old, 5, 20))
		if ARGV[a + 1] == '1' then
			redis.call('PEXPIRE', key, ARGV[a])
			return mark
		end
		mark = math.max(now, mark + 1)
	end
	return problem(redis.pcall('SET', key, 'rctm' .. digits(mark), 'PX', ARGV[a])) or mark
`,
);

export const allScripts: readonly Script[] = [
	setScript,
	deleteScript,
	leaseScript,
	fillScript,
	renewScript,
	releaseScript,
	reconcileScript,
	expireScript,
	markScript,
];
