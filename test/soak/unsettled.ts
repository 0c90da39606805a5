import type {RedisCache} from '../../source/cache/redis-cache.js';

/** What a cache still lacks to be in use with nothing dirty; `undefined`: nothing. */
export function unsettled(cache: RedisCache): string | undefined {
	const {core} = cache;
	if (core.connected && core.journal.size === 0) return undefined;
	const {mode, reason} = core.degradation.mode;
	return `${mode} (${reason}), ${core.journal.size} dirty`;
}
