import {describeKeys, type KeyRow} from './describe-keys.js';
import {parseKey} from './escape-bytes.js';
import {previewValue, type StringDecoder, type ValuePreview} from './preview-value.js';
import {type Sender, textOf} from './sender.js';

export type KeyDetails = KeyRow & {
	/** How the server keeps it: `listpack`, `embstr`. */
	readonly encoding: string | undefined;
	readonly preview: ValuePreview;
};

/** Everything a person wants to know of one key, read in bounded commands. `undefined`: there is no such key. */
export async function inspectKey(
	sender: Sender,
	printed: string,
	decode?: StringDecoder,
): Promise<KeyDetails | undefined> {
	const key = parseKey(printed);
	const [row] = await describeKeys(sender, [key]);
	if (!row) return undefined;
	const [encoding, preview] = await Promise.all([
		sender.send('OBJECT', ['ENCODING', key]).then(textOf, () => undefined),
		previewValue(sender, key, row.type, row.bytes, decode),
	]);
	return {...row, encoding, preview};
}
