/** Options of `npm run benchmark`, for suites that take them. */
export type BenchmarkOptions = {
	/** Rounds of interleaved measurements. Default: by the suite. Fewer say less, and are quick. */
	readonly rounds: number | undefined;
	/** Keys in the keyspace that is looked at. Default: by the suite. */
	readonly keys: number | undefined;
	/** Caches that take part, most of all. Default: by the suite. */
	readonly caches: number | undefined;
	/** Values of `memory.coherence` to compare, with commas between them. Default: that of the library. */
	readonly coherence: string | undefined;
};
