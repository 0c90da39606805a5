import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {clusterSlot} from '../../../source/pool/cluster-slot.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

describeReal('while the slot of the markers of a namespace is on its way to another node', () => {
	let cluster: RedisCluster;

	beforeAll(async () => {
		cluster = await startRedisCluster();
	});

	afterAll(() => cluster.close());

	const open = async (options: CacheOptions = {}): Promise<RedisCache> => {
		const cache = new RedisCache({url: cluster.url, deadline: '5s', ttl: '1h', ...options});
		onTestFinished(() => cache.close());
		await cache.ready('30s');
		return cache;
	};

	/** Begins to move the slot, with one of its keys. @returns What moves the rest, and ends it. */
	const beginToMove = async (cache: RedisCache, namespace: string): Promise<() => Promise<void>> => {
		const generationKey = `rct:!{${namespace}}`;
		const {address} = cache.internals.pool.nodeOf(generationKey) ?? {};
		const from = cluster.nodes.findIndex(({port}) => address?.endsWith(`:${port}`));
		const to = (from + 1) % cluster.nodes.length;
		const slot = clusterSlot(generationKey);
		const [source, target] = [await cluster.ask(from, 'cluster', 'myid'), await cluster.ask(to, 'cluster', 'myid')];
		await cluster.ask(to, 'cluster', 'setslot', slot, 'importing', String(source));
		await cluster.ask(from, 'cluster', 'setslot', slot, 'migrating', String(target));
		const move = async (...keys: readonly string[]) =>
			cluster.ask(from, 'migrate', '127.0.0.1', cluster.nodes[to]?.port ?? 0, '', 0, 1000, 'keys', ...keys);
		await move(generationKey);
		return async () => {
			const keys = (await cluster.ask(from, 'cluster', 'getkeysinslot', slot, 100)) as readonly Buffer[];
			await move(...keys.map(String));
			await cluster.ask(to, 'cluster', 'setslot', slot, 'node', String(target));
			await cluster.ask(from, 'cluster', 'setslot', slot, 'node', String(target));
		};
	};

	const isRefused = async (): Promise<boolean> => {
		const replies = await Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'info', 'errorstats')));
		return replies.some((reply) => String(reply).includes('errorstat_TRYAGAIN'));
	};

	const resetStatistics = () => Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'config', 'resetstat')));

	it('a set that needs a new tag waits for it', async () => {
		const cache = (await open()).namespace('sets');
		await cache.set('k', 'old', {tags: ['t']});
		const other = await open();
		const finish = await beginToMove(other, 'sets');
		await resetStatistics();
		const set = other.namespace('sets').set('k', 'new', {tags: ['t', 'new']});
		await until(isRefused, 'its markers are refused');
		await finish();
		expect(await set).toEqual({stored: 'redis'});
		await until(async () => (await cache.get('k')) === 'new', 'the other process sees it');
		expect(other.stats().modes.filter(({mode}) => mode === 'fallback')).toEqual([]);
	});

	it('an invalidation of a tag waits for it', async () => {
		const cache = (await open()).namespace('tags');
		await cache.set('k', 'old', {tags: ['t']});
		const other = await open();
		const finish = await beginToMove(other, 'tags');
		await resetStatistics();
		const invalidated = other.namespace('tags').invalidateTags(['t']);
		await until(isRefused, 'it is refused');
		await finish();
		expect(await invalidated).toEqual({stored: 'redis'});
		await until(async () => (await cache.get('k')) === undefined, 'the other process sees it');
	});

	it('both are answered within their deadline if it takes longer', async () => {
		const cache = await open();
		await cache.namespace('long').set('k', 'old', {tags: ['t']});
		const finish = await beginToMove(cache, 'long');
		const other = await open({deadline: '300ms'});
		expect(await other.namespace('long').set('k', 'new', {tags: ['new']})).toEqual({stored: 'memory'});
		expect(await other.namespace('long').invalidateTags(['t'])).toEqual({stored: 'memory'});
		await finish();
		await until(() => other.stats().journal.size === 0, 'both are repeated');
		await until(async () => (await cache.namespace('long').get('k')) === undefined, 'it is seen');
	});
});
