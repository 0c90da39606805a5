import {numberOf, type Sender} from '../sender.js';
import {scanStep} from './scan.js';

/**
 * Keys whose TTL one round reads. No command returns a TTL without counting as a lookup: PTTL and EXPIRETIME add to
 * `keyspace_hits`, though they do not move the LRU or LFU clock of the key (measured on Redis 7.0.15).
 */
const keysPerRound = 20;

/** Keys of the first rounds, so that there is a picture at once. */
const firstKeys = 100;

/** Milliseconds between rounds: two lookups a second, at most a hundredth of those of a busy application. */
const roundMs = 10_000;

/** Lookups a second from which on an application is busy. */
const busyLookups = 200;

/** Milliseconds between rounds where it is not busy: twenty lookups a minute. */
const quietRoundMs = 60_000;

/** Keys that the picture is made of, the latest. */
const keptKeys = 200;

/** Milliseconds after which an answer is too old. */
const keptMs = 300_000;

type Seen = {
	/** Milliseconds left; `Infinity` for a key that does not expire. */
	readonly ttlMs: number;
	/** Unix time in milliseconds. */
	readonly at: number;
};

/** Samples the TTLs of a Redis that the program did not start, a few keys at a time, from one end of the keyspace to the other. */
export class LightTtlSample {
	readonly #sender: Sender;
	#cursor = '0';
	#seen: readonly Seen[] = [];
	#sampledAt: number | undefined;

	constructor(sender: Sender) {
		this.#sender = sender;
	}

	/** Milliseconds left of the keys seen lately. Undefined before the first round. */
	get ttls(): readonly number[] | undefined {
		return this.#sampledAt === undefined ? undefined : this.#seen.map(({ttlMs}) => ttlMs);
	}

	/** When the last round was made, Unix time in milliseconds. */
	get at(): number {
		return this.#sampledAt ?? 0;
	}

	/**
	 * Makes a round if it is time for one.
	 *
	 * @param lookups Lookups of applications a second.
	 * @param keys Keys in the Redis. A small keyspace is not counted twice.
	 * @param now Unix time in milliseconds.
	 */
	async refresh({lookups, keys}: {readonly lookups: number; readonly keys: number}, now: number): Promise<void> {
		const isFirst = this.#sampledAt === undefined;
		const everyMs = lookups >= busyLookups ? roundMs : quietRoundMs;
		if (!isFirst && now - (this.#sampledAt ?? 0) < everyMs) return;
		const found = await this.#round(isFirst ? firstKeys : keysPerRound, now);
		const seen = [...this.#seen, ...found].filter(({at}) => now - at <= keptMs);
		this.#seen = seen.slice(Math.max(0, seen.length - Math.min(keptKeys, Math.max(keys, found.length))));
		this.#sampledAt = now;
	}

	async #round(wanted: number, now: number): Promise<readonly Seen[]> {
		const found: Seen[] = [];
		// A step may return more keys than requested, or none.
		for (let step = 0; step < wanted / keysPerRound && found.length < wanted; step++) {
			const {cursor, keys} = await scanStep(this.#sender, this.#cursor, {count: keysPerRound});
			this.#cursor = cursor;
			const asked = keys.slice(0, wanted - found.length);
			const replies = await Promise.all(asked.map((key) => this.#sender.send('PTTL', [key])));
			for (const reply of replies) {
				const left = numberOf(reply) ?? -2;
				if (left !== -2) found.push({ttlMs: left < 0 ? Number.POSITIVE_INFINITY : left, at: now});
			}
			if (cursor === '0') break;
		}
		return found;
	}
}
