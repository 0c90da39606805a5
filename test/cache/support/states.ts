import type {Redis} from 'ioredis';
import {localNow} from '../../../source/cache/clock/local-now.js';
import type {MemoryEntry} from '../../../source/cache/memory/memory-entry.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {until} from '../../support/until.js';

/** Milliseconds; a busy machine may take long to reconnect. */
export const untilConnected = (cache: RedisCache): Promise<void> =>
	until(() => cache.internals.isConnected, 'the cache is connected');

export const untilFallback = (cache: RedisCache): Promise<void> =>
	until(() => cache.stats().mode.mode === 'fallback', 'the cache falls back');

/** Nothing is dirty. */
export const untilReconciled = (cache: RedisCache): Promise<void> =>
	until(() => cache.internals.parts.journal.size === 0, 'the journal is empty');

export const untilConnectedAndReconciled = async (cache: RedisCache): Promise<void> =>
	until(
		() => cache.internals.isConnected && cache.internals.parts.journal.size === 0,
		'the cache is connected and its journal is empty',
	);

/** Redis sends invalidations. */
export const untilTracking = (cache: RedisCache): Promise<void> =>
	until(() => ['tracking', 'tracked', 'bypass'].includes(cache.stats().memory.coherence), 'Redis sends invalidations');

/**
 * The invalidations of all changes made so far have arrived.
 *
 * @param raw A connection to the same Redis: a change of a key that no test uses is the last to be announced.
 */
export const untilInvalidated = async (cache: RedisCache, raw: Pick<Redis, 'set'>): Promise<void> => {
	const {parts, pool} = cache.internals;
	const {changes, tracking} = parts;
	const signal = 'rct:default:signal';
	// Tracked, a process is told only of what it has read. A test may hold back the replies of one lane.
	const lanes = tracking.way === 'tracked' ? (pool.nodeOf(signal)?.lanes ?? pool.lanes) : [];
	if (lanes.length > 0) await Promise.any(lanes.map((lane) => lane.send('GET', [signal], {isUpkeep: true})));
	const before = changes.now;
	await raw.set(signal, '');
	await until(() => changes.changedSince(signal, before), 'all invalidations have arrived');
};

/** The next set in the default namespace needs no marker first: the announcements of those just written have come. */
export const untilEnsured = (cache: RedisCache, tags: readonly string[] = [], lifeMs = 0): Promise<void> => {
	const {markerWriter, namespaces} = cache.internals.parts;
	const namespace = namespaces.open('default');
	return until(async () => {
		if (markerWriter.areReady(namespace, tags, lifeMs, localNow())) return true;
		await markerWriter.ensure({namespace, tags, lifeMs, operation: 'set'});
		return false;
	}, 'the markers are known to be current');
};

/** Redis has refused to send invalidations. */
export const untilUntracked = (cache: RedisCache): Promise<void> =>
	until(() => cache.internals.parts.tracking.state.kind === 'ttl', 'Redis refuses to send invalidations');

/** No write is on its way to Redis. */
export const untilWritesSettled = (cache: RedisCache): Promise<void> =>
	until(() => cache.internals.parts.pendingWrites.size === 0, 'no write is pending');

/** Takes Redis out of use although nothing is wrong with it. */
export const fallBack = (cache: RedisCache): void => cache.internals.parts.modes.fallBack('the test does it');

/** Closes all connections of the lanes; they connect again by themselves. */
export const resetLanes = (cache: RedisCache): void => {
	for (const lane of cache.internals.pool.lanes) lane.reset('the test does it');
};

/** The entry of the memory tier under a key of the default namespace, verified or not. */
export const memoryEntry = (cache: RedisCache, key: string): MemoryEntry | undefined =>
	cache.internals.parts.namespaces.open('default').tier?.get(key);

/** The next read of each key asks Redis. */
export const markMemoryUnverified = (cache: RedisCache): void =>
	cache.internals.parts.namespaces.open('default').tier?.markAllUnverified();

/** A loaded value is stored: a call waits for that only for a moment. */
export const untilStored = (cache: RedisCache): Promise<void> =>
	until(() => cache.internals.parts.flights.size === 0, 'no load is in progress');

/** True if the lease of a key of the default namespace may be asked for with its read. */
export const mayReadWithLease = (cache: RedisCache, key: string): boolean => {
	const {leases, namespaces} = cache.internals.parts;
	const namespace = namespaces.open('default');
	return leases.mayReadWithLease(namespace, namespace.redisKey(key), [], {ttlMs: 1, graceMs: 0});
};

/** The markers that a load needs are known to be current: all changes of them were announced, and then a read has found them. */
export const untilMayReadWithLease = async (cache: RedisCache, raw: Pick<Redis, 'set'>): Promise<void> => {
	const {changes, tracking} = cache.internals.parts;
	const signal = 'rct:!{signal}';
	const before = changes.now;
	await raw.set(signal, '');
	if (tracking.way !== 'tracked') await until(() => changes.changedSince(signal, before), 'all is announced');
	await until(async () => {
		await cache.get('other');
		return mayReadWithLease(cache, 'other');
	}, 'a lease may be asked for with a read');
};
