import type {CacheSnapshot, DurationHistogram, LatencySummary} from '../../../metrics/snapshot.js';

const nothing: LatencySummary = {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined};
const noTime: DurationHistogram = {count: 0, sumMs: 0, buckets: []};

/** The snapshot of a cache that is not open: no connections, and nothing counted. */
export function unopenedCache(since: number, at: number): CacheSnapshot {
	return {
		at,
		startedAt: since,
		mode: {mode: 'connected', at: since, reason: 'not open'},
		modes: [],
		restrictions: [],
		counters: {
			hitsMemory: 0,
			hitsRedis: 0,
			hitsStale: 0,
			misses: 0,
			loads: 0,
			loadErrors: 0,
			loadsRejected: 0,
			loadsPaused: 0,
			savedBytes: 0,
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
		},
		memory: {entries: 0, maxEntries: 0, bytes: 0, maxBytes: 0, coherence: 'off'},
		loads: {running: 0, waiting: 0, maxRunning: 0, maxWaiting: 0},
		journal: {size: 0, limit: 0, max: 0, overflowed: 0, reconciled: 0},
		pool: {
			utilisation: 0,
			lanes: [],
			checkouts: {
				min: 0,
				max: 0,
				open: 0,
				busy: 0,
				maxWaiters: 0,
				acquired: 0,
				acquireTimeouts: 0,
				refused: 0,
				wait: nothing,
				waits: noTime,
				connections: [],
				waiting: [],
			},
			deadlineMs: 0,
		},
		latency: {get: nothing, set: nothing, delete: nothing, load: nothing},
		durations: {get: noTime, set: noTime, delete: noTime, load: noTime},
		pending: 0,
		ttl: {source: 'redis', buckets: [], sampled: 0, total: 0, at},
	};
}
