/** Quantiles of a duration in milliseconds. Where nothing was measured, `count` is 0 and the rest `undefined`. */
export type LatencySummary = {
	/** Number of measurements. */
	readonly count: number;
	/** The median. */
	readonly p50: number | undefined;
	/** The 90th percentile. */
	readonly p90: number | undefined;
	/** The 99th percentile. */
	readonly p99: number | undefined;
	/** The maximum. */
	readonly max: number | undefined;
};

/** Durations up to a bound. */
export type DurationBucket = {
	/** The bound, in milliseconds. */
	readonly upToMs: number;
	/** Measurements of at most so many milliseconds, those of shorter bounds included. */
	readonly count: number;
};

/** Durations since the cache was created. Counts only grow, and those of several processes add up. */
export type DurationHistogram = {
	/** Number of measurements. */
	readonly count: number;
	/** Milliseconds of all of them together. */
	readonly sumMs: number;
	/** From the shortest bound to the longest. Longer measurements are in `count` alone. */
	readonly buckets: readonly DurationBucket[];
};
