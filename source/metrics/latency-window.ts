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
 *
 * A histogram is allocated when its first duration is recorded, since that takes 0.1 ms and 27 KB, and many are never used.
 */
export class LatencyWindow {
	readonly #parts = new Array<RecordableHistogram | undefined>(partCount).fill(undefined);
	readonly #partMs: number;
	readonly #now: () => number;
	/** Number of the newest part: the time divided by the length of a part. */
	#part: number;
	#merged: RecordableHistogram | undefined;

	/** @param windowMs Length of the window in milliseconds. Default 10,000. */
	constructor(windowMs = 10_000, now: () => number = () => monotonicNow()) {
		this.#partMs = windowMs / partCount;
		this.#now = now;
		this.#part = Math.floor(now() / this.#partMs);
	}

	/** @param at The current time, if the caller has already read the clock. */
	record(ms: number, at: number = this.#now()): void {
		this.#advance(at);
		const micros = Math.round(ms * 1000);
		this.#current().record(Math.min(Math.max(micros, 1), maxMicros));
	}

	summary(): LatencySummary {
		this.#advance(this.#now());
		const parts = this.#parts.filter((part) => part !== undefined).filter(({count}) => count > 0);
		if (parts.length === 0) return {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined};
		this.#merged ??= newHistogram();
		const merged = this.#merged;
		merged.reset();
		for (const part of parts) merged.add(part);
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
		for (let back = 0; back < passed; back++) this.#parts[(part - back) % partCount]?.reset();
		this.#part = part;
	}

	#current(): RecordableHistogram {
		const index = this.#part % partCount;
		const part = this.#parts[index] ?? newHistogram();
		this.#parts[index] = part;
		return part;
	}
}
