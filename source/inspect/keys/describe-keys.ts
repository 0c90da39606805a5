import {ServerError} from '../../pool/errors.js';
import {printKey} from '../escape-bytes.js';
import {listOf, numberOf, type Sender, textOf} from '../sender.js';
import {NodeSilentError} from '../server/info/node-silent-error.js';
import {type Facts, factsInLua, lookupsFor, noKey, readFacts} from './facts-script.js';

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

/** Replies with `facts` and `others` of the keys. */
const script = `${factsInLua}
describe(KEYS)
return {facts, others}`;

/** Senders that cannot run it: a Redis before version 7, a cluster, a user without the right. */
export const withoutScript = new WeakSet<Sender>();

/** A key with its facts; undefined if it no longer exists. */
function keyRow(key: Buffer, {type, ttl, bytes}: Facts): KeyRow | undefined {
	if (type === unknownType) return {key: printKey(key), type: unknownType, ttlMs: undefined, bytes: undefined};
	const left = numberOf(ttl) ?? noKey;
	if (left === noKey) return undefined;
	return {key: printKey(key), type: textOf(type), ttlMs: left < 0 ? undefined : left, bytes: numberOf(bytes)};
}

/** Rows for the keys that still exist. */
export function rowsOf(keys: readonly Buffer[], facts: readonly Facts[]): KeyRow[] {
	const rows: KeyRow[] = [];
	for (const [index, each] of facts.entries()) {
		const key = keys[index];
		const row = key && keyRow(key, each);
		if (row) rows.push(row);
	}
	return rows;
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
					orError(sender.send('MEMORY', ['USAGE', key])),
				]);
				return {type, ttl, bytes};
			} catch (error) {
				if (isOutOfReach(error)) return unknown;
				throw error;
			}
		}),
	);
}

async function ask(sender: Sender, keys: readonly Buffer[]): Promise<readonly Facts[]> {
	if (withoutScript.has(sender) || keys.length === 1) return askEach(sender, keys);
	try {
		// One read-only script instead of three commands and three replies for each key.
		const callsOf = (reply: unknown) => lookupsFor(listOf(reply)[0]);
		const [facts, others] = listOf(await sender.send('EVAL_RO', [script, keys.length, ...keys], {callsOf}));
		return readFacts(facts, others);
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
	return rowsOf(keys, (await Promise.all(parts)).flat());
}
