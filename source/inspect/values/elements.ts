import {decodeUtf8, escapeBytes} from '../escape-bytes.js';
import {bytesOf, listOf, numberOf, type Sender, textOf} from '../sender.js';
import {globOf, matcher} from './element-search.js';
import {fieldLifetimes} from './field-lifetimes.js';
import {readStringPage} from './string-pages.js';

/** Approximate number of elements of a page. SCAN commands return a small collection completely. */
export const pageElements = 100;

/** Number of elements that one step of a search visits. */
const searchElements = 500;

/** Duration of a search, in milliseconds, after which it reports its progress. */
const searchMs = 100;

/** Maximum number of lines of a page: the limit for small collections, which are returned completely, is configurable. */
const maxPageLines = 2000;

const maxLineLength = 400;
const maxPartBytes = 4096;

/** A complete string, or one element of a collection. */
export type ValuePart = {
	/** The field, member or index, for `editValue`; undefined for a string. */
	readonly at: string | undefined;
	/** The value or score; undefined for a member of a set. */
	readonly value: string | undefined;
};

/** A part of a collection. */
export type ElementPage = {
	/** Printable lines, one for each element. */
	readonly lines: readonly string[];
	/** The elements that can be edited: text that is short enough to be shown in full. */
	readonly parts: readonly ValuePart[];
	/** Number of elements visited. */
	readonly scanned: number;
	/** Where the next page starts; undefined after the last one. */
	readonly cursor: string | undefined;
};

type ElementQuery = {
	readonly cursor?: string | undefined;
	/** Text that fields, members or elements must contain, or a glob that they must match. Default: all. */
	readonly match?: string | undefined;
	/** Number of elements. Default 100. */
	readonly count?: number;
};

export const cutLine = (line: string) => (line.length > maxLineLength ? `${line.slice(0, maxLineLength - 1)}…` : line);

/** The value as text if it can be shown completely and edited; otherwise undefined. */
export function editable(value: unknown): string | undefined {
	const bytes = bytesOf(value);
	return bytes.length > maxPartBytes ? undefined : decodeUtf8(bytes);
}

const element = (value: unknown) => cutLine(escapeBytes(bytesOf(value)));

type Listing = Pick<ElementPage, 'lines' | 'parts'>;
type Step = {readonly cursor: string | undefined; readonly listing: Listing; readonly scanned: number};

/** Lines and parts for a flat list of pairs: fields and values, or members and scores. */
function pairs(flat: readonly unknown[], lineOf: (left: string, right: string, index: number) => string): Listing {
	const lines: string[] = [];
	const parts: ValuePart[] = [];
	for (let index = 0; index + 1 < flat.length; index += 2) {
		lines.push(lineOf(element(flat[index]), element(flat[index + 1]), index / 2));
		const at = editable(flat[index]);
		const value = editable(flat[index + 1]);
		if (at !== undefined && value !== undefined) parts.push({at, value});
	}
	return {lines, parts};
}

/** RESP3 replies with `[member, score]` pairs, RESP2 with a flat list. */
const flatten = (reply: unknown) => listOf(reply).flatMap((item) => (Array.isArray(item) ? item : [item]));

const scoreFirst = (member: string, score: string) => `${score}  ${member}`;

/** Runs one step of HSCAN, SSCAN or ZSCAN. */
async function scanElements(
	sender: Sender,
	command: string,
	key: Buffer,
	{cursor = '0', match, count}: {cursor?: string | undefined; match: string | undefined; count: number},
): Promise<{readonly items: readonly unknown[]; readonly cursor: string | undefined}> {
	const pattern = match === undefined ? [] : ['MATCH', globOf(match)];
	const [next, items] = listOf(await sender.send(command, [key, cursor, ...pattern, 'COUNT', count]));
	return {items: listOf(items), cursor: textOf(next) === '0' ? undefined : textOf(next)};
}

type Read = (
	sender: Sender,
	key: Buffer,
	query: {readonly cursor: string | undefined; readonly match: string | undefined; readonly count: number},
) => Promise<Step>;

/** A search finds fields by name or value. HSCAN cannot match values, so matching is done here. */
const readHash: Read = async (sender, key, {match, ...query}) => {
	const count = Math.min(query.count, pageElements);
	const {items: all, cursor} = await scanElements(sender, 'HSCAN', key, {...query, count, match: undefined});
	const fits = matcher(match);
	const isMatch = (at: number) => fits(textOf(all[at])) || fits(textOf(all[at + 1]));
	const items = match === undefined ? all : all.filter((_, index) => isMatch(index - (index % 2)));
	const fields = items.filter((_, index) => index % 2 === 0);
	const lifetimes = await fieldLifetimes(sender, key, fields.map(bytesOf));
	const listing = pairs(items, (field, value, index) => {
		const lifetime = lifetimes?.[index];
		return lifetime === undefined ? `${field} = ${value}` : `${field} = ${value}  (${lifetime})`;
	});
	return {cursor, listing, scanned: all.length / 2};
};

const readSet: Read = async (sender, key, query) => {
	const {items, cursor} = await scanElements(sender, 'SSCAN', key, query);
	const parts = items.map((item) => ({at: editable(item), value: undefined}));
	const listing = {lines: items.map(element), parts: parts.filter(({at}) => at !== undefined)};
	return {cursor, listing, scanned: query.match === undefined ? items.length : query.count};
};

/** Reads a string from an offset on. A page ends when it is full. */
const readString: Read = async (sender, key, {cursor = '0', match}) => {
	const total = numberOf(await sender.send('STRLEN', [key])) ?? 0;
	const page = await readStringPage(sender, key, {offset: Number(cursor), total, match});
	return {cursor: page.cursor, listing: {lines: page.lines, parts: []}, scanned: page.scanned};
};

/** Elements ordered by score. A search uses ZSCAN, which returns them in no particular order. */
const readSortedSet: Read = async (sender, key, query) => {
	if (query.match !== undefined) {
		const {items, cursor} = await scanElements(sender, 'ZSCAN', key, query);
		return {cursor, listing: pairs(items, scoreFirst), scanned: query.count};
	}
	const from = Number(query.cursor ?? 0);
	const to = from + query.count;
	// One more element than a page has, to detect the last page.
	const all = flatten(await sender.send('ZRANGE', [key, from, to, 'WITHSCORES']));
	const flat = all.slice(0, 2 * query.count);
	return {
		cursor: all.length > flat.length ? String(to) : undefined,
		listing: pairs(flat, scoreFirst),
		scanned: flat.length / 2,
	};
};

const readList: Read = async (sender, key, {cursor, match, count}) => {
	const from = Number(cursor ?? 0);
	const all = listOf(await sender.send('LRANGE', [key, from, from + count]));
	const items = all.slice(0, count);
	const fits = matcher(match);
	const found = items
		.map((item, index) => ({item, at: from + index}))
		.filter(({item}) => fits(bytesOf(item).toString()));
	return {
		cursor: all.length > count ? String(from + count) : undefined,
		listing: {
			// A search shows the index of each element.
			lines: found.map(({item, at}) => (match === undefined ? element(item) : `${at}  ${element(item)}`)),
			parts: found
				.map(({item, at}) => ({at: String(at), value: editable(item)}))
				.filter(({value}) => value !== undefined),
		},
		scanned: items.length,
	};
};

/** Newest entries first. */
const readStream: Read = async (sender, key, {cursor, match, count}) => {
	const all = listOf(await sender.send('XREVRANGE', [key, cursor ?? '+', '-', 'COUNT', count + 1]));
	const reply = all.slice(0, count);
	const fits = matcher(match);
	let last: string | undefined;
	const lines: string[] = [];
	for (const item of reply) {
		const [id, fields] = listOf(item);
		last = textOf(id);
		const line = `${last}  ${pairs(listOf(fields), (field, value) => `${field} = ${value}`).lines.join(', ')}`;
		if (fits(line)) lines.push(cutLine(line));
	}
	return {
		cursor: all.length > count && last !== undefined ? `(${last}` : undefined,
		listing: {lines, parts: []},
		scanned: reply.length,
	};
};

type Collection = {
	readonly unit: 'bytes' | 'elements' | 'fields' | 'entries';
	/** Command that counts the elements. */
	readonly length: string;
	readonly read: Read;
};

const collections: Readonly<Record<string, Collection>> = {
	string: {unit: 'bytes', length: 'STRLEN', read: readString},
	hash: {unit: 'fields', length: 'HLEN', read: readHash},
	list: {unit: 'elements', length: 'LLEN', read: readList},
	set: {unit: 'elements', length: 'SCARD', read: readSet},
	zset: {unit: 'elements', length: 'ZCARD', read: readSortedSet},
	stream: {unit: 'entries', length: 'XLEN', read: readStream},
};

/** How to read values of a type page by page; undefined for types of modules. */
export const collectionOf = (type: string): Collection | undefined => collections[type];

/**
 * Reads one page of a collection. A search continues until a page is full, all elements are visited, or its time is over; the
 * page may then be empty, with a cursor to continue.
 */
export async function readElements(
	sender: Sender,
	key: Buffer,
	{read, unit}: Collection,
	{cursor: start, match, count = pageElements}: ElementQuery = {},
): Promise<ElementPage> {
	const until = performance.now() + searchMs;
	const wanted = unit === 'bytes' && match === undefined ? 1 : count;
	const lines: string[] = [];
	const parts: ValuePart[] = [];
	let cursor = start;
	let scanned = 0;
	do {
		const step: Step = await read(sender, key, {cursor, match, count: match === undefined ? count : searchElements});
		cursor = step.cursor;
		scanned += step.scanned;
		lines.push(...step.listing.lines);
		parts.push(...step.listing.parts);
	} while (cursor !== undefined && lines.length < wanted && performance.now() < until);
	return {lines: lines.slice(0, maxPageLines), parts: parts.slice(0, maxPageLines), scanned, cursor};
}
