import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {localNow} from '../../../source/cache/clock/local-now.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster, whileNodesAreFrozen} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

describeReal('a cluster that loses the node with the markers of a namespace', () => {
	let cluster: RedisCluster;
	let prefixes = 0;

	beforeAll(async () => {
		cluster = await startRedisCluster([], whileNodesAreFrozen);
	}, 40_000);
	afterAll(() => cluster.close());

	/** Two caches that know the markers of their namespace, and have lost the node with these. */
	const openAndLose = async (options: CacheOptions) => {
		const prefix = `markers${prefixes++}`;
		const open = async (more: CacheOptions) => {
			const cache = new RedisCache({url: cluster.url, prefix, deadline: '1s', breaker: {consecutive: 2}, ...more});
			onTestFinished(() => cache.close());
			await cache.ready('10s');
			return cache;
		};
		const cache = await open(options);
		const other = await open({memory: false});
		const {pool} = cache.internals.parts;
		const addressOf = (redisKey: string) => pool.nodeOf(redisKey)?.address;
		const lostAddress = addressOf(`${prefix}:!{default}`);
		const keys = Array.from({length: 60}, (_, index) => `k${index}`);
		const isLost = (key: string) => addressOf(`${prefix}:default:${key}`) === lostAddress;
		await other.setMany(keys.map((key) => [key, 'oldest']));
		for (const each of [cache, other]) await each.getMany(keys);
		const node = cluster.nodes.find(({port}) => lostAddress?.endsWith(`:${port}`) === true);
		onTestFinished(() => node?.resume());
		node?.pause();
		for (const each of [cache, other]) {
			const isOutOfUse = async () => {
				await each.get(keys.find(isLost) ?? '');
				return each.stats().nodes?.some(({mode}) => mode.mode === 'fallback') === true;
			};
			await until(isOutOfUse, 'the node is out of use');
		}
		return {cache, other, kept: keys.filter((key) => !isLost(key)).slice(0, 10)};
	};

	it.each(['broadcast', 'tracked'] as const)(
		'shows no value that another process has overwritten, also after a clear of its own: %s',
		async (coherence) => {
			const {cache, other, kept} = await openAndLose({memory: {coherence}});
			expect(await cache.clear()).toEqual({stored: 'memory'});
			expect((await cache.getMany(kept)).size).toBe(0);
			for (const key of kept) expect(await cache.set(key, 'old')).toEqual({stored: 'redis'});
			for (const key of kept) expect(await other.set(key, 'new')).toEqual({stored: 'redis'});
			const isNowhereOld = async () => ![...(await cache.getMany(kept)).values()].includes('old');
			await until(isNowhereOld, 'the change of the other process is announced');
		},
		60_000,
	);

	it.each(['broadcast', 'tracked', 'none'] as const)(
		'shares what is loaded after a clear of its own, and shows none of it that another process has overwritten: %s',
		async (coherence) => {
			const {cache, other, kept} = await openAndLose({memory: coherence === 'none' ? false : {coherence}});
			expect(await cache.clear()).toEqual({stored: 'memory'});
			const loads: string[] = [];
			const load = (key: string, value: string) =>
				cache.getOrSet(key, () => {
					loads.push(key);
					return value;
				});
			for (const key of kept) expect(await load(key, 'old')).toBe('old');
			expect(loads).toEqual(kept);
			// The other process does not know of the clear, but finds what was loaded after it.
			for (const key of kept) expect(await other.get(key)).toBe('old');
			for (const key of kept.slice(0, 5)) expect(await other.set(key, 'new')).toEqual({stored: 'redis'});
			for (const key of kept.slice(5)) expect(await other.delete(key)).toEqual({stored: 'redis'});
			const areNowhereOld = async () => ![...(await cache.getMany(kept)).values()].includes('old');
			await until(areNowhereOld, 'the changes of the other process are announced');
			const ofOthers = async () => (await cache.getMany(kept.slice(0, 5))).size === 5;
			await until(ofOthers, 'what the other process has set after the clear is found');
			for (const key of kept.slice(0, 5)) expect(await load(key, 'old')).toBe('new');
			for (const key of kept.slice(5)) expect(await load(key, 'newer')).toBe('newer');
			expect(loads).toEqual([...kept, ...kept.slice(5)]);
		},
		60_000,
	);

	it.each(['broadcast', 'tracked'] as const)(
		'shares what replaces a value that memory knows, after a clear of its own: %s',
		async (coherence) => {
			const {cache, other, kept} = await openAndLose({memory: {coherence}});
			expect(await cache.clear()).toEqual({stored: 'memory'});
			const [reloaded = '', stale = ''] = kept;
			expect(await cache.set(reloaded, 'old')).toEqual({stored: 'redis'});
			expect(await cache.set(stale, 'old', {ttl: 1, grace: '1h'})).toEqual({stored: 'redis'});
			const {tier} = cache.internals.parts.namespaces.open('default');
			await until(() => localNow() > (tier?.get(stale)?.freshUntil ?? Number.POSITIVE_INFINITY), 'it is stale');
			for (const key of [reloaded, stale]) await cache.get(key);
			const load = (key: string, isReload: boolean) =>
				cache.getOrSet(key, () => 'loaded', {fresh: isReload, ttl: '1h'});
			expect(await load(reloaded, true)).toBe('loaded');
			expect(await load(stale, false)).toBe('loaded');
			for (const reader of [cache, other])
				for (const key of [reloaded, stale]) expect(await reader.get(key)).toBe('loaded');
		},
		60_000,
	);

	it('keeps the other values of the namespace if it confirms an invalidation of a tag while it is out of use', async () => {
		const cache = new RedisCache({url: cluster.url, prefix: `markers${prefixes++}`, deadline: '5s', memory: false});
		onTestFinished(() => cache.close());
		await cache.ready('10s');
		const {pool, domains} = cache.internals.parts;
		const keys = Array.from({length: 30}, (_, index) => `k${index}`);
		for (const key of keys) await cache.set(key, key, {tags: [key === 'k0' ? 'a' : 'b']});
		const {generationKey} = cache.internals.parts.namespaces.open('default');
		const address = pool.nodeOf(generationKey)?.address ?? '';
		const node = cluster.nodes.find(({port}) => address.endsWith(`:${port}`));
		onTestFinished(() => node?.resume());
		node?.pause();
		const invalidating = cache.invalidateTags(['a']);
		await until(() => pool.laneOf(generationKey).inFlight > 0, 'it is sent');
		domains().loseAt(address, 'the test does it');
		node?.resume();
		expect(await invalidating).toEqual({stored: 'redis'});
		const isBack = () => cache.stats().nodes?.every(({mode}) => mode.mode === 'connected') === true;
		await until(() => isBack() && cache.stats().journal.size === 0, 'the node is reconciled');
		expect([...(await cache.getMany(keys)).keys()]).toEqual(keys.slice(1));
	}, 60_000);

	it('keeps the other nodes in use when the journal has no room for another tag', async () => {
		const {cache, kept} = await openAndLose({journal: {maxKeys: 5}});
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		for (let index = 0; index < 8; index++)
			expect(await cache.invalidateTags([`tag${index}`])).toEqual({stored: 'memory'});
		expect(cache.stats().journal).toMatchObject({overflowed: 1, size: 1});
		for (const key of kept) expect(await cache.set(key, 'new')).toEqual({stored: 'redis'});
		expect(modes).toEqual([]);
	}, 60_000);
});
