import type {Notice} from '../../source/cache/live/messages.js';
import type {WatchedCache} from '../../source/cache/live/watched-cache.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';

export type FilledCache = WatchedCache & {
	/** Calls all listeners. */
	tell(notice: Notice): void;
	readonly listeners: () => number;
};

/** A cache whose states have at least `bytes` bytes, to fill the buffers of a connection. */
export function filledCache(cache: RedisCache, bytes = 0): FilledCache {
	const listeners = new Set<(notice: Notice) => void>();
	const filling = 'x'.repeat(bytes);
	return {
		name: 'filled',
		namespace: 'default',
		prefix: 'rct',
		url: 'redis://127.0.0.1:1',
		startedAt: Date.now(),
		commands: false,
		mode: () => cache.stats().mode.mode,
		snapshot: () => cache.stats(),
		loads: () => ({
			inFlight: 1,
			running: 1,
			waiting: 0,
			limit: undefined,
			oldest: [{namespace: 'default', key: filling, ms: 1}],
			slowest: [],
		}),
		listen(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		call: () => Promise.resolve(undefined),
		tell: (notice) => {
			for (const listener of listeners) listener(notice);
		},
		listeners: () => listeners.size,
	};
}
