import {createHash} from 'node:crypto';

/**
 * A Lua script, with its SHA-1 for EVALSHA.
 *
 * ARGV: the deadline in server time (µs, 16 digits), then the arguments. After its deadline the script does nothing: a command
 * whose caller was told "timed out" may still be in a socket or a paused server, and must not take effect later.
 *
 * Reply: an array with the result of each call, followed by the server's time; an array that contains only that time, if it is
 * the result of each call; or that time as a number, if the script was too late. A result is a number, an array that begins
 * with a number, or the text of an error, which concerns that call only.
 */
export type Script = {
	readonly name: string;
	readonly text: string;
	readonly sha: string;
	/**
	 * True if each key of a command is a separate call, all with the same number of arguments. False if all keys belong to one
	 * call.
	 */
	readonly isForEach: boolean;
	/**
	 * Number of deadlines after which the script does nothing. More than one only if it is harmless when executed late: its
	 * callers wait for one deadline of loop time, and a process that is short of CPU time may send it late.
	 */
	readonly deadlines: number;
	/**
	 * True if the script never undoes a later change, however late it is executed. If its connection is lost, neither its
	 * caller nor later writes of the key then wait until it can no longer be executed.
	 */
	readonly isHarmless: boolean;
};

/** Properties in which a script differs from the defaults. */
type ScriptTraits = {
	/** See `Script`. Default: 1. */
	readonly deadlines?: number;
	/** See `Script`. Default: false. */
	readonly isHarmless?: boolean;
};

/**
 * `head(key, n)`: the first n bytes of the entry's header, or '' if there is no valid one. `digits(n)`: n in 16 digits.
 * `freshUntil(bytes)`: that field of a complete header. `problem(reply)`: the text of an error reply. `ending(ms, number)`: the
 * time in `ms`, or up to a tenth of a second later, with the number in its last five digits.
 */
const entryHelpers = `
local function head(key, n)
	local bytes = redis.pcall('GETRANGE', key, 0, n - 1)
	if type(bytes) ~= 'string' or #bytes < n or not string.find(bytes, '^rct2....[0-8]%d+$') then return '' end
	return bytes
end
local function freshUntil(bytes)
	local at = tonumber(string.sub(bytes, 41, 56))
	if at > 0 then return at end
	return tonumber(string.sub(bytes, 9, 24)) + tonumber(string.sub(bytes, 104, 115)) * 1000
end
local function digits(n) return string.format('%016.0f', n) end
local function ending(ms, number)
	local at = now + ms * 1000
	return digits(at - at % 100000 + 100000 + number)
end
local function problem(reply) return type(reply) == 'table' and reply.err end
`;

/**
 * `read(key)`: token (15 digits), count and soft invalidations (as stored) of a marker; nil if there is none. `marker(token,
 * count, softs)`: the bytes of a marker. `put`: stores a marker with a TTL of `life` ms.
 */
const markerHelpers = `
local function read(key)
	local bytes = redis.pcall('GET', key)
	if type(bytes) ~= 'string' or #bytes % 31 ~= 0 or #bytes > 155 or not string.find(bytes, '^rctm%d+$') then return nil end
	return string.sub(bytes, 5, 19), tonumber(string.sub(bytes, 20, 31)), string.sub(bytes, 32)
end
local function marker(token, count, softs) return 'rctm' .. token .. string.format('%012.0f', count) .. (softs or '') end
local function put(key, token, count, life, softs) redis.call('SET', key, marker(token, count, softs), 'PX', life) end
`;

const start = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
if now > tonumber(ARGV[1]) then return now end
`;

export function rawScript(
	name: string,
	text: string,
	isForEach = true,
	{deadlines = 1, isHarmless = false}: ScriptTraits = {},
): Script {
	return {name, text, sha: createHash('sha1').update(text).digest('hex'), isForEach, deadlines, isHarmless};
}

/**
 * A script for one call.
 *
 * @param body Lua that has `now`, the helpers of markers, KEYS and ARGV, and returns the reply.
 */
export function markerScript(name: string, body: string, traits?: ScriptTraits): Script {
	return rawScript(name, start + markerHelpers + body, false, traits);
}

const countByKeys = `
local count = #KEYS
local width = (#ARGV - 1) / count
`;
const countByWidth = (width: number): string => `
local width = ${width}
local count = (#ARGV - 1) / width
local shared = {key = KEYS[count + 1]}
`;

/**
 * @param each Body of a Lua function that handles `key` with the arguments from `ARGV[a]` on, and returns the result.
 * @param traits `width`: number of arguments of a call, for a script whose calls may share one more key: `shared.key`, or nil.
 * The table `shared` can also hold the content of that key for the next call.
 */
export function scriptForEach(
	name: string,
	each: string,
	{width, ...traits}: ScriptTraits & {readonly width?: number} = {},
): Script {
	return rawScript(
		name,
		`
${start}${entryHelpers}
${width === undefined ? countByKeys : countByWidth(width)}
local function each(key, a)
${each}
end
local answers = {}
for i = 1, count do answers[i] = each(KEYS[i], 2 + (i - 1) * width) end
answers[count + 1] = now
return answers
`,
		true,
		traits,
	);
}
