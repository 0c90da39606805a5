import {numberOf, type Sender} from '../sender.js';
import {scanStep} from './scan.js';

/**
 * Number of keys whose TTL one round reads. No command returns a TTL without counting as a lookup: PTTL and EXPIRETIME add to
 * `keyspace_hits`, though they do not move the LRU or LFU clock of the key (measured on Redis 7.0.15).
 */
const keysPerRound = 20;

/** Number of keys of the first rounds, so that there is a result soon. */
const firstKeys = 100;

/** Milliseconds between rounds: two lookups a second, at most a hundredth of those of a busy application. */
const roundMs = 10_000;

/** Lookups a second from which on an application counts as busy. */
const busyLookups = 200;

/** Milliseconds between rounds if the application is not busy: twenty lookups a minute. */
const quietRoundMs = 60_000;

/** Number of the latest keys that are kept for the result. */
const keptKeys = 200;

/** Milliseconds after which the TTL of a key is outdated and dropped. */
const keptMs = 300_000;

type Seen = {
	/** Remaining time in milliseconds; `Infinity` for a key that does not expire. */
	readonly ttlMs: number;
	/** Unix time in milliseconds. */
	readonly at: number;
};

/** Samples the TTLs of a Redis that the program did not start: a few keys at a time, over the whole keyspace. */
export class LightTtlSample {
	readonly #sender: Sender;
	#cursor = '0';
	#seen: readonly Seen[] = [];
	#sampledAt: number | undefined;

	constructor(sender: Sender) {
		this.#sender = sender;
	}

	/** Remaining times of the latest keys in milliseconds. Undefined before the first round. */
	get ttls(): readonly number[] | undefined {
		return this.#sampledAt === undefined ? undefined : this.#seen.map(({ttlMs}) => ttlMs);
	}

	/** When the last round was made, Unix time in milliseconds. */
	get at(): number {
		return this.#sampledAt ?? 0;
	}

	/**
	 * Runs a round if one is due.
	 *
	 * @param lookups Lookups of applications a second.
	 * @param keys Number of keys in the Redis, so that a small keyspace is not counted twice.
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
