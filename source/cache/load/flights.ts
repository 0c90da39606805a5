import {localNow} from '../clock/local-now.js';
import {InProgress} from '../support/in-progress.js';
import type {Flight} from './flight.js';
import {LazyAbortController} from './lazy-abort-controller.js';
import {SharedLeaseReads} from './lease-read/shared-lease-reads.js';

/**
 * The loads in progress. Usually there is one for each key (single flight). If a caller may not join it, a second one runs
 * concurrently; later callers then join the newest, and a change of the key detaches all of them.
 */
export class Flights {
	/** Reads that request a lease, and whose load has not begun yet. */
	readonly leaseReads: SharedLeaseReads;
	/** Everything that may have a lease in Redis: loads, reads that may be granted one, and requests that release one. */
	readonly leased = new InProgress();
	readonly #byKey = new Map<string, Flight[]>();
	/** Every load in progress, including those whose key has changed since they began. */
	readonly #running = new Set<Flight>();

	constructor() {
		this.leaseReads = new SharedLeaseReads(this.leased);
	}

	/** Number of loads in progress. */
	get size(): number {
		return this.#running.size;
	}

	/** The longest-running loads in progress. */
	oldest(count: number): readonly Flight[] {
		const oldest: Flight[] = [];
		for (const flight of this.#running) {
			if (oldest.length === count) break;
			oldest.push(flight);
		}
		return oldest;
	}

	/** The load that a caller may join. */
	get(redisKey: string): Flight | undefined {
		return this.#byKey.get(redisKey)?.at(-1);
	}

	/** Starts a load that callers of the same key may join until it ends. */
	start(redisKey: string, work: (flight: Flight) => Promise<unknown>): Flight {
		const flight: {-readonly [K in keyof Flight]: Flight[K]} = {
			redisKey,
			token: undefined,
			isValid: true,
			isOpen: true,
			startedAt: localNow(),
			sequence: 0,
			generation: 0,
			isCounterKnown: false,
			result: Promise.resolve(),
			afterwards: undefined,
			abort: new LazyAbortController(),
		};
		const others = this.#byKey.get(redisKey);
		if (others === undefined) this.#byKey.set(redisKey, [flight]);
		else others.push(flight);
		this.#running.add(flight);
		this.leased.begin();
		flight.result = work(flight);
		// Callers handle a rejection. If none is left, it must not become an unhandled rejection.
		void flight.result
			.catch(() => {})
			.then(() => flight.afterwards)
			.then(() => this.#remove(redisKey, flight));
		return flight;
	}

	/** The key has changed: results of its loads are not stored, and later callers start a new one. */
	detach(redisKey: string): void {
		this.leaseReads.forget(redisKey);
		const flights = this.#byKey.get(redisKey);
		if (flights === undefined) return;
		for (const flight of flights) flight.isValid = false;
		this.#byKey.delete(redisKey);
	}

	/** Like `detach`, for all keys that start with a prefix. */
	detachAll(entryPrefix: string): void {
		this.leaseReads.forgetAll(entryPrefix);
		for (const redisKey of this.#byKey.keys()) {
			if (redisKey.startsWith(entryPrefix)) this.detach(redisKey);
		}
	}

	/**
	 * Keys that start with a prefix may have changed: later callers start new loads. Results of running loads are still stored.
	 */
	closeAll(entryPrefix: string): void {
		for (const [redisKey, flights] of this.#byKey) {
			if (!redisKey.startsWith(entryPrefix)) continue;
			for (const flight of flights) if (flight.token !== undefined) flight.isOpen = false;
		}
	}

	/** Aborts every load: the cache closes. */
	abort(reason: Error): void {
		for (const flight of this.#running) {
			flight.isValid = false;
			flight.abort.abort(reason);
		}
	}

	#remove(redisKey: string, flight: Flight): void {
		this.#running.delete(flight);
		this.leased.end();
		const flights = this.#byKey.get(redisKey);
		const index = flights?.indexOf(flight) ?? -1;
		if (flights === undefined || index < 0) return;
		if (flights.length === 1) this.#byKey.delete(redisKey);
		else flights.splice(index, 1);
	}
}
