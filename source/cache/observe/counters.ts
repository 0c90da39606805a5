import type {CacheCounters} from '../../metrics/snapshot.js';

export type MutableCounters = {-readonly [K in keyof CacheCounters]: CacheCounters[K]};

export function createCounters(): MutableCounters {
	return {
		hitsMemory: 0,
		hitsRedis: 0,
		hitsStale: 0,
		misses: 0,
		loads: 0,
		loadErrors: 0,
		loadsRejected: 0,
		loadsPaused: 0,
		fillsRefused: 0,
		sets: 0,
		deletes: 0,
		invalidations: 0,
		evictions: 0,
		timeouts: 0,
		errors: 0,
		shed: 0,
		corrupt: 0,
		lateWrites: 0,
		clockSteps: 0,
		batches: 0,
		batchedKeys: 0,
		savedBytes: 0,
	};
}
