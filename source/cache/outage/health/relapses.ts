import {localNow} from '../../clock/local-now.js';
import {doublingPause} from './doubling-pause.js';

/** A server that has been in use for this long is well: its next outage is a first one. In milliseconds. */
const wellMs = 10_000;
const maxPauseMs = 3000;
const maxProbes = 8;

/**
 * Counts the times in a row that a server went out of use soon after it was back. With each, the pause before it is tried again is
 * longer, and it has to answer more probes in a row. A server whose latency is at the deadline answers some probes in time and
 * misses deadlines after that: otherwise its mode would change once a second for as long as that lasts. One that is well answers
 * the probes at once.
 */
export class Relapses {
	readonly #probeMs: number;
	readonly #random: () => number;
	#count = 0;
	#backAt = Number.NEGATIVE_INFINITY;
	#pausedUntil = Number.NEGATIVE_INFINITY;

	/**
	 * @param probeMs Milliseconds between probes. The first pause is at most twice that.
	 * @param random Returns a number from 0 to 1. Half of a pause is random, so that processes do not come back together.
	 */
	constructor(probeMs: number, random: () => number = Math.random) {
		this.#probeMs = probeMs;
		this.#random = random;
	}

	/** The server is in use again. */
	back(now = localNow()): void {
		this.#backAt = now;
	}

	/**
	 * The server went out of use.
	 *
	 * @param isSilent True if it has missed deadlines.
	 * @param soonMs A loss for another reason is a relapse if it was in use for less, in milliseconds.
	 */
	lost(isSilent: boolean, soonMs = 0, now = localNow()): void {
		const usedMs = now - this.#backAt;
		if (usedMs >= wellMs) this.#count = 0;
		else if (isSilent || usedMs < soonMs) this.#count++;
		this.#pause(now);
	}

	/** It missed a deadline while it was being made usable again. */
	failed(now = localNow()): void {
		this.#count++;
		this.#pause(now);
	}

	/** Number of probes in a row that it has to answer before it may be used. */
	get probes(): number {
		return Math.min(1 + this.#count, maxProbes);
	}

	/** Milliseconds that are left of the pause. 0 without a relapse. */
	leftMs(now = localNow()): number {
		return Math.max(0, this.#pausedUntil - now);
	}

	#pause(now: number): void {
		if (this.#count === 0) return;
		this.#pausedUntil = now + doublingPause(this.#probeMs, this.#count, maxPauseMs) * (0.5 + this.#random() / 2);
	}
}
