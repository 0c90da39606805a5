/**
 * Scripts that write markers. The markers of a namespace share a slot, so that one script can change several of them
 * atomically.
 */
import {markerScript} from './script.js';

/**
 * Replaces the generation of a namespace. Key: the generation. Arguments: new token, minimum TTL in ms, 1 if it is soft (see
 * `Marker`). Reply: 1, the generation.
 *
 * It deletes first: once a script has written, a full Redis no longer refuses its commands.
 */
export const clearScript = markerScript(
	'clear',
	`
local old, _, softs = read(KEYS[1])
local lives = math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[3]))
redis.call('DEL', KEYS[1])
softs = old and ARGV[4] == '1' and string.sub(old .. string.format('%016.0f', now) .. softs, 1, 124) or ''
put(KEYS[1], ARGV[2], 0, lives, softs)
return {{1, marker(ARGV[2], 0, softs)}, now}
`,
);

/**
 * Invalidates tags. Keys: the generation (all scripts for the markers of a namespace take its lane, which keeps their order),
 * the counter, markers of the tags. Arguments: token for a missing counter, its minimum TTL in ms, 1 if it is soft. Reply: 1,
 * the counter, and for each tag its marker, or nothing.
 *
 * A missing marker of a tag is not created: its entries are misses, and a later entry creates it with the count of that time.
 */
export const invalidateScript = markerScript(
	'invalidate',
	`
local token, count = read(KEYS[2])
local lives = math.max(redis.call('PTTL', KEYS[2]), tonumber(ARGV[3]))
redis.call('DEL', KEYS[2])
if not token then token, count = ARGV[2], 0 end
count = count + 1
put(KEYS[2], token, count, lives)
local reply = {1, marker(token, count)}
for i = 3, #KEYS do
	local left = redis.call('PTTL', KEYS[i])
	local hard, softs = count, ''
	if ARGV[4] == '1' then
		local of, before, earlier = read(KEYS[i])
		if of == token then
			hard = before
			softs = string.format('%015.0f%016.0f', count, now) .. earlier
			if #softs > 124 then hard = tonumber(string.sub(softs, 125, 139)) end
			softs = string.sub(softs, 1, 124)
		end
	end
	reply[i] = ''
	if left > 0 then
		put(KEYS[i], token, hard, left, softs)
		reply[i] = marker(token, hard, softs)
	elseif left ~= -2 then redis.call('DEL', KEYS[i]) end
end
return {reply, now}
`,
);

/** Number of deadlines for the script. It only creates missing markers, and changes none, so executing it late is harmless. */
const ensureDeadlines = 10;

/**
 * Creates missing markers of a namespace and of tags, and extends the TTLs of those of tags. Keys: the generation, the counter,
 * markers of tags. Arguments: token for a missing generation, token for a missing counter, TTL of both in ms, remaining ms
 * below which it is renewed, and for each tag the ms for which it is needed, and its TTL if that must be changed. Reply: 1, the
 * generation, the counter, and for each tag its marker and its TTL in ms.
 *
 * A tag with another incarnation counts as missing: the counter was lost since.
 */
export const ensureScript = markerScript(
	'ensure',
	`
local function keep(key, token)
	local old, count, softs = read(key)
	if not old then
		put(key, token, 0, ARGV[4])
		return token, 0
	end
	if redis.call('PTTL', key) < tonumber(ARGV[5]) then redis.call('PEXPIRE', key, ARGV[4]) end
	return old, count, softs
end
local reply = {1, marker(keep(KEYS[1], ARGV[2]))}
local token, count = keep(KEYS[2], ARGV[3])
reply[3] = marker(token, count)
for i = 3, #KEYS do
	local old, at, softs = read(KEYS[i])
	local needed, lives = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
	local left = redis.call('PTTL', KEYS[i])
	if old ~= token then
		at = count
		softs = ''
		left = math.max(left, lives)
		put(KEYS[i], token, at, left)
	elseif left < needed then
		left = lives
		redis.call('PEXPIRE', KEYS[i], left)
	end
	reply[2 * i - 2] = marker(token, at, softs)
	reply[2 * i - 1] = left
end
return {reply, now}
`,
	{deadlines: ensureDeadlines},
);
