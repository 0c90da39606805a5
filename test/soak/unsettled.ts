import type {RedisCache} from '../../source/cache/redis-cache.js';

/** Why a cache is not in use with nothing dirty; `undefined`: it is. */
export function unsettled(cache: RedisCache): string | undefined {
	const {availability, journal} = cache.internals.parts;
	if (availability.isConnected && journal.size === 0) return undefined;
	const {mode, reason} = availability.mode;
	return `${mode} (${reason}), ${journal.size} dirty`;
}
