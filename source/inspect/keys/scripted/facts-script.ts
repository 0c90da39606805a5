import {bytesOf, type ScriptCalls, textOf} from '../../sender.js';
import {PackedReader} from './packed-reader.js';

/** Type, TTL and size of an existing key. */
export type KeyFacts = {
	readonly key: Buffer;
	readonly type: string;
	/** Milliseconds until the key expires; -1 if it does not. */
	readonly ttl: number;
	/** Size in bytes. Undefined if the server does not report it. */
	readonly bytes: number | undefined;
};

/** Types that scripts return as numbers, from 1 on, which are shorter than names. */
const types = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;

/** Factor by which the size is multiplied in a number that also contains the type. */
const sizeFactor = 8;

/** Reply to PTTL for a key that does not exist. */
export const noKey = -2;

/**
 * The part of a script that describes keys, in Lua: `describe(keys)` returns the facts about those that exist, packed, and
 * how many do not exist. The facts about a key are its name, type and size in one number (type 0: another one; the size is
 * one more than it is, and 0 if the server does not tell it), its TTL, and, of type 0, the name of the type.
 *
 * Most of the server's time is spent on calls and their arguments. So MEMORY USAGE is called without SAMPLES (it then samples
 * five elements), since numbers as arguments are formatted and parsed. One packed string costs the client half as much as a
 * reply with an element for each fact.
 */
export const describeInLua = `
local call, pcall, type = redis.call, redis.pcall, type
local types = {${types.map((type, index) => `['${type}'] = ${index + 1}`).join(', ')}}
local function describe(keys)
	local facts, at, missing = {}, 0, 0
	for index = 1, #keys do
		local key = keys[index]
		local bytes = pcall('MEMORY', 'USAGE', key)
		local found = call('TYPE', key)
		local name = found.ok or found
		local ttl = call('PTTL', key)
		if ttl == ${noKey} then
			missing = missing + 1
		else
			facts[at + 1] = key
			facts[at + 2] = (type(bytes) == 'number' and bytes + 1 or 0) * ${sizeFactor} + (types[name] or 0)
			facts[at + 3] = ttl
			at = at + 3
			if not types[name] then
				at = at + 1
				facts[at] = name
			end
		end
	end
	return cmsgpack.pack(facts), missing
end`;

/** Parses packed facts. */
export function readFacts(packed: unknown): KeyFacts[] {
	const reader = new PackedReader(bytesOf(packed));
	const facts: KeyFacts[] = [];
	while (!reader.isAtEnd) {
		const key = reader.bytes();
		const typeAndSize = reader.integer();
		const ttl = reader.integer();
		const number = typeAndSize % sizeFactor;
		const size = (typeAndSize - number) / sizeFactor;
		const type = types[number - 1] ?? textOf(reader.bytes());
		facts.push({key, type, ttl, bytes: size === 0 ? undefined : size - 1});
	}
	return facts;
}

/** The commands that a script calls to describe keys, with their lookups. */
export const lookupsFor = (calls: number, misses: number): readonly ScriptCalls[] => [
	{command: 'type', calls, misses},
	{command: 'pttl', calls, misses},
];
