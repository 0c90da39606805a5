/** `tags/`: invalidation times, by which one write makes every older entry of a tag or a namespace a miss. */
import {LRUCache} from 'lru-cache';
import {localNow} from '../clock/local-now.js';
import {digits} from '../entry/entry.js';

/** One invalidation time, as far as this process knows it. */
type KnownTime = {
	/** Server time in µs: entries obtained at or before it are misses. 0: it does not exist in Redis, so all entries are. */
	value: number;
	/** Stamp of the last time this process moved it: orders it against this process's own sets that have no version yet. */
	stamp: number;
	/** Epoch in which it was last read or written. With an older one, or -1, it may have been moved since by others. */
	epoch: number;
	/** Local time until which it counts as current. `Infinity` while Redis sends invalidations. */
	trustedUntil: number;
	/** Local time at which it was last known to exist in Redis; 0: it may not. */
	ensuredAt: number;
};

/** Milliseconds an invalidation time lives in Redis: longer than any entry (30 days); renewed while it is in use. */
export const timeLifeMs = 31 * 86_400_000;
const ensureEveryMs = 3_600_000;
const maxKnown = 20_000;

/** `rctm` */
const magic = 0x72_63_74_6d;

/** The invalidation time stored in these bytes, in µs; 0: none. */
export function parseTime(bytes: unknown): number {
	if (!(bytes instanceof Buffer) || bytes.length < 20 || bytes.readUInt32BE(0) !== magic) return 0;
	const value = digits(bytes, 4, 20);
	return Number.isSafeInteger(value) ? value : 0;
}

/**
 * The invalidation times of namespaces and tags, as this process knows them.
 *
 * An invalidation time is a small key in Redis that holds a server time. An entry is live only if the invalidation times of
 * its namespace and of its tags all exist and are older than the entry. `clear` and `invalidateTags` move a time to now. A
 * time that Redis has evicted makes entries misses, and never brings a cleared one back.
 *
 * A *time key* is the Redis key that holds an invalidation time.
 */
export class InvalidationTimes {
	/** Raised when changes of invalidation times may have been missed. */
	epoch = 0;
	readonly #known = new LRUCache<string, KnownTime>({
		max: maxKnown,
		dispose: (time, _timeKey, reason) => {
			if (reason === 'evict') this.#newestForgotten = Math.max(this.#newestForgotten, time.value, time.stamp);
		},
	});
	/** The newest time dropped for want of room: one that is not known may be as new as this. */
	#newestForgotten = 0;
	readonly #trustedUntil: () => number;

	/** @param trustedUntil Local time until which a time read or moved now counts as current. */
	constructor(trustedUntil: () => number) {
		this.#trustedUntil = trustedUntil;
	}

	/**
	 * A read found this value. A known time never goes back.
	 *
	 * @param epoch -1 if the time was changed while the reply was in flight.
	 */
	learn(timeKey: string, value: number, epoch: number): void {
		const known = this.#known.get(timeKey);
		const trustedUntil = this.#trustedUntil();
		if (known === undefined) this.#known.set(timeKey, {value, stamp: 0, epoch, trustedUntil, ensuredAt: 0});
		else if (value === 0) {
			// It was evicted, or Redis restarted. It is created again before the next write; its old value still holds for memory.
			known.ensuredAt = 0;
			known.epoch = -1;
		} else {
			known.value = Math.max(value, known.value);
			known.epoch = epoch;
			known.trustedUntil = trustedUntil;
		}
	}

	/**
	 * This process is about to move it. Until Redis replies, it counts as moved to `stamp`, the latest the server's time can
	 * be.
	 */
	moving(timeKey: string, stamp: number, now: number): void {
		this.moved(timeKey, stamp, now, -1);
		const known = this.#known.get(timeKey);
		if (known !== undefined) known.stamp = stamp;
	}

	/** Redis has moved it to `value`. That replaces the stamp, which may be later than what is set from now on. */
	confirmed(timeKey: string, stamp: number, value: number, now: number, epoch: number): void {
		const known = this.#known.get(timeKey);
		if (known?.value === stamp) known.value = value;
		this.moved(timeKey, value, now, epoch);
	}

	/** This process has moved or created it in Redis. */
	moved(timeKey: string, value: number, now: number, epoch: number): void {
		const known = this.#known.get(timeKey);
		this.#known.set(timeKey, {
			value: Math.max(value, known?.value ?? 0),
			stamp: known?.stamp ?? 0,
			epoch,
			trustedUntil: this.#trustedUntil(),
			ensuredAt: now,
		});
	}

	/** A client has changed it. */
	markUnverified(timeKey: string): void {
		const known = this.#known.peek(timeKey);
		if (known !== undefined) known.epoch = -1;
	}

	markAllUnverified(): void {
		this.epoch++;
	}

	/** Redis may have lost everything: each time has to be created again before it is used. */
	forgetEnsured(): void {
		for (const known of this.#known.values()) known.ensuredAt = 0;
	}

	/** The newest value it is known to have had, or may have had. */
	newestKnown(timeKey: string): number {
		return this.#known.get(timeKey)?.value ?? this.#newestForgotten;
	}

	/** The newer of what was read and what is known; 0 if it does not exist in Redis. */
	newest(timeKey: string, read: number): number {
		return read === 0 ? 0 : Math.max(read, this.newestKnown(timeKey));
	}

	/**
	 * True if an entry in memory is newer than what is known of the time.
	 *
	 * @param version 0: only this process knows the entry, and its `asOf` is a stamp.
	 */
	allows(timeKey: string, asOf: number, version: number): boolean {
		if (asOf <= this.newestKnown(timeKey)) return false;
		return version > 0 || asOf > (this.#known.get(timeKey)?.stamp ?? 0);
	}

	/** The value, if it is known to be current. */
	current(timeKey: string): number | undefined {
		const known = this.#known.get(timeKey);
		if (known === undefined || known.epoch !== this.epoch) return undefined;
		const isTrusted = known.trustedUntil === Number.POSITIVE_INFINITY || localNow() < known.trustedUntil;
		return isTrusted ? known.value : undefined;
	}

	/** True if it may not exist in Redis, or was not renewed for an hour. */
	needsEnsuring(timeKey: string, now: number): boolean {
		const known = this.#known.get(timeKey);
		return known === undefined || known.ensuredAt === 0 || now - known.ensuredAt > ensureEveryMs;
	}
}
