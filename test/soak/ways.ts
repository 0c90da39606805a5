import type {CacheOptions, Coherence} from '../../source/cache/api/types.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {clearTimeout, setTimeout} from '../../source/time/real-time.js';
import type {Chance} from './chance.js';

/** Ways in which the caches of a soak learn of changes. `switching`: now one way, now another, as `auto` does, and more often. */
export type Way = Exclude<Coherence, 'auto' | 'ttl'> | 'switching';

export const ways: readonly Way[] = ['broadcast', 'tracked', 'switching'];

/** The options of a cache that learns of changes in this way. */
export function withWay(options: CacheOptions, way: Way): CacheOptions {
	if (options.memory === false) return options;
	return {...options, memory: {...options.memory, coherence: way === 'switching' ? 'tracked' : way}};
}

/** Switches between all ways until the returned function is called. */
export function switchWays(cache: RedisCache, chance: Chance): () => void {
	const {tracking} = cache.internals.parts;
	let timer: NodeJS.Timeout;
	const later = () => {
		timer = setTimeout(
			() => {
				tracking.use(chance.of(['broadcast', 'tracked', 'bypass'] as const));
				later();
			},
			chance.between(50, 3000),
		).unref();
	};
	later();
	return () => clearTimeout(timer);
}
