import {createCounters} from '../../../cache/observe/counters.js';
import type {DurationHistogram, LatencySummary} from '../../../metrics/durations.js';
import type {CacheSnapshot} from '../../../metrics/snapshot.js';

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
		counters: createCounters(),
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
