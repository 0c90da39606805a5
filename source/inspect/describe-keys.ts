import {printKey} from './escape-bytes.js';
import {numberOf, type Sender, textOf} from './sender.js';

/** One key of a Redis, as a list shows it. */
export type KeyRow = {
	/** Printable, see `printKey`. */
	readonly key: string;
	/** `string`, `hash`, `list`, `set`, `zset`, `stream` or a module's type. */
	readonly type: string;
	/** Milliseconds left; `undefined`: it does not expire. */
	readonly ttlMs: number | undefined;
	/** Bytes in the server's memory; `undefined` where the server does not tell. Of large collections an estimate from five elements. */
	readonly bytes: number | undefined;
};

const orError = (reply: Promise<unknown>): Promise<unknown> => reply.catch((error: unknown) => error);

/**
 * Type, TTL and size of some keys, in one pipelined round trip. Keys that are gone by now are left out.
 *
 * `send` queues without waiting, so all commands of all keys are on the wire before the first reply is read.
 */
export async function describeKeys(sender: Sender, keys: readonly Buffer[]): Promise<KeyRow[]> {
	const replies = await Promise.all(
		keys.map((key) =>
			Promise.all([
				sender.send('TYPE', [key]),
				sender.send('PTTL', [key]),
				// Refused by some managed servers and by narrow ACLs: a list without sizes is better than none.
				orError(sender.send('MEMORY', ['USAGE', key, 'SAMPLES', 5])),
			]),
		),
	);
	const rows: KeyRow[] = [];
	for (const [index, [type, ttl, bytes]] of replies.entries()) {
		const key = keys[index];
		const left = numberOf(ttl) ?? -2;
		if (!key || left === -2) continue;
		rows.push({key: printKey(key), type: textOf(type), ttlMs: left < 0 ? undefined : left, bytes: numberOf(bytes)});
	}
	return rows;
}
