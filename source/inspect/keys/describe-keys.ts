import {ServerError} from '../../pool/errors.js';
import {printKey} from '../escape-bytes.js';
import {listOf, numberOf, type ScriptCalls, type Sender, textOf} from '../sender.js';
import {NodeSilentError} from '../server/info/node-silent-error.js';

/** One key, as a list shows it. */
export type KeyRow = {
	/** Printable, see `printKey`. */
	readonly key: string;
	/** `string`, `hash`, `list`, `set`, `zset`, `stream`, the type of a module, or `unknownType`. */
	readonly type: string;
	/** Milliseconds until it expires; `undefined` if it does not, or if the type is unknown. */
	readonly ttlMs: number | undefined;
	/**
	 * Bytes in the server's memory, for large collections estimated from five elements; `undefined` if the server does
	 * not tell.
	 */
	readonly bytes: number | undefined;
};

/** The type of a key that cannot be looked at: its cluster has lost a node, this one or another. */
export const unknownType = '?';

/** Keys in one script. It blocks the server for well under a millisecond. */
const scriptKeys = 100;

/** Replies with type, TTL and size of each key. A size that the server does not tell is -1. */
const script = `
local facts = {}
for index, key in ipairs(KEYS) do
	local found = redis.call('TYPE', key)
	local bytes = redis.pcall('MEMORY', 'USAGE', key, 'SAMPLES', 5)
	facts[index * 3 - 2] = found.ok or found
	facts[index * 3 - 1] = redis.call('PTTL', key)
	facts[index * 3] = type(bytes) == 'number' and bytes or -1
end
return facts`;

/** Senders that cannot run it: a Redis before version 7, a cluster, a user without the right. */
export const withoutScript = new WeakSet<Sender>();

type Facts = {readonly type: unknown; readonly ttl: unknown; readonly bytes: unknown};

/** A key with its facts; undefined if it no longer exists. */
export function keyRow(key: Buffer, {type, ttl, bytes}: Facts): KeyRow | undefined {
	if (type === unknownType) return {key: printKey(key), type: unknownType, ttlMs: undefined, bytes: undefined};
	const left = numberOf(ttl) ?? -2;
	if (left === -2) return undefined;
	return {key: printKey(key), type: textOf(type), ttlMs: left < 0 ? undefined : left, bytes: numberOf(bytes)};
}

const unknown: Facts = {type: unknownType, ttl: undefined, bytes: undefined};

/** A cluster that is not whole names its keys, and refuses every other command on them. */
const isOutOfReach = (error: unknown) =>
	error instanceof NodeSilentError || (error instanceof ServerError && error.prefix === 'CLUSTERDOWN');

const orError = (reply: Promise<unknown>): Promise<unknown> => reply.catch((error: unknown) => error);

/** Sends all commands of all keys before it reads the first reply. */
function askEach(sender: Sender, keys: readonly Buffer[]): Promise<Facts[]> {
	return Promise.all(
		keys.map(async (key) => {
			try {
				const [type, ttl, bytes] = await Promise.all([
					sender.send('TYPE', [key]),
					sender.send('PTTL', [key]),
					// Some managed servers and narrow ACLs refuse it: a list without sizes is better than none.
					orError(sender.send('MEMORY', ['USAGE', key, 'SAMPLES', 5])),
				]);
				return {type, ttl, bytes};
			} catch (error) {
				if (isOutOfReach(error)) return unknown;
				throw error;
			}
		}),
	);
}

/** Takes apart what a script replies about some keys: type, TTL and size of each, -1 for a size that is not known. */
export function factsOf(reply: unknown): readonly Facts[] {
	const flat = listOf(reply);
	return Array.from({length: flat.length / 3}, (_, index) => {
		const [type, ttl, bytes] = flat.slice(index * 3, index * 3 + 3);
		return {type, ttl, bytes: bytes === -1 ? undefined : bytes};
	});
}

/** The lookups that a script makes for these facts. */
export const lookupsOf = (facts: readonly Facts[]): readonly ScriptCalls[] => [
	['type', facts.map(({type}) => type)],
	['pttl', facts.map(({ttl}) => ttl)],
];

async function ask(sender: Sender, keys: readonly Buffer[]): Promise<readonly Facts[]> {
	if (withoutScript.has(sender) || keys.length === 1) return askEach(sender, keys);
	try {
		// One read-only script instead of three commands and three replies for each key.
		return factsOf(
			await sender.send('EVAL_RO', [script, keys.length, ...keys], {callsOf: (reply) => lookupsOf(factsOf(reply))}),
		);
	} catch (error) {
		// A server that cannot answer now may run it later.
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		withoutScript.add(sender);
		return askEach(sender, keys);
	}
}

/** Reads type, TTL and size of some keys in one pipelined round trip. Keys that do not exist are left out. */
export async function describeKeys(sender: Sender, keys: readonly Buffer[]): Promise<KeyRow[]> {
	const parts: Promise<readonly Facts[]>[] = [];
	for (let from = 0; from < keys.length; from += scriptKeys)
		parts.push(ask(sender, keys.slice(from, from + scriptKeys)));
	const facts = (await Promise.all(parts)).flat();
	return facts.flatMap((each, index) => {
		const key = keys[index];
		return (key && keyRow(key, each)) ?? [];
	});
}
