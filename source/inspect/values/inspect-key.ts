import {parseKey} from '../escape-bytes.js';
import {describeKeys, type KeyRow} from '../keys/describe-keys.js';
import {type Sender, textOf} from '../sender.js';
import {previewValue, type StringDecoder, type ValuePreview} from './preview-value.js';
import {type StreamGroup, streamGroups} from './stream-groups.js';

export type KeyDetails = KeyRow & {
	/** The server's internal encoding: `listpack`, `embstr`. */
	readonly encoding: string | undefined;
	readonly preview: ValuePreview;
	/** The consumer groups of a stream; none for other types. */
	readonly groups: readonly StreamGroup[];
};

/**
 * Reads type, TTL, size, encoding and a preview of one key, with bounded commands.
 *
 * @param printed The key, as `printKey` writes it.
 * @returns `undefined` if there is no such key.
 */
export async function inspectKey(
	sender: Sender,
	printed: string,
	decode?: StringDecoder,
): Promise<KeyDetails | undefined> {
	const key = parseKey(printed);
	const [row] = await describeKeys(sender, [key]);
	if (!row) return undefined;
	const [encoding, preview, groups] = await Promise.all([
		sender.send('OBJECT', ['ENCODING', key]).then(textOf, () => undefined),
		previewValue(sender, key, row.type, row.bytes, decode),
		row.type === 'stream' ? streamGroups(sender, key) : [],
	]);
	return {...row, encoding, preview, groups};
}
