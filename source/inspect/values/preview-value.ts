import {decodeUtf8, escapeBytes} from '../escape-bytes.js';
import {bytesOf, listOf, numberOf, type Sender, textOf} from '../sender.js';

/** Bounds of a preview. The bytes read of a collection are bounded as far as its size in memory tells. */
const maxElements = 50;
const maxStringBytes = 64 * 1024;
const maxCollectionBytes = 1024 * 1024;
const maxLineLength = 400;
const maxPartBytes = 4096;

export type ValuePreview = {
	/** Bytes of a string, elements of a collection. */
	readonly length: number;
	readonly unit: 'bytes' | 'elements' | 'fields' | 'entries';
	/** Printable, control characters escaped. */
	readonly lines: readonly string[];
	/** True if the value has more than `lines` show. */
	readonly truncated: boolean;
	/** The parts that can be edited: text that is short enough to be shown in full. In order only for lists. */
	readonly parts: readonly ValuePart[];
};

/** A string as a whole, or one element of a collection. */
type ValuePart = {
	/** The field, member or index, as `editValue` takes it; undefined for a string. */
	readonly at: string | undefined;
	/** The value or score; undefined for a member of a set. */
	readonly value: string | undefined;
};

/** Formats the bytes of a string as lines; `undefined` if it does not know their format. */
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
	const text = whole && !decode?.(bytes) ? editable(bytes) : undefined;
	return {
		length: total,
		unit: 'bytes',
		lines: lines.slice(0, 500).map(cut),
		truncated: !whole || lines.length > 500,
		parts: text === undefined ? [] : [{at: undefined, value: text}],
	};
}

/** The value as text, if it can be shown in full and typed back. */
function editable(value: unknown): string | undefined {
	const bytes = bytesOf(value);
	return bytes.length > maxPartBytes ? undefined : decodeUtf8(bytes);
}

const element = (value: unknown) => cut(escapeBytes(bytesOf(value)));

const keyAndValue = (field: string, value: string) => `${field} = ${value}`;
const scoreFirst = (member: string, score: string) => `${score}  ${member}`;

type Listing = {readonly lines: readonly string[]; readonly parts: readonly ValuePart[]};

/** Fields and values, or members and scores, from a flat list. */
function pairs(flat: readonly unknown[], join: (left: string, right: string) => string): Listing {
	const lines: string[] = [];
	const parts: ValuePart[] = [];
	for (let index = 0; index + 1 < flat.length; index += 2) {
		lines.push(join(element(flat[index]), element(flat[index + 1])));
		const at = editable(flat[index]);
		const value = editable(flat[index + 1]);
		if (at !== undefined && value !== undefined) parts.push({at, value});
	}
	return {lines, parts};
}

function elements(items: readonly unknown[]): Listing {
	const parts = items.map((item, index) => ({at: String(index), value: editable(item)}));
	return {lines: items.map(element), parts: parts.filter(({value}) => value !== undefined)};
}

function members(items: readonly unknown[]): Listing {
	const parts = items.map((item) => ({at: editable(item), value: undefined}));
	return {lines: items.map(element), parts: parts.filter(({at}) => at !== undefined)};
}

/** RESP3 replies with `[member, score]` pairs, RESP2 with a flat list. */
const flatten = (reply: unknown) => listOf(reply).flatMap((item) => (Array.isArray(item) ? item : [item]));

function entries(reply: unknown): Listing {
	const lines = listOf(reply).map((item) => {
		const [id, fields] = listOf(item);
		return cut(`${textOf(id)}  ${pairs(listOf(fields), keyAndValue).lines.join(', ')}`);
	});
	return {lines, parts: []};
}

type Collection = {
	readonly unit: ValuePreview['unit'];
	readonly length: string;
	read(sender: Sender, key: Buffer, count: number): Promise<Listing>;
};

/** SSCAN and HSCAN return all of a small collection, whatever the count. */
const scanned = async (sender: Sender, command: string, key: Buffer, count: number, width: 1 | 2) =>
	listOf(listOf(await sender.send(command, [key, 0, 'COUNT', count]))[1]).slice(0, count * width);

const collections: Readonly<Record<string, Collection>> = {
	hash: {
		unit: 'fields',
		length: 'HLEN',
		read: async (sender, key, count) => pairs(await scanned(sender, 'HSCAN', key, count, 2), keyAndValue),
	},
	list: {
		unit: 'elements',
		length: 'LLEN',
		read: async (sender, key, count) => elements(listOf(await sender.send('LRANGE', [key, 0, count - 1]))),
	},
	set: {
		unit: 'elements',
		length: 'SCARD',
		read: async (sender, key, count) => members(await scanned(sender, 'SSCAN', key, count, 1)),
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
		read: async (sender, key, count) => entries(await sender.send('XREVRANGE', [key, '+', '-', 'COUNT', count])),
	},
};

/**
 * Reads a bounded preview of a value of any type.
 *
 * @param type The reply to TYPE.
 * @param bytes The reply to MEMORY USAGE: of large elements fewer are read.
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
	if (!collection)
		return {length: 0, unit: 'elements', lines: [`no preview for type ${type}`], truncated: true, parts: []};
	const length = numberOf(await sender.send(collection.length, [key])) ?? 0;
	const each = length > 0 && bytes !== undefined ? bytes / length : 0;
	const count = each > 0 ? Math.min(maxElements, Math.floor(maxCollectionBytes / each)) : maxElements;
	if (count === 0) {
		return {
			length,
			unit: collection.unit,
			lines: ['the elements are too large for a preview'],
			truncated: length > 0,
			parts: [],
		};
	}
	const {lines, parts} = await collection.read(sender, key, count);
	return {length, unit: collection.unit, lines, truncated: length > lines.length, parts};
}
