import {decodeUtf8, escapeBytes} from './escape-bytes.js';
import {bytesOf, listOf, numberOf, type Sender, textOf} from './sender.js';

/** Bounds of a preview: elements, bytes read of a string, and bytes read of a collection as far as its size can tell. */
const maxElements = 50;
const maxStringBytes = 64 * 1024;
const maxCollectionBytes = 1024 * 1024;
const maxLineLength = 400;

export type ValuePreview = {
	/** Bytes of a string, elements of a collection. */
	readonly length: number;
	readonly unit: 'bytes' | 'elements' | 'fields' | 'entries';
	/** Printable, control characters escaped. */
	readonly lines: readonly string[];
	/** There is more than `lines` show. */
	readonly truncated: boolean;
};

/** Turns the bytes of a string into lines, or `undefined` when they are not of its kind. */
export type StringDecoder = (bytes: Buffer) => readonly string[] | undefined;

const cut = (line: string) => (line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line);

function jsonLines(text: string): readonly string[] | undefined {
	if (!/^\s*[{["]/.test(text)) return undefined;
	try {
		return JSON.stringify(JSON.parse(text), null, 2)
			.split('\n')
			.map((line) => escapeBytes(Buffer.from(line)));
	} catch {
		return undefined;
	}
}

function stringLines(bytes: Buffer, whole: boolean, decode: StringDecoder | undefined): readonly string[] {
	const decoded = whole ? decode?.(bytes) : undefined;
	if (decoded) return decoded;
	const text = decodeUtf8(bytes);
	if (text === undefined) return [escapeBytes(bytes)];
	return (whole ? jsonLines(text) : undefined) ?? text.split('\n').map((line) => escapeBytes(Buffer.from(line)));
}

async function previewString(sender: Sender, key: Buffer, decode: StringDecoder | undefined): Promise<ValuePreview> {
	const [length, range] = await Promise.all([
		sender.send('STRLEN', [key]),
		sender.send('GETRANGE', [key, 0, maxStringBytes - 1]),
	]);
	const bytes = bytesOf(range);
	const total = numberOf(length) ?? bytes.length;
	const whole = bytes.length >= total;
	const lines = stringLines(bytes, whole, decode);
	return {length: total, unit: 'bytes', lines: lines.slice(0, 500).map(cut), truncated: !whole || lines.length > 500};
}

const element = (value: unknown) => cut(escapeBytes(bytesOf(value)));

function pairs(flat: readonly unknown[], join: (left: string, right: string) => string): string[] {
	const lines: string[] = [];
	for (let index = 0; index + 1 < flat.length; index += 2)
		lines.push(join(element(flat[index]), element(flat[index + 1])));
	return lines;
}

const keyAndValue = (field: string, value: string) => `${field} = ${value}`;
const scoreFirst = (member: string, score: string) => `${score}  ${member}`;

/** RESP3 answers `[member, score]` pairs where RESP2 has a flat list. */
const flatten = (reply: unknown) => listOf(reply).flatMap((item) => (Array.isArray(item) ? item : [item]));

function streamLines(reply: unknown): string[] {
	return listOf(reply).map((item) => {
		const [id, fields] = listOf(item);
		return cut(`${textOf(id)}  ${pairs(listOf(fields), keyAndValue).join(', ')}`);
	});
}

type Collection = {
	readonly unit: ValuePreview['unit'];
	readonly length: string;
	read(sender: Sender, key: Buffer, count: number): Promise<string[]>;
};

const scanned = async (sender: Sender, command: string, key: Buffer, count: number) =>
	listOf(listOf(await sender.send(command, [key, 0, 'COUNT', count]))[1]);

const collections: Readonly<Record<string, Collection>> = {
	hash: {
		unit: 'fields',
		length: 'HLEN',
		read: async (sender, key, count) => pairs(await scanned(sender, 'HSCAN', key, count), keyAndValue),
	},
	list: {
		unit: 'elements',
		length: 'LLEN',
		read: async (sender, key, count) => listOf(await sender.send('LRANGE', [key, 0, count - 1])).map(element),
	},
	set: {
		unit: 'elements',
		length: 'SCARD',
		read: async (sender, key, count) => (await scanned(sender, 'SSCAN', key, count)).map(element),
	},
	zset: {
		unit: 'elements',
		length: 'ZCARD',
		read: async (sender, key, count) =>
			pairs(flatten(await sender.send('ZRANGE', [key, 0, count - 1, 'WITHSCORES'])), scoreFirst),
	},
	stream: {
		unit: 'entries',
		length: 'XLEN',
		read: async (sender, key, count) => streamLines(await sender.send('XREVRANGE', [key, '+', '-', 'COUNT', count])),
	},
};

/**
 * A bounded look at a value of any type.
 *
 * @param type as TYPE told
 * @param bytes as MEMORY USAGE told: large elements mean that fewer of them are read
 */
export async function previewValue(
	sender: Sender,
	key: Buffer,
	type: string,
	bytes: number | undefined,
	decode?: StringDecoder,
): Promise<ValuePreview> {
	if (type === 'string') return previewString(sender, key, decode);
	const collection = collections[type];
	if (!collection) return {length: 0, unit: 'elements', lines: [`no preview of type ${type}`], truncated: true};
	const length = numberOf(await sender.send(collection.length, [key])) ?? 0;
	const each = length > 0 && bytes !== undefined ? bytes / length : 0;
	const count = each > 0 ? Math.min(maxElements, Math.floor(maxCollectionBytes / each)) : maxElements;
	if (count === 0) {
		return {
			length,
			unit: collection.unit,
			lines: ['its elements are too large to be read for a preview'],
			truncated: length > 0,
		};
	}
	const lines = (await collection.read(sender, key, count)).slice(0, count);
	return {length, unit: collection.unit, lines, truncated: length > lines.length};
}
