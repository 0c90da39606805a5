import type {RedisCache} from '../../source/cache/redis-cache.js';

/** A cache that is not in use with nothing dirty, and why. */
export type Unsettled = {readonly name: string; readonly why: string};

/** @returns `undefined` if the cache is in use with nothing dirty. */
export function unsettled(name: string, cache: RedisCache): Unsettled | undefined {
	const {availability, journal} = cache.internals.parts;
	if (availability.isConnected && journal.size === 0) return undefined;
	const {mode, reason} = availability.mode;
	return {name, why: `${mode} (${reason}), ${journal.size} dirty`};
}
