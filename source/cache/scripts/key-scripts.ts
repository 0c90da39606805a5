/** Scripts that write entries. */
import {rawScript, scriptForEach} from './script.js';

/**
 * Writes an entry unconditionally. Arguments: the result of `entryArguments`. Reply: the version, which is the server's time.
 * All entries of a command have the same version; if a key occurs twice, only the last entry is ever visible.
 *
 * Every set runs this script, so it uses no helper functions, and builds one string per key. It does not read the existing
 * entry: after the server's clock was set back, a set has a lower version than the previous value. A process that has that
 * value in memory then takes the new one for outdated, and removes its entry.
 */
export const setScript = rawScript(
	'set',
	`
local t = redis.call('TIME')
local now = t[1] .. string.sub('000000' .. t[2], -6)
if now > ARGV[1] then return tonumber(now) end
local pcall, keys, args, times = redis.pcall, KEYS, ARGV, now .. now
local version = tonumber(now)
local refused
for i = 1, #keys do
	local a = i * 3 - 1
	local done = pcall('SET', keys[i], args[a] .. times .. args[a + 2], 'PX', args[a + 1])
	if done.err then
		refused = refused or {}
		refused[i] = done.err
	end
end
if not refused then return {version} end
for i = 1, #keys do refused[i] = refused[i] or version end
refused[#keys + 1] = version
return refused
`,
);

/** Deletes a key. No arguments. Reply: the server's time. */
export const deleteScript = scriptForEach(
	'delete',
	`
	return problem(redis.pcall('DEL', key)) or now
`,
);

/**
 * Makes a value stale, as if its TTL had ended now, and removes the lease of a load in progress. An entry without remaining
 * grace or without a value is deleted; so is an entry that cannot be changed because Redis is full. No arguments. Reply: the
 * server's time.
 */
export const softDeleteScript = scriptForEach(
	'soft-delete',
	`
	local old = head(key, 132)
	local left = 0
	if old ~= '' and string.sub(old, 5, 5) == 'v' then
		local fresh = math.min(now, freshUntil(old))
		left = math.ceil(tonumber(string.sub(old, 116, 127)) - (now - fresh) / 1000)
		if left > 0 then
			local version = math.max(now, tonumber(string.sub(old, 9, 24)) + 1)
			local changed = 's' .. digits(version) .. string.sub(old, 25, 40) .. digits(fresh) .. '00000000000000000000000000000000'
			if problem(redis.pcall('SETRANGE', key, 7, changed)) then left = 0 end
		end
	end
	if left > 0 then
		redis.call('PEXPIRE', key, left)
		return now
	end
	return problem(redis.pcall('DEL', key)) or now
`,
);

/**
 * Changes how long an entry is fresh. Argument: TTL in ms (-1: its original TTL; 0: delete the entry). Reply: the remaining ms,
 * the generation, the ms until it expires in Redis, and the tags joined by NUL, preceded by their counter; or -1 if there is no
 * live entry.
 */
export const expireScript = scriptForEach(
	'expire',
	`
	local old = head(key, 132)
	local ttl = tonumber(ARGV[a])
	if old == '' or string.sub(old, 5, 5) ~= 'v' or string.sub(old, 8, 8) == 's' or freshUntil(old) <= now then
		if ttl == 0 and old ~= '' then return problem(redis.pcall('DEL', key)) or -1 end
		return -1
	end
	local count = tonumber(string.sub(old, 128, 132))
	local tags = count > 0 and redis.call('GETRANGE', key, 132, 131 + count) or ''
	if ttl == 0 then return problem(redis.pcall('DEL', key)) or {1, string.sub(old, 89, 103), 0, tags} end
	local given = tonumber(string.sub(old, 104, 115))
	local refused
	if ttl < 0 then ttl = given else refused = problem(redis.pcall('SETRANGE', key, 103, string.format('%012.0f', ttl))) end
	refused = refused or problem(redis.pcall('SETRANGE', key, 40, digits(now + ttl * 1000)))
	if refused then return refused end
	local life = ttl + tonumber(string.sub(old, 116, 127))
	redis.call('PEXPIRE', key, life)
	return {math.max(1, ttl), string.sub(old, 89, 103), life, tags}
`,
);

/**
 * Shortens the lifetime of an entry that was written before the server's clock was set back, and would outlive its TTL: it
 * counts as written now. Reply: 1, or -1 if there was nothing to do.
 */
export const redateScript = scriptForEach(
	'redate',
	`
	local old = head(key, 132)
	if old == '' or string.sub(old, 5, 5) == 'l' then return -1 end
	local ttl = tonumber(string.sub(old, 104, 115))
	if freshUntil(old) <= now + ttl * 1000 then return -1 end
	local refused = problem(redis.pcall('SETRANGE', key, 40, digits(now + ttl * 1000)))
	if refused then return refused end
	redis.call('PEXPIRE', key, ttl + tonumber(string.sub(old, 116, 127)))
	return 1
`,
);

/**
 * Reconciles a dirty key: deletes the entry unless it was obtained after the lost change, so that another process's newer value
 * survives. An entry ahead of the server's clock was written before the clock was set back, and is deleted, too. Argument: time
 * of the lost change. Reply: 1 deleted, 2 kept, 3 there was no entry of a cache.
 */
export const reconcileScript = scriptForEach(
	'reconcile',
	`
	local old = head(key, 40)
	if old == '' then return 3 end
	local asOf = tonumber(string.sub(old, 25, 40))
	if asOf > tonumber(ARGV[a]) and asOf <= now then return 2 end
	return problem(redis.pcall('DEL', key)) or 1
`,
);
