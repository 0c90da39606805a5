/** Quantiles of a duration in milliseconds. If nothing was measured, `count` is 0 and the others are `undefined`. */
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
	/** Number of measurements up to the bound, including those in the buckets before. */
	readonly count: number;
};

/** Durations since the cache was created. Counts only grow, and can be added up over processes. */
export type DurationHistogram = {
	/** Number of measurements. */
	readonly count: number;
	/** Sum of all measurements, in milliseconds. */
	readonly sumMs: number;
	/** Ordered by their bounds. Measurements above the last bound are only in `count`. */
	readonly buckets: readonly DurationBucket[];
};
