/** From when on a figure is a problem. */
export const thresholds = {
	/** Milliseconds without an answer. */
	silentMs: 5000,
	/** Milliseconds without an answer, where new connections are refused or reset: that is not slowness. */
	refusedMs: 1500,
	/** Lookups in ten seconds below which a hit ratio is not significant. */
	lookups: 100,
	/** Points of the hit ratio lost, 0 to 1. */
	hitRatioDrop: 0.1,
	/** A hit ratio below which a cache costs more than it saves. */
	hitRatio: 0.5,
	/** Evictions a second. */
	evictions: 1,
	/** Share of `maxmemory` with `noeviction`, where writes fail at the limit. */
	memoryShare: 0.9,
	/** Share of `maxclients`. */
	clientShare: 0.9,
	/** Share of the time of the one thread that runs commands. */
	cpuShare: 0.9,
	/** Milliseconds for 99 of 100 commands. */
	p99Ms: 10,
	/** Milliseconds of one command, while all others wait. */
	slowCommandMs: 50,
	/** Milliseconds after a restart in which a cache is still being filled. */
	restartMs: 600_000,
	/** Error replies a second, of all kinds without a separate rule. */
	errors: 1,
} as const;
