import type {Stamp} from '../entry/entry.js';
import type {Encoded} from '../entry/value-coder.js';
import {weighText, weighValue, weighView} from './weigh-value.js';

/** Fields of a new memory entry. */
export type MemoryEntryFields = Omit<MemoryEntry, 'isUsed' | 'isHeld'>;

/**
 * An entry in this process's memory. Times are local milliseconds, unless they are in µs of the server's clock.
 *
 * A class, so that all entries have one shape, wherever they come from: reading a field of objects of many shapes takes
 * longer than the rest of a memory hit.
 */
export class MemoryEntry {
	readonly kind: 'value' | 'absent';
	/**
	 * The encoded value until it is read for the first time; then `undefined`. A `set` keeps only the bytes, because the caller
	 * may modify the value it passed.
	 */
	encoded: Encoded | undefined;
	value: unknown;
	/** Version in Redis (server time of the write, in µs); 0 while only this process knows the entry. */
	version: number;
	/** The value is newer than all invalidations up to this state of the markers. Not known while `version` is 0. */
	stamp: Stamp;
	/**
	 * Count of the change clock when the value was obtained: it is newer than this process's invalidations up to that count.
	 */
	readonly since: number;
	readonly obtainedAt: number;
	/** When this process learned of the entry. */
	readonly learnedAt: number;
	readonly freshUntil: number;
	readonly staleUntil: number;
	readonly ttlMs: number;
	readonly tags: readonly string[];
	/** Length of the encoded and compressed value. */
	readonly bytes: number;
	/**
	 * Epoch of the tier in which the entry was last known to match Redis. With an older one, or -1, the entry is unverified:
	 * Redis is asked before it is served.
	 */
	epoch: number;
	/** Local time until which the entry is served without asking Redis. `Infinity` while Redis sends invalidations. */
	trustedUntil: number;

	/** True if the entry was served since its key was last touched in Redis. */
	isUsed = false;
	/** True while the tier holds this very entry under its key. Only the tier sets it. */
	isHeld = false;

	constructor(fields: MemoryEntryFields) {
		this.kind = fields.kind;
		this.encoded = fields.encoded;
		this.value = fields.value;
		this.version = fields.version;
		this.stamp = fields.stamp;
		this.since = fields.since;
		this.obtainedAt = fields.obtainedAt;
		this.learnedAt = fields.learnedAt;
		this.freshUntil = fields.freshUntil;
		this.staleUntil = fields.staleUntil;
		this.ttlMs = fields.ttlMs;
		this.tags = fields.tags;
		this.bytes = fields.bytes;
		this.epoch = fields.epoch;
		this.trustedUntil = fields.trustedUntil;
	}
}

/**
 * Bytes of an entry apart from its key, tags and value, as measured: its fields, boxed numbers, and its node in the LRU list.
 */
const overheadBytes = 370;
/** The object that holds the encoded value. */
const encodedBytes = 56;
/** A tag's place in the list of tags. */
const tagBytes = 8;

/** Estimated bytes in memory, on the heap and outside it. */
export function weigh({bytes, encoded, value, tags}: MemoryEntry, key: string): number {
	let weight = overheadBytes + weighText(key);
	for (const tag of tags) weight += tagBytes + weighText(tag);
	if (encoded !== undefined) {
		const {payload} = encoded;
		weight += encodedBytes + (typeof payload === 'string' ? weighText(payload, bytes) : weighView(payload));
	}
	if (value !== undefined) weight += weighValue(value, bytes);
	return Math.ceil(weight);
}
