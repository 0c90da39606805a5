import {parseKey} from '../escape-bytes.js';
import {describeKeys, type KeyRow} from '../keys/describe-keys.js';
import {numberOf, type Sender} from '../sender.js';

/** A key, with the time since its last use. */
export type KeyUse = KeyRow & {
	/**
	 * Milliseconds since a client has read or written the key, in whole seconds; undefined if it is unknown: with an LFU
	 * policy, or without the right to OBJECT.
	 */
	readonly idleMs: number | undefined;
};

/** Describes a key without using it: TYPE, PTTL, MEMORY USAGE and OBJECT do not change the time of its last use. */
export async function keyUse(sender: Sender, printed: string): Promise<KeyUse | undefined> {
	const key = parseKey(printed);
	const [rows, idle] = await Promise.all([
		describeKeys(sender, [key]),
		sender.send('OBJECT', ['IDLETIME', key]).then(numberOf, () => undefined),
	]);
	const [row] = rows;
	return row && {...row, idleMs: idle === undefined ? undefined : idle * 1000};
}
