import type {Gauge, Histogram} from 'prom-client';
import {counterNames} from '../../metrics/counter-names.js';
import type {DurationHistogram} from '../../metrics/durations.js';
import type {LaneSnapshot} from '../../metrics/pool-snapshot.js';
import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {InvalidArgumentError, MissingPackageError} from '../../pool/errors.js';

const modes = ['connected', 'fallback', 'recovering'] as const;
const restrictable = ['reads', 'writes'] as const;
const laneStates = ['connecting', 'ready', 'waiting', 'closed'] as const;
const operations = ['get', 'set', 'delete', 'load'] as const;
const coherenceWays = ['tracking', 'tracked', 'bypass', 'ttl', 'off'] as const;
/** Labels that some of the series already have. */
const reservedLabels: ReadonlySet<string> = new Set([
	'tier',
	'mode',
	'restriction',
	'operation',
	'le',
	'source',
	'ttl',
	'state',
	'coherence',
	'node',
]);

const checkLabels = (labels: Readonly<Record<string, string>>): void => {
	for (const name of Object.keys(labels)) {
		if (!/^[a-zA-Z_]\w*$/.test(name) || name.startsWith('__')) {
			throw new InvalidArgumentError(
				`label ${JSON.stringify(name)} is not a name for Prometheus: use letters, digits and _, and start with a letter`,
			);
		}
		if (reservedLabels.has(name)) {
			throw new InvalidArgumentError(
				`label ${JSON.stringify(name)} is reserved: some series have it already; choose another name`,
			);
		}
	}
};

/**
 * Formats a snapshot as Prometheus text, for a `/metrics` endpoint.
 *
 * Series, each with the given labels:
 * - `redis_cache_hits_total{tier}` with tier `memory` or `redis`
 * - `redis_cache_{stale_hits,misses,loads,load_errors,loads_rejected,loads_paused,fills_refused,sets,deletes,invalidations,evictions}_total`,
 *   `redis_cache_{timeouts,errors,shed,corrupt_entries,late_writes,clock_steps,batches,batched_keys,saved_bytes}_total`
 * - `redis_cache_mode{mode}` 1 for the current mode, 0 for the others; `redis_cache_restricted{restriction}` 1 if Redis is in use
 *   and refuses reads or writes; `redis_cache_pending_calls`
 * - in a cluster `redis_cache_node_mode{node,mode}`, the same for each node; `redis_cache_node_slots{node}`;
 *   `redis_cache_node_clock_offset_seconds{node}` by which its clock is ahead of the one of this process; and
 *   `redis_cache_clock_spread_seconds` between the clocks that are furthest apart
 * - `redis_cache_latency_seconds{operation}`, a histogram
 * - `redis_cache_memory_{entries,max_entries,bytes,max_bytes}`, `redis_cache_memory_coherence{coherence}` 1 for the way
 *   in which memory is kept coherent with other processes, 0 for the others
 * - `redis_cache_loads_{running,waiting}`, and, if there is a limit, `redis_cache_loads_{max_running,max_waiting}`
 * - `redis_cache_journal_{keys,max_keys,overflows_total,reconciled_total}`
 * - `redis_cache_entries_by_ttl{source,ttl}` entries whose time left is at most `ttl`, and more than the bucket before
 * - `redis_cache_pool_{utilisation_ratio,in_flight,lanes{state},commands_total,failures_total,timeouts_total}`,
 *   `redis_cache_pool_{reconnects_total,read_bytes_total,written_bytes_total}` summed over lanes
 * - `redis_cache_checkouts_{open,busy,max,waiting,acquired_total,acquire_timeouts_total,refused_total}`,
 *   and the histogram `redis_cache_checkouts_wait_seconds`
 *
 * Each call uses its own registry: the global registry of prom-client is not changed, and there are no default metrics. Labels
 * never contain keys.
 *
 * @param labels Added to every series, such as `{cache: 'sessions'}`. Each combination of values is a new series: use
 *   few.
 * @throws {InvalidArgumentError} the name of a label is not valid for Prometheus, or reserved.
 * @throws {MissingPackageError} the application has not installed prom-client.
 */
export const prometheusText = async (
	snapshot: CacheSnapshot,
	labels: Readonly<Record<string, string>> = {},
): Promise<string> => {
	checkLabels(labels);
	const {Counter, Gauge, Registry} = await loadPromClient();
	const registry = new Registry();
	registry.setDefaultLabels({...labels});
	const registers = [registry];

	const count = (name: string, help: string, value: number): void =>
		new Counter({name: `redis_cache_${name}`, help, registers}).inc(value);
	const measure = (name: string, help: string, value: number): void =>
		new Gauge({name: `redis_cache_${name}`, help, registers}).set(value);
	const family = (name: string, help: string, labelNames: readonly string[]): Gauge<string> =>
		new Gauge({name: `redis_cache_${name}`, help, labelNames: [...labelNames], registers});

	const {counters, memory, journal, pool} = snapshot;
	const hits = new Counter({name: 'redis_cache_hits_total', help: 'Hits by tier', labelNames: ['tier'], registers});
	hits.inc({tier: 'memory'}, counters.hitsMemory);
	hits.inc({tier: 'redis'}, counters.hitsRedis);
	for (const {name, field, help} of counterNames) count(`${name}_total`, help, counters[field]);

	count('saved_bytes_total', 'Bytes of values that memory answered with', counters.savedBytes);

	const mode = family('mode', 'The current mode is 1, the others 0', ['mode']);
	for (const name of modes) mode.set({mode: name}, snapshot.mode.mode === name ? 1 : 0);
	const {nodes = [], clockSpreadMs} = snapshot;
	if (nodes.length > 0) {
		const nodeMode = family('node_mode', 'The current mode of a node of the cluster is 1, the others 0', [
			'node',
			'mode',
		]);
		const slots = family('node_slots', 'Slots of a node of the cluster', ['node']);
		const offset = family('node_clock_offset_seconds', 'Time by which the clock of a node is ahead of the local one', [
			'node',
		]);
		for (const node of nodes) {
			for (const name of modes) nodeMode.set({node: node.address, mode: name}, node.mode.mode === name ? 1 : 0);
			slots.set({node: node.address}, node.slots);
			if (node.clockOffsetMs !== undefined) offset.set({node: node.address}, node.clockOffsetMs / 1000);
		}
	}
	if (clockSpreadMs !== undefined)
		measure(
			'clock_spread_seconds',
			'Time between the clocks of the nodes that are furthest apart',
			clockSpreadMs / 1000,
		);
	const restricted = family('restricted', 'Redis is in use and refuses this: 1', ['restriction']);
	for (const what of restrictable)
		restricted.set({restriction: what}, snapshot.restrictions.some((each) => each.what === what) ? 1 : 0);
	measure('pending_calls', 'Calls that have not settled', snapshot.pending);
	const durations = operations.map((operation) => [{operation}, snapshot.durations[operation]] as const);
	registry.registerMetric(histogram('latency_seconds', 'Durations', durations));

	measure('memory_entries', 'Entries in the memory tier', memory.entries);
	measure('memory_max_entries', 'Entries the memory tier may hold', memory.maxEntries);
	measure('memory_bytes', 'Bytes in the memory tier', memory.bytes);
	measure('memory_max_bytes', 'Bytes the memory tier may hold', memory.maxBytes);
	const coherence = family('memory_coherence', 'The way in which memory is kept coherent with other processes is 1', [
		'coherence',
	]);
	for (const way of coherenceWays) coherence.set({coherence: way}, memory.coherence === way ? 1 : 0);
	const {loads} = snapshot;
	measure('loads_running', 'Loaders that run', loads.running);
	measure('loads_waiting', 'Loaders that wait because of loader.concurrency', loads.waiting);
	if (Number.isFinite(loads.maxRunning)) {
		measure('loads_max_running', 'Loaders that may run at once', loads.maxRunning);
		measure('loads_max_waiting', 'Loaders that may wait', loads.maxWaiting);
	}
	measure('journal_keys', 'Keys whose latest change may not be in Redis', journal.size);
	measure('journal_max_keys', 'Keys the journal may hold', journal.limit);
	count('journal_overflows_total', 'Times the journal was full', journal.overflowed);
	count('journal_reconciled_total', 'Keys reconciled', journal.reconciled);
	const byTtl = family('entries_by_ttl', 'Entries by the time that they have left', ['source', 'ttl']);
	for (const bucket of snapshot.ttl.buckets) byTtl.set({source: snapshot.ttl.source, ttl: bucket.label}, bucket.count);

	const sum = (field: NumericField): number => pool.lanes.reduce((total, lane) => total + lane[field], 0);
	measure('pool_utilisation_ratio', 'Commands in flight over the capacity of all lanes', pool.utilisation);
	measure('pool_in_flight', 'Commands in flight', sum('inFlight'));
	const lanes = family('pool_lanes', 'Lanes by state', ['state']);
	for (const state of laneStates) lanes.set({state}, pool.lanes.filter((lane) => lane.state === state).length);
	count('pool_commands_total', 'Commands sent', sum('commands'));
	count('pool_failures_total', 'Commands that failed', sum('failures'));
	count('pool_timeouts_total', 'Commands not answered within their deadline', sum('timeouts'));
	count('pool_reconnects_total', 'Connections opened again', sum('reconnects'));
	count('pool_read_bytes_total', 'Bytes read from sockets', sum('bytesRead'));
	count('pool_written_bytes_total', 'Bytes written to sockets', sum('bytesWritten'));

	const {checkouts} = pool;
	measure('checkouts_open', 'Exclusive connections that are open', checkouts.open);
	measure('checkouts_busy', 'Exclusive connections that are lent', checkouts.busy);
	measure('checkouts_max', 'Exclusive connections that may be open', checkouts.max);
	measure('checkouts_waiting', 'Callers that wait for an exclusive connection', checkouts.waiting.length);
	count('checkouts_acquired_total', 'Exclusive connections lent', checkouts.acquired);
	count(
		'checkouts_acquire_timeouts_total',
		'Callers that timed out waiting for an exclusive connection',
		checkouts.acquireTimeouts,
	);
	count('checkouts_refused_total', 'Callers refused because too many were waiting', checkouts.refused);
	registry.registerMetric(
		histogram('checkouts_wait_seconds', 'Waits for an exclusive connection', [[{}, checkouts.waits]]),
	);
	return registry.metrics();
};

/** prom-client is an optional peer dependency, and an import inside `try` is optional for bundlers, too. */
const loadPromClient = async (): Promise<typeof import('prom-client')> => {
	try {
		return await import('prom-client');
	} catch (error) {
		throw new MissingPackageError('prom-client', 'prometheus()', {cause: error});
	}
};

type NumericField = {[Key in keyof LaneSnapshot]-?: LaneSnapshot[Key] extends number ? Key : never}[keyof LaneSnapshot];

/**
 * A registry reads a metric through `get`. prom-client's own metric classes count by themselves, and cannot be given existing
 * counts.
 */
const histogram = (
	suffix: string,
	help: string,
	series: readonly (readonly [labels: Readonly<Record<string, string>>, durations: DurationHistogram])[],
): Histogram<string> => {
	const name = `redis_cache_${suffix}`;
	const values = series.flatMap(([labels, {buckets, count, sumMs}]) => [
		...buckets.map(({upToMs, count: value}) => ({
			metricName: `${name}_bucket`,
			labels: {...labels, le: upToMs / 1000},
			value,
		})),
		{metricName: `${name}_bucket`, labels: {...labels, le: '+Inf'}, value: count},
		{metricName: `${name}_sum`, labels, value: sumMs / 1000},
		{metricName: `${name}_count`, labels, value: count},
	]);
	return {name, get: async () => ({name, help, type: 'histogram', values})} as unknown as Histogram<string>;
};
