import type {CacheCounters} from './snapshot.js';

export type CounterName = {
	/** `misses`: `redis_cache_misses_total` for Prometheus, `redis_cache.misses` for OpenTelemetry. */
	readonly name: string;
	readonly field: keyof CacheCounters;
	/** What is counted, in the singular: OpenTelemetry's unit. */
	readonly unit: string;
	readonly help: string;
};

/** The counters of a snapshot that are exported as one series each. Hits are not among them: they have a series for each tier. */
export const counterNames: readonly CounterName[] = [
	{name: 'stale_hits', field: 'hitsStale', unit: 'hit', help: 'Values served past their TTL, within grace'},
	{name: 'misses', field: 'misses', unit: 'miss', help: 'Reads that found nothing, or nothing fresh'},
	{name: 'loads', field: 'loads', unit: 'load', help: 'Runs of loaders'},
	{name: 'load_errors', field: 'loadErrors', unit: 'load', help: 'Runs of loaders that failed or took too long'},
	{
		name: 'fills_refused',
		field: 'fillsRefused',
		unit: 'load',
		help: 'Loaded values that were not stored because their key had changed since the load began',
	},
	{name: 'sets', field: 'sets', unit: 'key', help: 'Keys set, wherever they were stored'},
	{name: 'deletes', field: 'deletes', unit: 'key', help: 'Keys deleted, wherever that was noted'},
	{name: 'invalidations', field: 'invalidations', unit: 'call', help: 'Calls of invalidateTags and clear'},
	{name: 'evictions', field: 'evictions', unit: 'entry', help: 'Entries dropped by the memory tier for want of room'},
	{name: 'timeouts', field: 'timeouts', unit: 'command', help: 'Commands not answered within their deadline'},
	{name: 'errors', field: 'errors', unit: 'command', help: 'Commands that failed for another reason'},
	{name: 'shed', field: 'shed', unit: 'command', help: 'Commands not sent because a local queue was full'},
	{name: 'corrupt_entries', field: 'corrupt', unit: 'entry', help: 'Entries that could not be decoded, read as misses'},
	{
		name: 'late_writes',
		field: 'lateWrites',
		unit: 'command',
		help: 'Writes that reached Redis after their deadline and did nothing there',
	},
	{name: 'batches', field: 'batches', unit: 'command', help: 'MGET commands sent'},
	{name: 'batched_keys', field: 'batchedKeys', unit: 'key', help: 'Keys read by MGET commands'},
];
