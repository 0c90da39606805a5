/** The reply of the server to INFO: sections memory, stats and commandstats. Read about once a minute. */
export type ServerReading = {
	/** Time of the reading, as of the traffic. */
	readonly at: number;
	/** Address of the master, in a cluster; undefined for a single server. */
	readonly node?: string;
	/** Limit of its memory in bytes; 0 is none. */
	readonly maxMemory: number;
	/** Policy at the memory limit: `noeviction`, `allkeys-lru` and so on. */
	readonly maxMemoryPolicy: string;
	/** Bytes in use, and of the machine; undefined if the server does not report them. */
	readonly usedMemory: number;
	readonly systemMemory: number | undefined;
	/** Counters since its start. */
	readonly evictedKeys: number;
	readonly keyspaceHits: number;
	readonly keyspaceMisses: number;
	/** Milliseconds spent on scripts and functions since the start of the server; undefined if it does not report them. */
	readonly scriptMs?: number | undefined;
};

const scriptStatistics = ['eval', 'evalsha', 'eval_ro', 'evalsha_ro', 'fcall', 'fcall_ro'];

/** Parses the reply to INFO; undefined if the fields are missing. */
export function serverReading(info: string, at: number): ServerReading | undefined {
	const lines = new Map(
		info.split(/\r?\n/).flatMap((line): [string, string][] => {
			const colon = line.indexOf(':');
			return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
		}),
	);
	const number = (name: string): number => Number(lines.get(name) ?? Number.NaN);
	const maxMemoryPolicy = lines.get('maxmemory_policy');
	const figures = {
		at,
		maxMemory: number('maxmemory'),
		usedMemory: number('used_memory'),
		evictedKeys: number('evicted_keys'),
		keyspaceHits: number('keyspace_hits'),
		keyspaceMisses: number('keyspace_misses'),
	};
	if (maxMemoryPolicy === undefined || Object.values(figures).some((value) => Number.isNaN(value))) return undefined;
	const systemMemory = number('total_system_memory');
	return {
		...figures,
		maxMemoryPolicy,
		systemMemory: systemMemory > 0 ? systemMemory : undefined,
		...(/^cmdstat_/m.test(info) && {scriptMs: scriptMs(lines)}),
	};
}

function scriptMs(lines: ReadonlyMap<string, string>): number {
	const microseconds = scriptStatistics.map((name) => {
		const [, usec = 0] = /\busec=(\d+)/.exec(lines.get(`cmdstat_${name}`) ?? '') ?? [];
		return Number(usec);
	});
	return microseconds.reduce((sum, one) => sum + one, 0) / 1000;
}
