import {createHash} from 'node:crypto';

/**
 * A Lua script, and the hash by which Redis knows it. It does the same with each of its keys; in a cluster it is given one.
 *
 * ARGV: the deadline in server time (µs, 16 digits), then the same number of arguments for each key. After its deadline the
 * script does nothing: a command whose caller has got a timeout may still be in a socket or a paused server, and must not
 * take effect later.
 *
 * Reply: 0 if it was too late; else an array with a number for each key, or the text of an error, which concerns that key
 * alone.
 */
export type Script = {readonly name: string; readonly text: string; readonly sha: string};

/**
 * `head(key, n)`: the first n bytes of the entry's header, or '' if there is none or it is not valid. `digits(n)`: 16 digits.
 * `problem(reply)`: the text of an error reply.
 */
const helpers = `
local function head(key, n)
	local bytes = redis.pcall('GETRANGE', key, 0, n - 1)
	if type(bytes) ~= 'string' or #bytes < n or not string.find(bytes, '^rct1....[0-8]%d+$') then return '' end
	return bytes
end
local function digits(n) return string.format('%016.0f', n) end
local function problem(reply) return type(reply) == 'table' and reply.err end
`;

export function rawScript(name: string, text: string): Script {
	return {name, text, sha: createHash('sha1').update(text).digest('hex')};
}

/**
 * @param each Body of a Lua function that handles `key`, whose arguments are `ARGV[a]` and those after it, and returns its
 * reply.
 */
export function scriptForEach(name: string, each: string): Script {
	return rawScript(
		name,
		`
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
`,
	);
}
