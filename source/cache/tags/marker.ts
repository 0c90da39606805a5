import {randomInt} from 'node:crypto';
import {digits} from '../entry/entry.js';

/**
 * The value of a marker: a small key in Redis that makes older entries misses. It is never compared with a clock.
 *
 * - *Generation* of a namespace: a random token. `clear` writes another one. An entry is live only if it has this token.
 * - *Counter* of a namespace: counts invalidations of tags. Its token, the *incarnation*, is made at random when the counter is
 *   created, so that the counts before and after it was lost are not mistaken for each other.
 * - *Tag*: the counter as it was when the tag was last invalidated, or when its marker was created. An entry is live only if it
 *   was stamped with the same incarnation and at least this count.
 *
 * A *soft* invalidation makes older entries stale instead: the marker keeps what it was before, and since when. For a generation
 * that is its token; a tag keeps its count, and the new one is beside it. Only the latest four are kept. Older ones become
 * invalidations like any other, and so does everything before one that is not soft.
 *
 * Stored as `rctm`, the token in 15 digits, and the count in 12; then for each soft invalidation its value in 15, and its time
 * in 16.
 */
export type Marker = {
	/** At random; above 0. */
	readonly token: number;
	/** 0 for a generation. Of a tag: its latest invalidation that was not soft. */
	readonly count: number;
	/** Newest first. */
	readonly softs: readonly SoftInvalidation[];
};

export type SoftInvalidation = {
	/** Of a generation: the token until then. Of a tag: its count from then on. */
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

/** The time that a generation or a counter lives in Redis, in milliseconds: longer than the entries of its cache. */
export type NamespaceLife = {
	readonly lifeMs: number;
	/** One that has less than this left is renewed. */
	readonly renewBelowMs: number;
	/** Its existence is checked again after this. */
	readonly checkMs: number;
};

/**
 * It is renewed long before entries would outlive it, and rarely: every renewal is announced to all processes.
 *
 * @param longestMs Milliseconds that an entry of the cache lives at most, at most 30 days.
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

/** A token that no marker has had, in the 15 digits that scripts take. */
export function newToken(): string {
	return String(1e15 + randomInt(1, tokens)).slice(1);
}
