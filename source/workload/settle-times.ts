import {createHistogram, type RecordableHistogram} from 'node:perf_hooks';

const maxMicros = 3_600_000_000;

/** Quantiles of durations in milliseconds. All are 0 while nothing was recorded. */
export type SettleQuantiles = {
	/** The median. */
	readonly p50: number;
	/** Exceeded by one in a hundred. */
	readonly p99: number;
	/** The largest. */
	readonly max: number;
};

/** Histogram of durations with quantiles exact to two digits, in milliseconds. All are 0 while nothing was recorded. */
export class SettleTimes {
	readonly #histogram: RecordableHistogram = createHistogram({lowest: 1, highest: maxMicros, figures: 2});

	record(ms: number): void {
		this.#histogram.record(Math.min(maxMicros, Math.max(1, Math.round(ms * 1000))));
	}

	quantiles(): SettleQuantiles {
		if (this.#histogram.count === 0) return {p50: 0, p99: 0, max: 0};
		return {
			p50: this.#histogram.percentile(50) / 1000,
			p99: this.#histogram.percentile(99) / 1000,
			max: this.#histogram.max / 1000,
		};
	}

	reset(): void {
		this.#histogram.reset();
	}
}
