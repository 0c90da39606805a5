import type {DurationHistogram, LatencySummary} from './durations.js';
import {LatencyWindow} from './latency-window.js';

/**
 * Upper bounds of the buckets in milliseconds. 200 ms, the default deadline, is one of them. They must never change, since
 * histograms of different versions are added up.
 */
const boundsMs = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/**
 * Records durations in two forms: quantiles of the latest ones, and a histogram since the start that can be added up over
 * processes.
 */
export class LatencyMeter {
	readonly #window: LatencyWindow;
	/** Number of durations in each bucket; the last one is for durations above all bounds. */
	readonly #counts = new Float64Array(boundsMs.length + 1);
	#sumMs = 0;

	/** @param now Milliseconds of a monotonic clock; for tests. */
	constructor(now?: () => number) {
		this.#window = new LatencyWindow(undefined, now);
	}

	/** @param at The current time, if the caller has already read the clock. */
	record(ms: number, at?: number): void {
		this.#window.record(ms, at);
		let bucket = 0;
		while (ms > (boundsMs[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
		this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
		this.#sumMs += ms;
	}

	summary(): LatencySummary {
		return this.#window.summary();
	}

	histogram(): DurationHistogram {
		let count = 0;
		const counts = Array.from(this.#counts, (more) => {
			count += more;
			return count;
		});
		return {
			count,
			sumMs: this.#sumMs,
			buckets: boundsMs.map((upToMs, index) => ({upToMs, count: counts[index] ?? 0})),
		};
	}
}
