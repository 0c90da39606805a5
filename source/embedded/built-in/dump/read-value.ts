import {parseDouble} from '../numbers/double.js';
import type {Value} from '../store/entry.js';
import {HashValue} from '../values/hash-value.js';
import {ListValue} from '../values/list-value.js';
import {SetValue} from '../values/set-value.js';
import {SortedSetValue} from '../values/sorted-set-value.js';
import {BadFormat, ByteReader} from './byte-reader.js';
import {readListpack} from './read-listpack.js';
import {readCount, readString} from './read-string.js';
import {valueTypes} from './value-types.js';

type Reader = (reader: ByteReader) => Value;

const plainNode = 1;

const readers: Readonly<Record<number, Reader>> = {
	[valueTypes.string]: (reader) => textOf(reader),
	[valueTypes.list]: (reader) => listOf(times(readCount(reader), () => textOf(reader))),
	[valueTypes.set]: (reader) => setOf(times(readCount(reader), () => textOf(reader))),
	[valueTypes.hash]: (reader) => hashOf(times(2 * readCount(reader), () => textOf(reader))),
	[valueTypes.sortedSet]: (reader) =>
		sortedSetOf(times(readCount(reader), () => [textOf(reader), reader.double()] as const)),
	[valueTypes.intSet]: (reader) => setOf(integersOf(readString(reader))),
	[valueTypes.hashListpack]: (reader) => hashOf(readListpack(readString(reader))),
	[valueTypes.sortedSetListpack]: (reader) => sortedSetOf(scoredOf(readListpack(readString(reader)))),
	[valueTypes.quicklist]: (reader) => listOf(times(readCount(reader), () => nodeOf(reader)).flat()),
};

/** Reads a value in Redis's file format, as Redis 7.0 writes it. Throws `BadFormat`. */
export function readValue(bytes: Buffer): Value {
	const reader = new ByteReader(bytes);
	const read = readers[reader.byte()];
	if (!read) throw new BadFormat();
	const value = read(reader);
	if (typeof value === 'object' && value.size === 0) throw new BadFormat();
	return value;
}

/** The count is not trusted: at the end of the bytes, reading throws. */
function times<T>(count: number, read: () => T): T[] {
	const items: T[] = [];
	for (let index = 0; index < count; index++) items.push(read());
	return items;
}

const textOf = (reader: ByteReader): string => readString(reader).toString('latin1');

function nodeOf(reader: ByteReader): string[] {
	return readCount(reader) === plainNode ? [textOf(reader)] : readListpack(readString(reader));
}

function integersOf(bytes: Buffer): string[] {
	const reader = new ByteReader(bytes);
	const size = reader.unsigned(4);
	if (size !== 2 && size !== 4 && size !== 8) throw new BadFormat();
	return times(reader.unsigned(4), () => reader.integerText(size));
}

const listOf = (items: readonly string[]): ListValue => ListValue.of(items);

function setOf(members: readonly string[]): SetValue {
	const value = new SetValue();
	for (const member of members) if (!value.add(member)) throw new BadFormat();
	return value;
}

function hashOf(items: readonly string[]): HashValue {
	const value = new HashValue();
	for (const [field, content] of pairsOf(items)) if (!value.set(field, content)) throw new BadFormat();
	return value;
}

function scoredOf(items: readonly string[]): (readonly [string, number])[] {
	return pairsOf(items).map(([member, score]) => [member, parseDouble(score) ?? Number.NaN] as const);
}

function sortedSetOf(pairs: readonly (readonly [string, number])[]): SortedSetValue {
	const value = new SortedSetValue();
	// In ascending order, so that each member is appended and none must be moved.
	for (const [member, score] of pairs.toSorted(([, a], [, b]) => a - b)) {
		if (Number.isNaN(score) || value.score(member) !== undefined) throw new BadFormat();
		value.set(member, score);
	}
	return value;
}

function pairsOf(items: readonly string[]): (readonly [string, string])[] {
	if (items.length % 2 === 1) throw new BadFormat();
	return times(items.length / 2, () => undefined).map((_, index) => [
		items[2 * index] ?? '',
		items[2 * index + 1] ?? '',
	]);
}
