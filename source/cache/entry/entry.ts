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
 * | 8 | 16 | version: server time in µs at which it was written, always growing |
 * | 24 | 16 | asOf: server time in µs at which the value was obtained |
 * | 40 | 16 | fresh until, server time in µs |
 * | 56 | 16 | lease: token of the load under way, 0 for none |
 * | 72 | 16 | lease until, server time in µs |
 * | 88 | 12 | TTL in ms, as it was given |
 * | 100 | 12 | grace in ms |
 * | 112 | 5 | length of the tags in bytes |
 * | 117 | | tags joined by NUL, then the value |
 */
export const headerBytes = 117;
export const format = 'rct1';
const magic = 0x72_63_74_31;

export type EntryKind = 'value' | 'absent' | 'lease';

export type StoredEntry = {
	readonly kind: EntryKind;
	readonly version: number;
	readonly asOf: number;
	readonly freshUntil: number;
	/** Token of the load under way; 0: none. */
	readonly lease: number;
	readonly ttlMs: number;
	readonly graceMs: number;
	readonly tags: readonly string[];
	readonly codec: string;
	readonly compression: string;
	/** All of the entry. */
	readonly bytes: Buffer;
	/** Where in it the value begins, still encoded and compressed. */
	readonly payloadAt: number;
};

/** What lies under a key: an entry, nothing, or bytes that are not an entry of this format. */
export type Parsed = StoredEntry | 'missing' | 'foreign';

/** Times from here on are no times: in µs, the year 2255. Scripts think the same. */
const endOfTime = 9e15;
const noTags: readonly string[] = [];
const kinds: Readonly<Record<number, EntryKind>> = {118: 'value', 110: 'absent', 108: 'lease'};

/** The number that these digits are; NaN if they are none. */
export function digits(bytes: Buffer, from: number, to: number): number {
	let value = 0;
	for (let index = from; index < to; index++) {
		const digit = (bytes[index] ?? 0) - 0x30;
		if (digit < 0 || digit > 9) return Number.NaN;
		value = value * 10 + digit;
	}
	return value;
}

export function parseEntry(bytes: Buffer | null | undefined): Parsed {
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

const noGraceNoTags = '0'.repeat(17);

/** The fields of the header that the caller knows; scripts put the ones that the server knows in between. */
export function headerTail(ttlMs: number, graceMs: number, tagBytes: number): string {
	const ttl = fixed(ttlMs, 1e12);
	return graceMs === 0 && tagBytes === 0 ? ttl + noGraceNoTags : ttl + fixed(graceMs, 1e12) + fixed(tagBytes, 1e5);
}

/** The digits of a whole number below `limit`, a power of ten: in a quarter of the time that padding takes. */
function fixed(value: number, limit: number): string {
	return String(limit + value).slice(1);
}
