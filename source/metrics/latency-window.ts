import {createHistogram, type RecordableHistogram} from 'node:perf_hooks';
import {monotonicNow} from '../time/real-time.js';
import type {LatencySummary} from './durations.js';

const partCount = 4;
/** One hour. Longer durations count as one hour. */
const maxMicros = 3_600_000_000;

const newHistogram = (): RecordableHistogram => createHistogram({lowest: 1, highest: maxMicros, figures: 2});

/**
 * Quantiles of the durations in a sliding window.
 *
 * The window consists of four histograms. When a new one begins, the oldest is emptied: a summary covers between three
 * quarters of the window and all of it. Quantiles have two significant digits.
 */
export class LatencyWindow {
	readonly #parts: RecordableHistogram[] = [];
	readonly #partMs: number;
	readonly #now: () => number;
	#current: RecordableHistogram;
	/** Number of the part that `#current` belongs to: the time divided by the length of a part. */
	#part: number;
	#merged: RecordableHistogram | undefined;

	/** @param windowMs Length of the window in milliseconds. Default 10,000. */
	constructor(windowMs = 10_000, now: () => number = () => monotonicNow()) {
		this.#partMs = windowMs / partCount;
		this.#now = now;
		for (let index = 0; index < partCount; index++) this.#parts.push(newHistogram());
		this.#part = Math.floor(now() / this.#partMs);
		this.#current = this.#at(this.#part);
	}

	/** @param at The time now, if the caller has read the clock already. */
	record(ms: number, at: number = this.#now()): void {
		this.#advance(at);
		const micros = Math.round(ms * 1000);
		this.#current.record(Math.min(Math.max(micros, 1), maxMicros));
	}

	summary(): LatencySummary {
		this.#advance(this.#now());
		this.#merged ??= newHistogram();
		this.#merged.reset();
		for (const part of this.#parts) this.#merged.add(part);
		const merged = this.#merged;
		if (merged.count === 0) return {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined};
		return {
			count: merged.count,
			p50: merged.percentile(50) / 1000,
			p90: merged.percentile(90) / 1000,
			p99: merged.percentile(99) / 1000,
			max: merged.max / 1000,
		};
	}

	#advance(at: number): void {
		const part = Math.floor(at / this.#partMs);
		if (part <= this.#part) return;
		const passed = Math.min(part - this.#part, partCount);
		for (let back = 0; back < passed; back++) this.#at(part - back).reset();
		this.#part = part;
		this.#current = this.#at(part);
	}

	#at(part: number): RecordableHistogram {
		return this.#parts[part % partCount] as RecordableHistogram;
	}
}
