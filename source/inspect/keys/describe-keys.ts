import {ServerError} from '../../pool/errors.js';
import {printKey} from '../escape-bytes.js';
import {listOf, numberOf, type Sender, textOf} from '../sender.js';
import {NodeSilentError} from '../server/info/node-silent-error.js';
import {describeInLua, type KeyFacts, lookupsFor, noKey, readFacts} from './scripted/facts-script.js';

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
	 * not report it.
	 */
	readonly bytes: number | undefined;
	/** True if the user has no right to read the key, so that only its name is known. Absent otherwise. */
	readonly isDenied?: true;
};

/** The type of a key that cannot be read: its cluster has lost a node, or the user has no right to it. */
export const unknownType = '?';

/** Number of keys per script, which blocks the server for well under a millisecond. */
const scriptKeys = 100;

/** Replies with the facts about the keys, and how many do not exist. */
const script = `${describeInLua}
local facts, missing = describe(KEYS)
return {facts, missing}`;

/** Senders that cannot run the script: Redis before 7, a server without `cmsgpack`, a cluster, or a user without the right. */
export const withoutScript = new WeakSet<Sender>();

/** The row of a key. */
export const keyRow = ({key, type, ttl, bytes}: KeyFacts): KeyRow => ({
	key: printKey(key),
	type,
	ttlMs: ttl < 0 ? undefined : ttl,
	bytes,
});

const unknownRow = (key: Buffer): KeyRow => ({
	key: printKey(key),
	type: unknownType,
	ttlMs: undefined,
	bytes: undefined,
});

/** True if the error is that of an incomplete cluster, which allows SCAN, but refuses commands on keys. */
const isOutOfReach = (error: unknown) =>
	error instanceof NodeSilentError || (error instanceof ServerError && error.prefix === 'CLUSTERDOWN');

/** True if the user has no right to the key, which SCAN returns nevertheless; false if it has no right to the command. */
const isDenied = (error: unknown) =>
	error instanceof ServerError && error.prefix === 'NOPERM' && !/\brun the\b/.test(error.message);

/** Sends all commands for all keys at once, without waiting for replies. */
async function askEach(sender: Sender, keys: readonly Buffer[]): Promise<readonly KeyRow[]> {
	const rows = await Promise.all(
		keys.map(async (key) => {
			try {
				const [type, ttl = noKey, bytes] = await Promise.all([
					sender.send('TYPE', [key]).then(textOf),
					sender.send('PTTL', [key]).then(numberOf),
					// Some managed servers and narrow ACLs refuse MEMORY USAGE. A list without sizes is better than none.
					sender.send('MEMORY', ['USAGE', key]).then(numberOf, () => undefined),
				]);
				return ttl === noKey ? undefined : keyRow({key, type, ttl, bytes});
			} catch (error) {
				if (isOutOfReach(error)) return unknownRow(key);
				if (isDenied(error)) return {...unknownRow(key), isDenied: true as const};
				throw error;
			}
		}),
	);
	return rows.filter((row) => row !== undefined);
}

async function ask(sender: Sender, keys: readonly Buffer[]): Promise<readonly KeyRow[]> {
	if (withoutScript.has(sender) || keys.length === 1) return askEach(sender, keys);
	try {
		// One read-only script instead of three commands and three replies for each key.
		const callsOf = (reply: unknown) => lookupsFor(keys.length, numberOf(listOf(reply)[1]) ?? 0);
		const reply = await sender.send('EVAL_RO', [script, keys.length, ...keys], {callsOf});
		return readFacts(listOf(reply)[0]).map(keyRow);
	} catch (error) {
		// A server that is unavailable now may run the script later.
		if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
		withoutScript.add(sender);
		return askEach(sender, keys);
	}
}

/** Reads type, TTL and size of some keys in one pipelined round trip. Keys that do not exist are left out. */
export async function describeKeys(sender: Sender, keys: readonly Buffer[]): Promise<KeyRow[]> {
	const parts: Promise<readonly KeyRow[]>[] = [];
	for (let from = 0; from < keys.length; from += scriptKeys)
		parts.push(ask(sender, keys.slice(from, from + scriptKeys)));
	return (await Promise.all(parts)).flat();
}
