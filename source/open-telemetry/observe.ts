import type {Attributes, BatchObservableCallback, Meter, Observable} from '@opentelemetry/api';
import {counterNames} from '../metrics/counter-names.js';
import type {LaneSnapshot} from '../metrics/pool-snapshot.js';
import type {CacheSnapshot} from '../metrics/snapshot.js';

const modes = ['connected', 'fallback', 'recovering'] as const;
const restrictable = ['reads', 'writes'] as const;

type Reading = readonly (readonly [value: number, attributes?: Attributes])[];

/** An instrument, with a function that reads its values from a snapshot. */
type Instrument = {
	readonly kind: 'counter' | 'upDownCounter' | 'gauge';
	readonly name: string;
	readonly unit: string;
	readonly help: string;
	readonly read: (snapshot: CacheSnapshot) => Reading;
};

const one =
	(read: (snapshot: CacheSnapshot) => number): Instrument['read'] =>
	(snapshot) => [[read(snapshot)]];

const overLanes = (read: (lane: LaneSnapshot) => number): Instrument['read'] =>
	one(({pool}) => pool.lanes.reduce((sum, lane) => sum + read(lane), 0));

const counter = (name: string, unit: string, help: string, read: Instrument['read']): Instrument => ({
	kind: 'counter',
	name,
	unit,
	help,
	read,
});

const level = (name: string, unit: string, help: string, read: Instrument['read']): Instrument => ({
	kind: 'upDownCounter',
	name,
	unit,
	help,
	read,
});

const instruments: readonly Instrument[] = [
	counter('redis_cache.hits', '{hit}', 'Hits by tier', ({counters}) => [
		[counters.hitsMemory, {'redis_cache.source': 'memory'}],
		[counters.hitsRedis, {'redis_cache.source': 'redis'}],
	]),
	...counterNames.map(({name, field, unit, help}) =>
		counter(
			`redis_cache.${name}`,
			`{${unit}}`,
			help,
			one(({counters}) => counters[field]),
		),
	),
	{
		kind: 'gauge',
		name: 'redis_cache.mode',
		unit: '1',
		help: 'The current mode is 1, the others 0',
		read: ({mode}) => modes.map((name) => [mode.mode === name ? 1 : 0, {'redis_cache.mode': name}] as const),
	},
	{
		kind: 'gauge',
		name: 'redis_cache.restricted',
		unit: '1',
		help: 'Redis is in use and refuses this: 1',
		read: ({restrictions}) =>
			restrictable.map(
				(name) => [restrictions.some(({what}) => what === name) ? 1 : 0, {'redis_cache.restriction': name}] as const,
			),
	},
	level(
		'redis_cache.pending_calls',
		'{call}',
		'Calls that have not settled',
		one(({pending}) => pending),
	),
	level(
		'redis_cache.memory.entries',
		'{entry}',
		'Entries in the memory tier',
		one(({memory}) => memory.entries),
	),
	level(
		'redis_cache.memory.size',
		'By',
		'Bytes in the memory tier',
		one(({memory}) => memory.bytes),
	),
	level(
		'redis_cache.loads.running',
		'{load}',
		'Loaders that run',
		one(({loads}) => loads.running),
	),
	level(
		'redis_cache.loads.waiting',
		'{load}',
		'Loaders that wait because of loader.concurrency',
		one(({loads}) => loads.waiting),
	),
	// The names that Redis clients use for client-side caches.
	counter('redis.client.csc.requests', '{request}', 'Reads, by the answer of the memory tier', ({counters}) => [
		[counters.hitsMemory, {'redis.client.csc.result': 'hit'}],
		[counters.hitsRedis + counters.misses, {'redis.client.csc.result': 'miss'}],
	]),
	counter('redis.client.csc.evictions', '{eviction}', 'Entries that the memory tier dropped', ({counters}) => [
		[counters.evictions, {'redis.client.csc.reason': 'full'}],
	]),
	counter(
		'redis.client.csc.network_saved',
		'By',
		'Bytes of values served by the memory tier',
		one(({counters}) => counters.savedBytes),
	),
	{
		kind: 'gauge',
		name: 'redis.client.csc.items',
		unit: '{item}',
		help: 'Entries in the memory tier',
		read: one(({memory}) => memory.entries),
	},
	level(
		'redis_cache.journal.keys',
		'{key}',
		'Keys whose latest change may not be in Redis',
		one(({journal}) => journal.size),
	),
	counter(
		'redis_cache.journal.overflows',
		'{overflow}',
		'Times the journal was full',
		one(({journal}) => journal.overflowed),
	),
	counter(
		'redis_cache.journal.reconciled',
		'{key}',
		'Keys reconciled',
		one(({journal}) => journal.reconciled),
	),
	level(
		'redis_cache.lanes.in_flight',
		'{command}',
		'Commands in flight',
		overLanes(({inFlight}) => inFlight),
	),
	level(
		'redis_cache.lanes.ready',
		'{lane}',
		'Lanes that are connected',
		overLanes(({state}) => (state === 'ready' ? 1 : 0)),
	),
	counter(
		'redis_cache.lanes.commands',
		'{command}',
		'Commands sent',
		overLanes(({commands}) => commands),
	),
	counter(
		'redis_cache.lanes.failures',
		'{command}',
		'Commands that failed',
		overLanes(({failures}) => failures),
	),
	counter(
		'redis_cache.lanes.reconnects',
		'{connection}',
		'Connections opened again',
		overLanes(({reconnects}) => reconnects),
	),
	level('db.client.connection.count', '{connection}', 'Checkouts by state', ({pool: {checkouts}}) => [
		[checkouts.busy, {'db.client.connection.state': 'used'}],
		[checkouts.open - checkouts.busy, {'db.client.connection.state': 'idle'}],
	]),
	level(
		'db.client.connection.max',
		'{connection}',
		'Checkouts that may be open',
		one(({pool}) => pool.checkouts.max),
	),
	level(
		'db.client.connection.pending_requests',
		'{request}',
		'Callers waiting for a checkout',
		one(({pool}) => pool.checkouts.waiting.length),
	),
	counter(
		'db.client.connection.timeouts',
		'{timeout}',
		'Callers that timed out waiting for a checkout',
		one(({pool}) => pool.checkouts.acquireTimeouts),
	),
];

const create = (meter: Meter, {kind, name, unit, help}: Instrument): Observable => {
	const options = {unit, description: help};
	switch (kind) {
		case 'counter':
			return meter.createObservableCounter(name, options);
		case 'upDownCounter':
			return meter.createObservableUpDownCounter(name, options);
		case 'gauge':
			return meter.createObservableGauge(name, options);
	}
};

/**
 * Registers one callback, which takes one snapshot per collection.
 *
 * @param take Returns `undefined` once the cache is closed.
 * @returns A function that removes the callback.
 */
export const observe = (meter: Meter, take: () => CacheSnapshot | undefined, attributes: Attributes): (() => void) => {
	const made = instruments.map((instrument) => ({instrument, observable: create(meter, instrument)}));
	const observables = made.map(({observable}) => observable);
	const callback: BatchObservableCallback = (result) => {
		const snapshot = take();
		if (snapshot === undefined) return;
		for (const {instrument, observable} of made) {
			const pool = instrument.name.startsWith('db.client.connection') ? poolName(attributes) : {};
			for (const [value, more] of instrument.read(snapshot))
				result.observe(observable, value, {...attributes, ...pool, ...more});
		}
	};
	meter.addBatchObservableCallback(callback, observables);
	return () => meter.removeBatchObservableCallback(callback, observables);
};

/** The name of a pool that has none, by the semantic conventions. */
const poolName = (attributes: Attributes): Attributes => {
	const {'server.address': address, 'server.port': port, 'db.namespace': database} = attributes;
	const place = port === undefined ? String(address) : `${address}:${port}`;
	return {'db.client.connection.pool.name': database === undefined ? place : `${place}/${database}`};
};
