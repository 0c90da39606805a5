import {randomInt} from 'node:crypto';
import {digits} from '../entry/entry.js';

/**
 * The value of a marker: a small key in Redis that makes older entries misses. It is never compared with a clock.
 *
 * - *Generation* of a namespace: a random token, which `clear` replaces. An entry is live only if it has this token.
 * - *Counter* of a namespace: counts invalidations of tags. Its token, the *incarnation*, is chosen at random when the
 *   counter is created, so that counts from before and after a loss of the counter cannot be confused.
 * - *Tag*: the counter as it was when the tag was last invalidated, or when its marker was created. An entry is live only if it
 *   was stamped with the same incarnation and at least this count.
 *
 * A *soft* invalidation makes older entries stale instead: the marker also keeps its previous state and the time of the
 * invalidation. For a generation that is the previous token; a tag keeps its count and records the new one. Only the latest
 * four soft invalidations are kept. Older ones, and all before an invalidation that is not soft, count as ordinary
 * invalidations.
 *
 * Stored as `rctm`, the token in 15 digits, and the count in 12; then for each soft invalidation its value in 15, and its time
 * in 16.
 */
export type Marker = {
	/** Random; greater than 0. */
	readonly token: number;
	/** 0 for a generation. For a tag: the count at its latest invalidation that was not soft. */
	readonly count: number;
	/** Newest first. */
	readonly softs: readonly SoftInvalidation[];
};

export type SoftInvalidation = {
	/** For a generation: the token before the invalidation. For a tag: the count after it. */
	readonly value: number;
	/** Server time in µs. */
	readonly at: number;
};

/** `rctm` */
const magic = 0x72_63_74_6d;
const markerBytes = 31;
/** The length of a soft invalidation. */
const softBytes = 31;
const maxSofts = 4;
const noSofts: readonly SoftInvalidation[] = [];
/** The largest range of `randomInt`: 48 bits. */
const tokens = 2 ** 48 - 1;

const dayMs = 86_400_000;

/** TTL of a generation or a counter in Redis, in milliseconds: longer than that of any entry of the cache. */
export type NamespaceLife = {
	readonly lifeMs: number;
	/** The TTL is renewed when less than this is left. */
	readonly renewBelowMs: number;
	/** Its existence is checked again after this time. */
	readonly checkMs: number;
};

/**
 * Renewals are early enough that no entry outlives the marker, and rare, since each is announced to all processes.
 *
 * @param longestMs Longest lifetime of an entry of the cache in milliseconds, at most 30 days.
 */
export function namespaceLifeOf(longestMs: number): NamespaceLife {
	const lifeMs = Math.min(31 * dayMs, Math.ceil(1.25 * longestMs) + 10_000);
	const spareMs = lifeMs - longestMs;
	return {lifeMs, renewBelowMs: Math.ceil(lifeMs - spareMs / 2), checkMs: Math.min(3_600_000, spareMs / 2)};
}

/** @returns `undefined` if these bytes are not a marker. */
export function parseMarker(bytes: unknown): Marker | undefined {
	if (!(bytes instanceof Buffer) || bytes.length < markerBytes || bytes.readUInt32BE(0) !== magic) return undefined;
	const token = digits(bytes, 4, 19);
	const count = digits(bytes, 19, markerBytes);
	const softs = parseSofts(bytes);
	return token > 0 && count >= 0 && softs !== undefined ? {token, count, softs} : undefined;
}

function parseSofts(bytes: Buffer): readonly SoftInvalidation[] | undefined {
	if (bytes.length === markerBytes) return noSofts;
	const number = (bytes.length - markerBytes) / softBytes;
	if (!Number.isInteger(number) || number > maxSofts) return undefined;
	const softs: SoftInvalidation[] = [];
	for (let from = markerBytes; from < bytes.length; from += softBytes)
		softs.push({value: digits(bytes, from, from + 15), at: digits(bytes, from + 15, from + softBytes)});
	return softs.every(({value, at}) => value > 0 && at > 0) ? softs : undefined;
}

/** A new random token, as the 15 digits that scripts expect. */
export function newToken(): string {
	return String(1e15 + randomInt(1, tokens)).slice(1);
}
