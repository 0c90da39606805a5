/** Limits from which on a figure is a problem. */
export const thresholds = {
	/** Milliseconds without an answer. */
	silentMs: 5000,
	/** Milliseconds without an answer, if new connections are refused or reset: the server is then not just slow. */
	refusedMs: 1500,
	/** Lookups in ten seconds below which a hit ratio is not significant. */
	lookups: 100,
	/** Decrease of the hit ratio, 0 to 1. */
	hitRatioDrop: 0.1,
	/** A hit ratio below which a cache costs more than it saves. */
	hitRatio: 0.5,
	/** Evictions a second. */
	evictions: 1,
	/** Share of `maxmemory` with `noeviction`, with which writes fail at the limit. */
	memoryShare: 0.9,
	/** Share of `maxclients`. */
	clientShare: 0.9,
	/** Busy share of the thread that runs commands. */
	cpuShare: 0.9,
	/** 99th percentile of the duration of commands, in milliseconds. */
	p99Ms: 10,
	/** Duration of one command, during which all others wait, in milliseconds. */
	slowCommandMs: 50,
	/** Milliseconds after a restart during which a cache is still being filled. */
	restartMs: 600_000,
	/** Error replies a second, of all kinds without a separate rule. */
	errors: 1,
} as const;
