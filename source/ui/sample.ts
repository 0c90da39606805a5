/** What happened in one stretch of time: a second, or several merged. */
export type Sample = {
	/** Reads answered by the memory tier, by Redis, and by neither. */
	readonly memory: number;
	readonly redis: number;
	readonly misses: number;
	/** Calls of the cache of all kinds. */
	readonly calls: number;
	readonly seconds: number;
	/** Of the application's calls, in milliseconds. */
	readonly p50: number | undefined;
	readonly p99: number | undefined;
	readonly wrongReads: number;
	/** Of the pool, 0 to 1; the highest. */
	readonly utilisation: number;
	/** Keys in the journal; the most. */
	readonly journal: number;
};

const highest = (a: number | undefined, b: number | undefined): number | undefined =>
	a === undefined ? b : b === undefined ? a : Math.max(a, b);

function mean(a: Sample, b: Sample): number | undefined {
	if (a.p50 === undefined || b.p50 === undefined) return a.p50 ?? b.p50;
	const weight = a.calls + b.calls;
	return weight === 0 ? (a.p50 + b.p50) / 2 : (a.p50 * a.calls + b.p50 * b.calls) / weight;
}

/** Two stretches as one: counts add up; of p99 and levels the worst stays, so that no spike is averaged away. */
export function merge(a: Sample, b: Sample): Sample {
	return {
		memory: a.memory + b.memory,
		redis: a.redis + b.redis,
		misses: a.misses + b.misses,
		calls: a.calls + b.calls,
		seconds: a.seconds + b.seconds,
		p50: mean(a, b),
		p99: highest(a.p99, b.p99),
		wrongReads: a.wrongReads + b.wrongReads,
		utilisation: Math.max(a.utilisation, b.utilisation),
		journal: Math.max(a.journal, b.journal),
	};
}
