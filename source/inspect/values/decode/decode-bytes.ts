import {decodeUtf8, escapeBytes, printKey} from '../../escape-bytes.js';
import {unpackMarked, unpackUnmarked} from './compression.js';
import {type Envelope, envelopeOf, libraryOfKey, railsEntry} from './envelopes.js';
import {binarySerialization, isMarshal, isPhpSerialized} from './serializations.js';
import {hexLines, isNestedDeeper, jsonLines, jsonTextLines, maxLevels, nestingOf} from './value-json.js';

/** A value in readable form. */
export type Decoded = {
	/** The recognized formats, outermost first: `gzip`, `MessagePack`. Empty for plain text. */
	readonly formats: readonly string[];
	/** `json`: indented by two spaces per level. `hex`: a dump. */
	readonly syntax: 'json' | 'text' | 'hex';
	/** The lines, safe to print. */
	readonly lines: readonly string[];
	/** The metadata that a cache library has stored around the value. */
	readonly envelope: Envelope | undefined;
	/** True if `lines` are the unchanged bytes as text, so that they can be edited. */
	readonly isPlain: boolean;
};

type Source = {
	readonly key: Buffer;
	/** False: only the beginning of the value was read. */
	readonly isWhole: boolean;
};

/** Maximum number of nested formats, such as a compressed value inside of an envelope. */
const maxDepth = 4;

const tooDeep = `nested deeper than ${maxLevels} levels, and not indented`;

const parse = (text: string): {readonly value: unknown} | undefined => {
	if (!/^\s*[{["]/.test(text)) return undefined;
	try {
		return {value: JSON.parse(text)};
	} catch {
		return undefined;
	}
};

/** True for the first byte of a map, an array, a string or binary data in MessagePack. Numbers are too short to be recognized. */
const isMessagePackStart = (first: number) =>
	(first >= 0x80 && first <= 0xbf) || (first >= 0xc4 && first <= 0xc6) || (first >= 0xd9 && first <= 0xdf);

/** The value, if the bytes are exactly one MessagePack value. */
async function unpackMessagePack(bytes: Buffer): Promise<{readonly value: unknown} | undefined> {
	if (!isMessagePackStart(bytes[0] ?? 0)) return undefined;
	// Imported at the first value that may be MessagePack.
	const {Unpackr} = await import('msgpackr');
	try {
		return {value: new Unpackr({useRecords: false, mapsAsObjects: true, int64AsType: 'bigint'}).unpack(bytes)};
	} catch {
		return undefined;
	}
}

const plain = (text: string): Decoded => ({
	formats: [],
	syntax: 'text',
	lines: text.split('\n').map((line) => escapeBytes(Buffer.from(line))),
	envelope: undefined,
	isPlain: true,
});

function decodeText(text: string, {key, isWhole}: Source): Decoded {
	const bare = text.replace(/^\uFEFF/, '');
	const json = isWhole ? parse(bare) : undefined;
	if (json && nestingOf(bare) > maxLevels) return {...plain(text), formats: [`JSON: ${tooDeep}`]};
	if (json)
		return {
			...plain(text),
			formats: ['JSON'],
			syntax: 'json',
			lines: jsonTextLines(bare),
			envelope: envelopeOf(json.value),
		};
	if (isWhole && isPhpSerialized(text)) return {...plain(text), ...named('PHP serialize', key)};
	return plain(text);
}

/** The name of a serialization that is not decoded, and the library that uses it for such keys. */
function named(format: string, key: Buffer): Pick<Decoded, 'formats' | 'envelope'> {
	const library = libraryOfKey(printKey(key), format);
	return {
		formats: [format],
		envelope: library === undefined ? undefined : {library, writtenAt: undefined, expiresAt: undefined, tags: []},
	};
}

const dump = (bytes: Buffer, formats: readonly string[]): Decoded => ({
	formats,
	syntax: 'hex',
	lines: hexLines(bytes),
	envelope: undefined,
	isPlain: false,
});

/** Decodes a value inside of another one. */
async function inner(outer: string, bytes: Buffer, source: Source, depth: number): Promise<Decoded> {
	const decoded = await decodeBytes(bytes, source, depth + 1);
	return {...decoded, formats: [outer, ...decoded.formats], isPlain: false};
}

/**
 * Recognizes the format of a value, and makes it readable: compressed values are unpacked, JSON and MessagePack are
 * indented, other known serializations are named, and the rest is a hexadecimal dump.
 */
export async function decodeBytes(bytes: Buffer, source: Source, depth = 0): Promise<Decoded> {
	const text = decodeUtf8(source.isWhole ? bytes : withoutCutCharacter(bytes));
	// A NUL is valid UTF-8, but does not occur in text. Output of Ruby's Marshal is not text either, even if it is valid UTF-8.
	const isText = text !== undefined && !text.includes('\0') && !(source.isWhole && isMarshal(bytes));
	if (isText) return decodeText(text, source);
	const rails = source.isWhole ? railsEntry(bytes) : undefined;
	if (rails) {
		const {envelope, payload, format} = rails;
		if (format !== undefined) return {...dump(payload, [format]), envelope};
		return {...(await inner('Rails', payload, source, depth)), envelope};
	}
	const unpacked = depth < maxDepth ? unpackMarked(bytes, source.isWhole) : undefined;
	if (unpacked?.bytes) return inner(unpacked.format, unpacked.bytes, source, depth);
	if (unpacked) return dump(bytes, [`${unpacked.format}: ${unpacked.reason}`]);
	const serialization = source.isWhole ? binarySerialization(bytes) : undefined;
	if (serialization !== undefined) return {...dump(bytes, []), ...named(serialization, source.key)};
	return (source.isWhole ? await decodeRest(bytes, source, depth) : undefined) ?? dump(bytes, ['binary']);
}

/** Decodes formats without a signature: MessagePack, and compression with a readable result. */
async function decodeRest(bytes: Buffer, source: Source, depth: number): Promise<Decoded | undefined> {
	const packed = await unpackMessagePack(bytes);
	if (packed) {
		const {value} = packed;
		if (isNestedDeeper(value, maxLevels)) return dump(bytes, [`MessagePack: ${tooDeep}`]);
		const shape = {syntax: 'json', lines: jsonLines(value), envelope: envelopeOf(value), isPlain: false} as const;
		return {formats: ['MessagePack'], ...shape};
	}
	if (depth > 0) return undefined;
	const unpacked = unpackUnmarked(bytes, (result) => decodeUtf8(result)?.includes('\0') === false);
	return unpacked?.bytes && inner(unpacked.format, unpacked.bytes, source, depth);
}

/** Removes an incomplete UTF-8 character at the end. */
function withoutCutCharacter(bytes: Buffer): Buffer {
	for (let back = 1; back <= Math.min(4, bytes.length); back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		// The first byte of a character.
		if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
		if (byte < 0x80) return bytes;
	}
	return bytes;
}
