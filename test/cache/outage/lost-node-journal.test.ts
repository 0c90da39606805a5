import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster, whileNodesAreFrozen} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

const patient = {timeoutMs: 15_000};

describeReal('a cluster that loses a node for so long that the journal is full', () => {
	let cluster: RedisCluster;
	let prefixes = 0;

	beforeAll(async () => {
		cluster = await startRedisCluster([], whileNodesAreFrozen);
	}, 40_000);
	afterAll(() => cluster.close());

	it.each([
		['and the markers of the namespace with it', 0],
		['and not the markers of the namespace', 1],
	])(
		'goes on with the keys of the others, and brings back no old value: %s',
		async (_, offset) => {
			const prefix = `journal${prefixes++}`;
			const open = async (options: CacheOptions) => {
				const cache = new RedisCache({url: cluster.url, prefix, deadline: '1s', breaker: {consecutive: 2}, ...options});
				onTestFinished(() => cache.close());
				await cache.ready('10s');
				return cache;
			};
			const cache = await open({journal: {maxKeys: 50}, ttl: {default: '1h', grace: '1h'}});
			const other = await open({memory: false});
			const {pool} = cache.internals.parts;
			const nodeOf = (redisKey: string) =>
				cluster.nodes.findIndex(({port}) => pool.nodeOf(redisKey)?.address.endsWith(`:${port}`));
			const lostNode = (nodeOf(`${prefix}:!{default}`) + offset) % 3;
			const all = Array.from({length: 600}, (_, index) => `k${index}`);
			const isLost = (key: string) => nodeOf(`${prefix}:default:${key}`) === lostNode;
			const [lost, kept] = [all.filter(isLost), all.filter((key) => !isLost(key))];
			expect(await cache.setMany(all.map((key) => [key, 'old']))).toEqual({stored: 'redis'});
			expect((await other.getMany(all)).size).toBe(600);
			const inUse = (of: RedisCache) => (of.stats().nodes ?? []).filter(({mode}) => mode.mode === 'connected').length;

			/** A call finds out. */
			const hasLost = async (of: RedisCache) => {
				await of.get(lost[0] ?? '');
				return inUse(of) === 2;
			};
			onTestFinished(() => cluster.nodes[lostNode]?.resume());
			cluster.nodes[lostNode]?.pause();
			for (const each of [cache, other]) await until(() => hasLost(each), 'the node is out of use', patient);
			const modes: string[] = [];
			cache.on('mode', ({mode}) => modes.push(mode));
			for (const [index, key] of lost.entries()) {
				expect(await cache.set(key, 'new')).toEqual({stored: 'memory'});
				expect(await cache.set(kept[index] ?? '', 'new', {strict: true})).toEqual({stored: 'redis'});
			}
			expect(cache.stats().journal).toMatchObject({overflowed: 1, limit: 50});
			expect(cache.stats().journal.size).toBeLessThanOrEqual(50);
			const changed = new Set(kept.slice(0, lost.length));
			expect(await other.getMany(kept)).toEqual(new Map(kept.map((key) => [key, changed.has(key) ? 'new' : 'old'])));
			expect(await cache.getMany(lost)).toEqual(new Map(lost.map((key) => [key, 'new'])));

			cluster.nodes[lostNode]?.resume();
			for (const each of [cache, other]) await until(() => inUse(each) === 3, 'all nodes are in use', patient);
			await until(() => cache.stats().journal.size === 0, 'the journal is empty', patient);
			const areGone = async () => (await other.getMany(lost)).size === 0;
			await until(areGone, 'the other process has heard of the invalidation', patient);
			expect([...(await cache.getMany(lost)).values()]).not.toContain('old');
			expect(await cache.set(lost[0] ?? '', 'newest')).toEqual({stored: 'redis'});
			expect(await other.get(lost[0] ?? '')).toBe('newest');
			expect(modes).toEqual([]);
		},
		60_000,
	);
});
