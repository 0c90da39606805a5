import {Redis} from 'ioredis';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {probeKeyOf} from '../../source/cache/outage/domains/probe-key.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {clusterSlot} from '../../source/pool/cluster-slot.js';
import {describeReal} from '../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../support/redis-cluster.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

describeReal('a node that joins a cluster and gets its first slot', () => {
	let cluster: RedisCluster;
	let added: RedisProcess;
	let target: Redis;
	let cache: RedisCache;

	beforeAll(async () => {
		cluster = await startRedisCluster();
		added = await startRedisProcess({args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']});
		target = new Redis(added.port, added.host);
		await target.cluster('MEET', '127.0.0.1', cluster.nodes[0]?.port ?? 0);
		await until(async () => {
			const lists = await Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'cluster', 'nodes')));
			const isKnown = lists.every((list) => String(list).includes(`:${added.port}@`));
			return isKnown && (await target.cluster('INFO')).includes('cluster_state:ok');
		}, 'all nodes know it');
		cache = new RedisCache({url: cluster.url, deadline: '1s', ttl: '1h', memory: false});
		await cache.ready('30s');
	});

	afterAll(async () => {
		await cache.close();
		target.disconnect();
		await Promise.all([cluster.close(), added.close()]);
	});

	it('takes no other key out of use while that slot is on its way, although it cannot be reached before it has it', async () => {
		const {pool, settings, domains} = cache.internals.parts;
		const {prefix} = settings;
		const redisKey = (key: string) => `${prefix}:default:${key}`;
		const markers = pool.nodeOf(`${prefix}:!{default}`)?.address;
		const from = cluster.nodes.findIndex(({port}) => markers?.endsWith(`:${port}`) === false);
		const isThere = (key: string) => pool.nodeOf(redisKey(key))?.address.endsWith(`:${cluster.nodes[from]?.port}`);
		const [moving = '', ...staying] = Array.from({length: 60}, (_, index) => `k${index}`).filter(isThere);
		for (const key of [moving, ...staying]) expect(await cache.set(key, 'old')).toEqual({stored: 'redis'});
		const slot = clusterSlot(redisKey(moving));
		const [source, id] = [String(await cluster.ask(from, 'cluster', 'myid')), String(await target.cluster('MYID'))];
		await target.cluster('SETSLOT', slot, 'IMPORTING', source);
		await cluster.ask(from, 'cluster', 'setslot', slot, 'migrating', id);
		await cluster.ask(from, 'migrate', '127.0.0.1', added.port, redisKey(moving), 0, 1000);

		for (let round = 0; round < 6; round++) {
			expect(await cache.set(moving, round)).toEqual({stored: 'memory'});
			expect(await cache.get(moving)).toBeUndefined();
		}
		await expect(cache.set(moving, 'new', {strict: true})).rejects.toThrow(
			/is being moved to 127\.0\.0\.1:\d+, which is not connected: finish moving it$/,
		);
		for (const key of staying) expect(await cache.set(key, 'new')).toEqual({stored: 'redis'});
		expect(cache.stats().nodes?.map(({mode}) => mode.mode)).toEqual(['connected', 'connected', 'connected']);

		// Nor does it stay out of use if it is lost meanwhile, and if the slot that it is probed with moves, too.
		const domain = domains().of(redisKey(moving));
		const node = pool.nodes.find(({address}) => address === domain?.address);
		const probed = clusterSlot(probeKeyOf(pool, prefix, node));
		await target.cluster('SETSLOT', probed, 'IMPORTING', source);
		await cluster.ask(from, 'cluster', 'setslot', probed, 'migrating', id);
		if (domain !== undefined) domains().lose(domain, 'test');
		await until(() => domain?.isInUse === true, 'the node is in use again');
		expect(cache.stats().journal.size).toBe(1);

		await cluster.ask(from, 'cluster', 'setslot', probed, 'stable');
		await target.cluster('SETSLOT', slot, 'NODE', id);
		await cluster.ask(from, 'cluster', 'setslot', slot, 'node', id);
		await until(() => cache.stats().journal.size === 0, 'what was lost is reconciled');
		expect(await cache.get(moving)).toBeUndefined();
		expect(await cache.set(moving, 'newest')).toEqual({stored: 'redis'});
	});
});
