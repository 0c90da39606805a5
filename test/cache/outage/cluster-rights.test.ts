import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {leastRights} from '../../../source/cache/outage/rights.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

const guide = readFileSync(new URL('../../../notes/guide/rights.md', import.meta.url), 'utf8');
const rights = /^ACL SETUSER cache (.*)$/m.exec(guide)?.[1]?.split(' ') ?? [];
const rightsInCluster = /`(\+cluster\|slots [^`]+)`/.exec(guide)?.[1]?.split(' ') ?? [];

describeReal('a user of a cluster with the rights that the guide names', () => {
	let cluster: RedisCluster;

	beforeAll(async () => {
		cluster = await startRedisCluster();
		for (const node of cluster.nodes.keys())
			await cluster.ask(node, 'acl', 'setuser', 'cache', ...rights, ...rightsInCluster);
	});

	afterAll(() => cluster.close());

	it('has those in the error, too', () => {
		expect(leastRights('rct', 'cluster')).toBe(`ACL SETUSER cache ${[...rights, ...rightsInCluster].join(' ')}`);
	});

	it('can do all that a cache does, and is refused nothing', async () => {
		const cache = new RedisCache({url: cluster.url.replace('//', '//cache:PASSWORD@'), deadline: '5s'});
		onTestFinished(() => cache.close());
		const errors: string[] = [];
		cache.on('error', ({error}) => errors.push(error.message));
		await cache.ready('30s');
		await until(() => cache.stats().memory.coherence === 'tracked', 'all nodes announce changes');
		const keys = Array.from({length: 30}, (_, index) => `k${index}`);
		const stored = {stored: 'redis'};
		for (const key of keys) {
			expect(await cache.set(key, 'old', {tags: ['t']})).toEqual(stored);
			expect(await cache.get(key)).toBe('old');
			expect(await cache.getOrSet(`loaded ${key}`, () => key)).toBe(key);
			expect(await cache.expire(key, '5m')).toMatchObject(stored);
			expect(await cache.touch(key)).toMatchObject(stored);
		}
		expect(await cache.deleteMany(keys.slice(0, 10))).toMatchObject(stored);
		expect(await cache.invalidateTags(['t'])).toEqual(stored);
		expect(await cache.clear()).toEqual(stored);
		const infoCalls = async (node: number) => {
			const stats = String(await cluster.ask(node, 'info', 'commandstats'));
			return Number(/cmdstat_cluster\|info:calls=(\d+)/.exec(stats)?.[1] ?? 0);
		};
		const nodes = [...cluster.nodes.keys()];
		const askedBefore = await Promise.all(nodes.map(infoCalls));
		await until(async () => {
			await cache.get('k20');
			const asked = await Promise.all(nodes.map(infoCalls));
			return asked.some((count, node) => count > (askedBefore[node] ?? 0));
		}, 'a node is asked for newer configurations');
		for (const node of nodes) expect(await cluster.ask(node, 'acl', 'log')).toEqual([]);
		expect(cache.stats().restrictions).toEqual([]);
		expect(errors).toEqual([]);
	});
});
