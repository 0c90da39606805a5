import {localNow} from '../../clock/local-now.js';
import {doublingPause} from './doubling-pause.js';

/** Milliseconds in use after which a server counts as stable: its next outage is no relapse. */
const wellMs = 10_000;
const maxPauseMs = 3000;
const maxProbes = 8;

/**
 * Counts *relapses*: the times in a row that a server went out of use soon after it was back. With each, the pause before the
 * next probe is longer, and the server must answer more probes in a row. Otherwise, a server whose latency is near the deadline
 * would answer a probe in time, miss deadlines after that, and change its mode once a second. A healthy server answers all
 * probes at once.
 */
export class Relapses {
	readonly #probeMs: number;
	readonly #random: () => number;
	#count = 0;
	#backAt = Number.NEGATIVE_INFINITY;
	#pausedUntil = Number.NEGATIVE_INFINITY;

	/**
	 * @param probeMs Milliseconds between probes. The first pause is at most twice that.
	 * @param random Returns a number from 0 to 1. Half of a pause is random, so that processes do not return at the same time.
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
	 * @param soonMs If the reason is another one, the loss is a relapse only if the server was in use for less than this.
	 */
	lost(isSilent: boolean, soonMs = 0, now = localNow()): void {
		const usedMs = now - this.#backAt;
		if (usedMs >= wellMs) this.#count = 0;
		else if (isSilent || usedMs < soonMs) this.#count++;
		this.#pause(now);
	}

	/** The server missed a deadline during its recovery. */
	failed(now = localNow()): void {
		this.#count++;
		this.#pause(now);
	}

	/** Number of probes in a row that the server must answer before it is used. */
	get probes(): number {
		return Math.min(1 + this.#count, maxProbes);
	}

	/** Remaining milliseconds of the pause; 0 without a relapse. */
	leftMs(now = localNow()): number {
		return Math.max(0, this.#pausedUntil - now);
	}

	#pause(now: number): void {
		if (this.#count === 0) return;
		this.#pausedUntil = now + doublingPause(this.#probeMs, this.#count, maxPauseMs) * (0.5 + this.#random() / 2);
	}
}
