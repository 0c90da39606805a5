/**
 * The bytes of an entry in Redis: a header of fixed width in ASCII, so that scripts can read and patch single fields
 * without touching the value, then the tags, then the value.
 *
 * | offset | length | field |
 * | ---: | ---: | --- |
 * | 0 | 4 | `rct2`: format and its version |
 * | 4 | 1 | kind: `v` value, `n` "not there", `l` only a lease |
 * | 5 | 1 | codec |
 * | 6 | 1 | compression: `-` none, `d` deflate, `b` brotli |
 * | 7 | 1 | `-`; `s`: a soft `delete` has made it stale, whatever the clock says |
 * | 8 | 16 | version: server time in µs at which it was written; grows with each write of the key |
 * | 24 | 16 | asOf: server time in µs at which the value was obtained (set, or its load begun) |
 * | 40 | 16 | fresh until, server time in µs; 0: its TTL after its version, as long as nothing has changed that |
 * | 56 | 16 | lease: token of the load in progress, 0 for none |
 * | 72 | 16 | lease until, server time in µs |
 * | 88 | 15 | generation of the namespace when the value was obtained |
 * | 103 | 12 | TTL in ms, as it was given |
 * | 115 | 12 | grace in ms |
 * | 127 | 5 | length of the tags in bytes, with what stands before them |
 * | 132 | | with tags: incarnation (15) and count (12) of the namespace's counter when the value was obtained, and the tags joined by NUL |
 * | | | the value |
 */
export const headerBytes = 132;
/** Bytes before the tags: the counter that they were stamped with, its incarnation first. */
export const counterBytes = 27;
export const incarnationBytes = 15;
/** `rct2` */
const magic = 0x72_63_74_32;
/** `rct`, which every version of the format begins with. */
const anyMagic = 0x72_63_74;

export type EntryKind = 'value' | 'absent' | 'lease';

/** The time that an entry is fresh, and the time after that in which it may be served stale. */
export type Lifetime = {readonly ttlMs: number; readonly graceMs: number};

/**
 * State of the namespace's markers at a time before a value was obtained: the value is newer than all invalidations up to that
 * state. An older state than necessary is safe: the value then counts as older than it is. All 0: newer than no invalidation.
 */
export type Stamp = {
	/** Generation of the namespace. */
	readonly generation: number;
	/** Incarnation of the namespace's counter of invalidated tags. */
	readonly incarnation: number;
	readonly count: number;
};

export type StoredEntry = {
	readonly kind: EntryKind;
	readonly version: number;
	readonly asOf: number;
	readonly stamp: Stamp;
	readonly freshUntil: number;
	/** True if a soft `delete` has made the entry stale at that time: it stays stale even if the clock is set back. */
	readonly isEnded: boolean;
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

/** The content of a Redis key: an entry; nothing, or an entry in the format of another version; or other bytes. */
export type ParsedEntry = StoredEntry | 'missing' | 'foreign';

/** Larger numbers (in µs, after the year 2255) are rejected as times. The scripts apply the same limit. */
const endOfTime = 9e15;
const noTags: readonly string[] = [];
const kinds: Readonly<Record<number, EntryKind>> = {118: 'value', 110: 'absent', 108: 'lease'};
const zero = 0x30;
/** `s` */
const endedMark = 0x73;

export function parseEntry(bytes: Buffer | null | undefined): ParsedEntry {
	if (bytes === null || bytes === undefined) return 'missing';
	if (bytes.length < headerBytes || bytes.readUInt32BE(0) !== magic)
		return isOtherVersion(bytes) ? 'missing' : 'foreign';
	const kind = kinds[bytes[4] ?? 0];
	const version = digits(bytes, 8, 24);
	const asOf = digits(bytes, 24, 40);
	const givenFreshUntil = digits(bytes, 40, 56);
	const lease = digits(bytes, 56, 72);
	const generation = digits(bytes, 88, 103);
	const ttlMs = digits(bytes, 103, 115);
	const graceMs = digits(bytes, 115, 127);
	const tagBytes = digits(bytes, 127, 132);
	const freshUntil = givenFreshUntil === 0 ? version + ttlMs * 1000 : givenFreshUntil;
	const payloadAt = headerBytes + tagBytes;
	const tagsAt = headerBytes + counterBytes;
	const hasTags = payloadAt > tagsAt;
	const incarnation = hasTags ? digits(bytes, headerBytes, headerBytes + incarnationBytes) : 0;
	const count = hasTags ? digits(bytes, headerBytes + incarnationBytes, tagsAt) : 0;
	// A NaN anywhere makes the sum NaN, and a NaN length fails the comparison.
	if (
		kind === undefined ||
		!(version < endOfTime && asOf < endOfTime) ||
		Number.isNaN(version + asOf + freshUntil + lease + generation + ttlMs + graceMs + incarnation + count) ||
		!(payloadAt <= bytes.length)
	)
		return 'foreign';
	return {
		kind,
		version,
		asOf,
		stamp: {generation, incarnation, count},
		freshUntil,
		isEnded: bytes[7] === endedMark,
		lease,
		ttlMs,
		graceMs,
		tags: hasTags ? bytes.toString('utf8', tagsAt, payloadAt).split('\0') : noTags,
		codec: String.fromCharCode(bytes[5] ?? 0),
		compression: String.fromCharCode(bytes[6] ?? 0),
		bytes,
		payloadAt,
	};
}

/** True for an entry in the format of another version of this package: it counts as a miss, and may be replaced. */
function isOtherVersion(bytes: Buffer): boolean {
	const version = bytes[3] ?? 0;
	return (
		bytes.length >= 4 &&
		bytes.readUIntBE(0, 3) === anyMagic &&
		version >= zero &&
		version <= zero + 9 &&
		version !== 0x32
	);
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
