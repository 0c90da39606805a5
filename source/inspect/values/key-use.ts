import {parseKey} from '../escape-bytes.js';
import {describeKeys, type KeyRow} from '../keys/describe-keys.js';
import {numberOf, type Sender} from '../sender.js';

/** A key, and when it was used last. */
export type KeyUse = KeyRow & {
	/**
	 * Milliseconds since a client has read or written it, in steps of a second; undefined where the server does not keep
	 * it: with an LFU policy, or without the right to OBJECT.
	 */
	readonly idleMs: number | undefined;
};

/** Looks at a key without using it: TYPE, PTTL, MEMORY USAGE and OBJECT leave the clock of its last use alone. */
export async function keyUse(sender: Sender, printed: string): Promise<KeyUse | undefined> {
	const key = parseKey(printed);
	const [rows, idle] = await Promise.all([
		describeKeys(sender, [key]),
		sender.send('OBJECT', ['IDLETIME', key]).then(numberOf, () => undefined),
	]);
	const [row] = rows;
	return row && {...row, idleMs: idle === undefined ? undefined : idle * 1000};
}
