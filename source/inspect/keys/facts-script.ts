import {listOf, numberOf, type ScriptCalls, textOf} from '../sender.js';

/** Replies about one key: its type, its TTL as PTTL tells it, and its size; undefined where the server does not tell. */
export type Facts = {readonly type: unknown; readonly ttl: unknown; readonly bytes: unknown};

/** Types that scripts tell by their number, from 1, since a text for each key costs the client a third of its time. */
const types = ['string', 'hash', 'list', 'set', 'zset', 'stream'] as const;

/** Factor of the size in a number that has the type as well. */
const sizeFactor = 8;

/**
 * The part of a script that makes `facts` and `others` of keys, in Lua. For each key `facts` has two numbers: type and size
 * in one (0 for another type; the size is one more than it is, 0 if the server does not tell it), then the TTL. `others` has
 * the names of other types, in the order of their keys.
 *
 * Most of the time goes into calls and their arguments: MEMORY USAGE looks at five elements without being told, and a number
 * as an argument is printed and parsed.
 */
export const factsInLua = `
local call, pcall, type = redis.call, redis.pcall, type
local types = {${types.map((type, index) => `['${type}'] = ${index + 1}`).join(', ')}}
local facts, others = {}, {}
local function describe(keys)
	for index = 1, #keys do
		local key = keys[index]
		local bytes = pcall('MEMORY', 'USAGE', key)
		local found = call('TYPE', key)
		local name = found.ok or found
		local number = types[name]
		if not number then
			number = 0
			others[#others + 1] = name
		end
		facts[index * 2 - 1] = (type(bytes) == 'number' and bytes + 1 or 0) * ${sizeFactor} + number
		facts[index * 2] = call('PTTL', key)
	end
end`;

const integerOf = (reply: unknown): number => (typeof reply === 'number' ? reply : (numberOf(reply) ?? 0));

/** Takes `facts` and `others` apart. */
export function readFacts(facts: unknown, others: unknown): readonly Facts[] {
	const numbers = listOf(facts);
	const names = listOf(others);
	let other = 0;
	return Array.from({length: numbers.length / 2}, (_, index) => {
		const typeAndSize = integerOf(numbers[index * 2]);
		const number = typeAndSize % sizeFactor;
		const size = (typeAndSize - number) / sizeFactor;
		return {
			type: number === 0 ? textOf(names[other++]) : types[number - 1],
			ttl: numbers[index * 2 + 1],
			bytes: size === 0 ? undefined : size - 1,
		};
	});
}

/** PTTL of a key that does not exist. */
export const noKey = -2;

/** The lookups that a script makes for `facts`. */
export function lookupsFor(facts: unknown): readonly ScriptCalls[] {
	const numbers = listOf(facts);
	let misses = 0;
	for (let index = 1; index < numbers.length; index += 2) if (numbers[index] === noKey) misses++;
	const calls = numbers.length / 2;
	return [
		{command: 'type', calls, misses},
		{command: 'pttl', calls, misses},
	];
}
