import {createCache} from 'async-cache-dedupe';
import {BentoCache, bentostore} from 'bentocache';
import {memoryDriver} from 'bentocache/drivers/memory';
import {createCache as createManager} from 'cache-manager';
import {Cacheable} from 'cacheable';
import {LRUCache} from 'lru-cache';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {showWeights} from './memory-weight.js';
import {compete, perSecond, table} from './rounds.js';

const keys = Array.from({length: 1000}, (_, index) => `user:${index}`);
const value = {id: 1, name: 'x'.repeat(80)};
const keyOf = (index: number): string => keys[index % keys.length] ?? '';

/** Measures what the memory tier weighs, and hits in memory with one caller. */
export async function run(): Promise<void> {
	const redis = await startRedisProcess();
	await showWeights(redis.url);
	const cache = new RedisCache({url: redis.url});
	await cache.ready();
	for (const key of keys) await cache.set(key, value);
	await until(async () => {
		const before = cache.stats().counters.hitsMemory;
		for (const key of keys) await cache.get(key);
		return cache.stats().counters.hitsMemory - before === keys.length;
	}, 'every key is answered from memory');
	const lru = new LRUCache<string, object>({max: 10_000});
	for (const key of keys) lru.set(key, value);
	const dedupe = createCache({ttl: 300, storage: {type: 'memory', options: {size: 10_000}}});
	const deduped = dedupe.define('user', async () => value) as unknown as {user: (key: string) => Promise<unknown>};
	const bento = new BentoCache({
		default: 'memory',
		stores: {memory: bentostore().useL1Layer(memoryDriver({maxItems: 10_000}))},
	});
	const cacheable = new Cacheable();
	const manager = createManager();
	for (const key of keys) {
		await deduped.user(key);
		await bento.set({key, value});
		await cacheable.set(key, value);
		await manager.set(key, value);
	}
	const standings = await compete(
		[
			{name: 'redis-cache-tui', run: () => perSecond(1, 300_000, (index) => cache.get(keyOf(index)))},
			{name: 'bare lru-cache, awaited', run: () => perSecond(1, 300_000, (index) => lru.get(keyOf(index)))},
			{name: 'async-cache-dedupe', run: () => perSecond(1, 100_000, (index) => deduped.user(keyOf(index)))},
			{name: 'bentocache', run: () => perSecond(1, 30_000, (index) => bento.get({key: keyOf(index)}))},
			{name: 'cacheable', run: () => perSecond(1, 30_000, (index) => cacheable.get(keyOf(index)))},
			{name: 'cache-manager', run: () => perSecond(1, 30_000, (index) => manager.get(keyOf(index)))},
		],
		7,
	);
	process.stdout.write(`${table('Hit in memory, one caller', standings)}\n`);
	await Promise.all([cache.close(), bento.disconnectAll(), cacheable.disconnect(), manager.disconnect()]);
	await redis.close();
}
