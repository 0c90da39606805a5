import {localNow} from '../../clock/local-now.js';

/** The longest lease, in milliseconds. */
export const maxLeaseMs = 10_000;

/** A lease lasts this many times as long as a command for one takes: it is renewed each fourth of it, so three renewals may fail. */
const reserve = 8;

/**
 * Milliseconds that each load in progress in this process adds: replies and renewals of thousands take their time, however
 * little processor time this process gets, and with a longer lease fewer are needed.
 */
const perLoadMs = 5;

/** Milliseconds in which a slow command counts half. */
const halfLifeMs = 2000;

/**
 * The time that a lease is asked for. Short on a quiet machine: others wait for a process that dies at the beginning of its load.
 * Where commands take long, because Redis is busy or this process gets little processor time, leases are longer: others would
 * take them over, and load the key again, before a renewal gets through. So they are where this process loads many keys at once.
 */
export class LeaseLength {
	readonly #minMs: number;
	readonly #loads: () => number;
	#slowMs = 0;
	#seenAt = 0;

	/** @param loads The number of loads in progress, and of reads that may lead to one. */
	constructor(minMs: number, loads: () => number) {
		this.#minMs = minMs;
		this.#loads = loads;
	}

	/** Milliseconds. */
	get ms(): number {
		const ms = Math.max(this.#minMs, perLoadMs * this.#loads(), reserve * this.#slow(localNow()));
		return Math.ceil(Math.min(maxLeaseMs, ms));
	}

	/**
	 * A command for a lease was answered. More than the longest lease needs counts as that: a process that was suspended for an
	 * hour is quick again.
	 *
	 * @param ms Since it was due: the timer for it may have been late, too.
	 */
	took(ms: number): void {
		const now = localNow();
		this.#slowMs = Math.max(Math.min(ms, maxLeaseMs / reserve), this.#slow(now));
		this.#seenAt = now;
	}

	#slow(now: number): number {
		return this.#slowMs * 0.5 ** ((now - this.#seenAt) / halfLifeMs);
	}
}
