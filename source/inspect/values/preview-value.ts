import {bytesOf, numberOf, type Sender} from '../sender.js';
import {type Decoded, decodeBytes} from './decode/decode-bytes.js';
import {collectionOf, cutLine, editable, pageElements, readElements, type ValuePart} from './elements.js';
import {stringPage} from './string-pages.js';

/** Limits of a preview. The bytes read from a collection are estimated by its size in memory. */
const maxStringBytes = 256 * 1024;
const maxDumpBytes = 4096;
const maxCollectionBytes = 1024 * 1024;
const maxLines = 2000;

export type ValuePreview = Pick<Decoded, 'formats' | 'syntax' | 'envelope'> & {
	/** Number of bytes of a string, or of elements of a collection. */
	readonly length: number;
	readonly unit: 'bytes' | 'elements' | 'fields' | 'entries';
	/** The lines to show: printable, with control characters escaped. */
	readonly lines: readonly string[];
	/** True if the value has more than `lines` show. */
	readonly truncated: boolean;
	/** The parts that can be edited: text that is short enough to be shown completely. Their order matters only for lists. */
	readonly parts: readonly ValuePart[];
	/** Cursor of `readElements` for the next elements, or the rest of a long string; undefined if the preview is complete. */
	readonly cursor: string | undefined;
};

/** Formats the bytes of a string. Returns `undefined` for an unknown format. */
export type StringDecoder = (bytes: Buffer) => Pick<Decoded, 'formats' | 'syntax' | 'lines'> | undefined;

const noFormat = {formats: [], syntax: 'text', envelope: undefined} as const;

async function previewString(sender: Sender, key: Buffer, decode: StringDecoder | undefined): Promise<ValuePreview> {
	const [length, range] = await Promise.all([
		sender.send('STRLEN', [key]),
		sender.send('GETRANGE', [key, 0, maxStringBytes - 1]),
	]);
	const bytes = bytesOf(range);
	const total = numberOf(length) ?? bytes.length;
	const isWhole = bytes.length >= total;
	const own = isWhole ? decode?.(bytes) : undefined;
	const decoded: Decoded = own
		? {...own, envelope: undefined, isPlain: false}
		: await decodeBytes(bytes, {key, isWhole});
	if (!isWhole) {
		// A long string is shown by pages, so the preview is its first page.
		const {lines, cursor} = stringPage(bytes, 0, total);
		return {...decoded, length: total, unit: 'bytes', lines, truncated: true, parts: [], cursor};
	}
	const text = decoded.isPlain ? editable(bytes) : undefined;
	const limit = decoded.syntax === 'hex' ? maxDumpBytes / 8 : maxLines;
	return {
		...decoded,
		length: total,
		unit: 'bytes',
		lines: decoded.lines.slice(0, limit).map(cutLine),
		truncated: decoded.lines.length > limit,
		parts: text === undefined ? [] : [{at: undefined, value: text}],
		cursor: undefined,
	};
}

/**
 * Reads a bounded preview of a value of any type.
 *
 * @param type The reply to TYPE.
 * @param bytes The reply to MEMORY USAGE. The larger the elements, the fewer are read.
 */
export async function previewValue(
	sender: Sender,
	key: Buffer,
	type: string,
	bytes: number | undefined,
	decode?: StringDecoder,
): Promise<ValuePreview> {
	if (type === 'string') return previewString(sender, key, decode);
	const nothing = {...noFormat, truncated: true, parts: [], cursor: undefined} as const;
	const collection = collectionOf(type);
	if (!collection) return {...nothing, length: 0, unit: 'elements', lines: [`no preview for type ${type}`]};
	const {unit} = collection;
	const length = numberOf(await sender.send(collection.length, [key])) ?? 0;
	const each = length > 0 && bytes !== undefined ? bytes / length : 0;
	const count = each > 0 ? Math.min(pageElements, Math.floor(maxCollectionBytes / each)) : pageElements;
	if (count === 0) {
		const lines = ['the elements are too large for a preview'];
		return {...nothing, length, unit, lines, truncated: length > 0};
	}
	const {lines, parts, cursor} = await readElements(sender, key, collection, {count});
	return {...noFormat, length, unit, lines, parts, cursor, truncated: length > lines.length};
}
