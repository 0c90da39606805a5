import {freePipe, type PipeRules} from './link-rules.js';

/** With a limited bandwidth, bytes are sent in portions of about this many milliseconds. */
const portionMs = 20;

/** Most milliseconds that may be caught up after a delay by a slow reader. */
const maxCatchUpMs = 100;

/**
 * Decides when and in which portions the bytes of a pipe are sent, according to latency, bandwidth and slices. Times are those
 * of `performance.now()`.
 */
export class Pacing {
	readonly #random: () => number;
	#rules: PipeRules = freePipe;
	#lastDueAt = 0;
	/** Time at which the link, at its bandwidth, has transmitted everything sent so far. */
	#lineFreeAt = 0;
	/** The portion that is being transmitted. */
	#onLine: {readonly size: number; readonly readyAt: number} | undefined;
	#nextSliceAt = 0;

	/** @param random Returns a number from 0 to 1. */
	constructor(random: () => number) {
		this.#random = random;
	}

	/**
	 * Changes the rules. Bytes that a lifted fault has delayed wait no longer than by the new rules.
	 *
	 * @returns The latest time at which bytes received so far may still become due.
	 */
	setRules(rules: PipeRules): number {
		this.#rules = rules;
		this.#onLine = undefined;
		const now = performance.now();
		const latest = rules.delays.reduce((at, {delayMs, jitterMs}) => at + delayMs + jitterMs, now);
		this.#lastDueAt = Math.min(this.#lastDueAt, latest);
		this.#nextSliceAt = Math.min(this.#nextSliceAt, now + (rules.slice?.delayMs ?? 0));
		return latest;
	}

	/**
	 * Time at which bytes that arrive now have passed the latency. Never before earlier bytes, so that jitter does not change
	 * the order.
	 */
	dueAt(): number {
		let delay = 0;
		for (const {delayMs, jitterMs} of this.#rules.delays)
			delay += Math.max(0, delayMs + (this.#random() * 2 - 1) * jitterMs);
		this.#lastDueAt = Math.max(this.#lastDueAt, performance.now() + delay);
		return this.#lastDueAt;
	}

	/** Time at which an end of the stream that is due at `dueAt` may leave. */
	endReadyAt(dueAt: number): number {
		return Math.max(dueAt, this.#nextSliceAt);
	}

	/** Time at which the next portion of some bytes that are due at `dueAt` may leave. */
	bytesReadyAt(length: number, dueAt: number, now: number): number {
		const readyAt = this.endReadyAt(dueAt);
		const rate = this.#rules.bytesPerMs;
		if (readyAt > now || rate === undefined) return readyAt;
		if (this.#onLine === undefined) {
			const size = this.#portionOf(length, rate);
			// Counted from the time at which the link was free, not from now: a late timer must not lower the bandwidth.
			const from = Math.max(this.#lineFreeAt, dueAt, now - maxCatchUpMs);
			this.#onLine = {size, readyAt: from + size / rate};
		}
		return Math.max(readyAt, this.#onLine.readyAt);
	}

	/** Takes the portion that is ready. Returns its size. */
	takePortion(length: number, now: number): number {
		const size = this.#onLine?.size ?? this.#portionOf(length, undefined);
		if (this.#onLine !== undefined) this.#lineFreeAt = this.#onLine.readyAt;
		this.#onLine = undefined;
		if (this.#rules.slice !== undefined) this.#nextSliceAt = now + this.#rules.slice.delayMs;
		return size;
	}

	#portionOf(length: number, rate: number | undefined): number {
		let size = length;
		if (rate !== undefined) size = Math.min(size, Math.max(1, Math.floor(rate * portionMs)));
		const {slice} = this.#rules;
		if (slice !== undefined) size = Math.min(size, Math.max(1, Math.round(slice.bytes * (0.5 + this.#random()))));
		return size;
	}
}
