/**
 * The bytes of an entry in Redis: a header of fixed width in ASCII, so that scripts can read and patch single fields
 * without touching the value, then the tags, then the value.
 *
 * | offset | length | field |
 * | ---: | ---: | --- |
 * | 0 | 4 | `rct1`: format and its version |
 * | 4 | 1 | kind: `v` value, `n` "not there", `l` only a lease |
 * | 5 | 1 | codec |
 * | 6 | 1 | compression: `-` none, `d` deflate, `b` brotli |
 * | 7 | 1 | `-` |
 * | 8 | 16 | version: server time in µs at which it was written; grows with each write of the key |
 * | 24 | 16 | asOf: server time in µs at which the value was obtained (set, or its load begun) |
 * | 40 | 16 | fresh until, server time in µs |
 * | 56 | 16 | lease: token of the load in progress, 0 for none |
 * | 72 | 16 | lease until, server time in µs |
 * | 88 | 12 | TTL in ms, as it was given |
 * | 100 | 12 | grace in ms |
 * | 112 | 5 | length of the tags in bytes |
 * | 117 | | tags joined by NUL, then the value |
 */
import type {Encoded} from './value-coder.js';

export const headerBytes = 117;
const magic = 0x72_63_74_31;

export type EntryKind = 'value' | 'absent' | 'lease';

/** The time that an entry is fresh, and the time after that in which it may be served stale. */
export type Lifetime = {readonly ttlMs: number; readonly graceMs: number};

export type StoredEntry = {
	readonly kind: EntryKind;
	readonly version: number;
	readonly asOf: number;
	readonly freshUntil: number;
	/** Token of the load in progress; 0: none. */
	readonly lease: number;
	readonly ttlMs: number;
	readonly graceMs: number;
	readonly tags: readonly string[];
	readonly codec: string;
	readonly compression: string;
	/** The whole entry. */
	readonly bytes: Buffer;
	/** Index in `bytes` at which the value begins, still encoded and compressed. */
	readonly payloadAt: number;
};

/** The content of a Redis key: an entry, nothing, or bytes that are not an entry of this format. */
export type ParsedEntry = StoredEntry | 'missing' | 'foreign';

/** Larger numbers are not times: in µs, the year 2255. The scripts apply the same limit. */
const endOfTime = 9e15;
const noTags: readonly string[] = [];
const kinds: Readonly<Record<number, EntryKind>> = {118: 'value', 110: 'absent', 108: 'lease'};
const kindLetters: Readonly<Record<EntryKind, string>> = {value: 'v', absent: 'n', lease: 'l'};
const noGraceNoTags = '0'.repeat(17);

export function parseEntry(bytes: Buffer | null | undefined): ParsedEntry {
	if (bytes === null || bytes === undefined) return 'missing';
	if (bytes.length < headerBytes || bytes.readUInt32BE(0) !== magic) return 'foreign';
	const kind = kinds[bytes[4] ?? 0];
	const version = digits(bytes, 8, 24);
	const asOf = digits(bytes, 24, 40);
	const freshUntil = digits(bytes, 40, 56);
	const lease = digits(bytes, 56, 72);
	const ttlMs = digits(bytes, 88, 100);
	const graceMs = digits(bytes, 100, 112);
	const tagBytes = digits(bytes, 112, 117);
	const payloadAt = headerBytes + tagBytes;
	// A NaN anywhere makes the sum NaN, and a NaN length fails the comparison.
	if (
		kind === undefined ||
		!(version < endOfTime && asOf < endOfTime) ||
		Number.isNaN(version + asOf + freshUntil + lease + ttlMs + graceMs) ||
		!(payloadAt <= bytes.length)
	)
		return 'foreign';
	return {
		kind,
		version,
		asOf,
		freshUntil,
		lease,
		ttlMs,
		graceMs,
		tags: tagBytes === 0 ? noTags : bytes.toString('utf8', headerBytes, payloadAt).split('\0'),
		codec: String.fromCharCode(bytes[5] ?? 0),
		compression: String.fromCharCode(bytes[6] ?? 0),
		bytes,
		payloadAt,
	};
}

/**
 * An entry as the scripts that store one take it: the bytes above without the format and without the times, which the
 * script adds from the server's clock.
 */
export function entryArgument(
	kind: EntryKind,
	{codec, compression, payload}: Encoded,
	{ttlMs, graceMs}: Lifetime,
	tags: readonly string[],
): string | Buffer {
	const tagText = tags.length === 0 ? '' : tags.join('\0');
	const tagBytes = tagText === '' ? 0 : Buffer.byteLength(tagText);
	const lifetime =
		graceMs === 0 && tagBytes === 0
			? fixed(ttlMs, 1e12) + noGraceNoTags
			: fixed(ttlMs, 1e12) + fixed(graceMs, 1e12) + fixed(tagBytes, 1e5);
	const head = `${kindLetters[kind]}${codec}${compression}-${lifetime}${tagText}`;
	return typeof payload === 'string' ? head + payload : Buffer.concat([Buffer.from(head), payload]);
}

/** The whole number written in these bytes; NaN if one of them is not a digit. */
export function digits(bytes: Buffer, from: number, to: number): number {
	let value = 0;
	for (let index = from; index < to; index++) {
		const digit = (bytes[index] ?? 0) - 0x30;
		if (digit < 0 || digit > 9) return Number.NaN;
		value = value * 10 + digit;
	}
	return value;
}

/** A whole number below `limit`, a power of ten, with leading zeros; four times as fast as `padStart`. */
function fixed(value: number, limit: number): string {
	return String(limit + value).slice(1);
}
