import type {CacheCounters} from './snapshot.js';

type CounterName = {
	/** `misses`: `redis_cache_misses_total` for Prometheus, `redis_cache.misses` for OpenTelemetry. */
	readonly name: string;
	readonly field: keyof CacheCounters;
	/** The thing counted, in the singular: the unit for OpenTelemetry. */
	readonly unit: string;
	readonly help: string;
};

/**
 * The counters of a snapshot that are exported as one series each. Hits are not among them: they have one series per
 * tier.
 */
export const counterNames: readonly CounterName[] = [
	{name: 'stale_hits', field: 'hitsStale', unit: 'hit', help: 'Values served past their TTL, within grace'},
	{name: 'misses', field: 'misses', unit: 'miss', help: 'Reads that found no fresh value'},
	{name: 'loads', field: 'loads', unit: 'load', help: 'Loader runs'},
	{name: 'load_errors', field: 'loadErrors', unit: 'load', help: 'Loader runs that failed or timed out'},
	{
		name: 'loads_rejected',
		field: 'loadsRejected',
		unit: 'load',
		help: 'Loader runs refused because loader.queue was full',
	},
	{
		name: 'loads_paused',
		field: 'loadsPaused',
		unit: 'read',
		help: 'Reads answered with the stale value, because the loader had failed less than loader.retryAfter ago',
	},
	{
		name: 'fills_refused',
		field: 'fillsRefused',
		unit: 'load',
		help: 'Loaded values that were not stored, because the key had changed since the load began',
	},
	{name: 'sets', field: 'sets', unit: 'key', help: 'Keys set, in Redis or only in memory'},
	{name: 'deletes', field: 'deletes', unit: 'key', help: 'Keys deleted, in Redis or only in memory'},
	{name: 'invalidations', field: 'invalidations', unit: 'call', help: 'Calls of invalidateTags and clear'},
	{
		name: 'evictions',
		field: 'evictions',
		unit: 'entry',
		help: 'Entries that the memory tier dropped because it was full',
	},
	{name: 'timeouts', field: 'timeouts', unit: 'command', help: 'Commands not answered within their deadline'},
	{name: 'errors', field: 'errors', unit: 'command', help: 'Commands that failed for any other reason'},
	{name: 'shed', field: 'shed', unit: 'command', help: 'Commands not sent because a local queue was full'},
	{
		name: 'corrupt_entries',
		field: 'corrupt',
		unit: 'entry',
		help: 'Entries that could not be decoded and counted as misses',
	},
	{
		name: 'late_writes',
		field: 'lateWrites',
		unit: 'command',
		help: 'Writes that reached Redis after their deadline and had no effect',
	},
	{
		name: 'clock_steps',
		field: 'clockSteps',
		unit: 'step',
		help: 'Times that the clock of Redis was set, by 10 ms or more',
	},
	{name: 'batches', field: 'batches', unit: 'command', help: 'MGET commands sent'},
	{name: 'batched_keys', field: 'batchedKeys', unit: 'key', help: 'Keys read by MGET commands'},
];
