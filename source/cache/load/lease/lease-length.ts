import {localNow} from '../../clock/local-now.js';

/** The longest lease, in milliseconds. */
export const maxLeaseMs = 10_000;

/**
 * Ratio of the length of a lease to the duration of a lease command. A lease is renewed after each fourth of its length, so
 * that three renewals may fail.
 */
const reserve = 8;

/**
 * Milliseconds that each load in progress in this process adds to a lease: the replies and renewals of thousands of loads take
 * time, and longer leases need fewer renewals.
 */
const perLoadMs = 5;

/** Half-life in milliseconds of the effect of a slow command. */
const halfLifeMs = 2000;

/**
 * The length of new leases. It is short on an idle machine, since other processes wait that long for one that dies during its
 * load. It is longer when commands are slow (Redis is busy, or this process is short of processor time) or when this process
 * loads many keys at once: otherwise other processes would take leases over, and load the keys again, before a renewal reaches
 * Redis.
 */
export class LeaseLength {
	readonly #minMs: number;
	readonly #loads: () => number;
	#slowMs = 0;
	#seenAt = 0;

	/** @param loads Returns the number of loads in progress, and of reads that may lead to one. */
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
	 * A lease command was answered. Its duration is capped at what the longest lease needs, so that a process that was
	 * suspended for an hour soon returns to short leases.
	 *
	 * @param ms Milliseconds since the command was due, since its timer may also have been late.
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
