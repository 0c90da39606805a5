import {Redis} from 'ioredis';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {describeReal} from '../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../support/redis-cluster.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

describeReal('a replica that lagged behind and takes the place of its master', () => {
	let cluster: RedisCluster;
	let replica: RedisProcess;
	let master: Redis;
	let second: Redis;
	const caches: RedisCache[] = [];

	beforeAll(async () => {
		cluster = await startRedisCluster([], ['--cluster-require-full-coverage', 'no', '--repl-diskless-sync-delay', '0']);
		replica = await startRedisProcess({args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']});
		[master, second] = [cluster.nodes[1] as RedisProcess, replica].map(({port, host}) => new Redis(port, host)) as [
			Redis,
			Redis,
		];
		await second.cluster('MEET', '127.0.0.1', cluster.nodes[1]?.port ?? 0);
		const id = String(await master.cluster('MYID'));
		await until(
			() =>
				second.cluster('REPLICATE', id).then(
					() => true,
					() => false,
				),
			'it is a replica',
		);
		await until(async () => {
			const lists = await Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'cluster', 'nodes')));
			const isKnown = lists.every((list) => String(list).includes(`:${replica.port}@`));
			return isKnown && (await second.info('replication')).includes('master_link_status:up');
		}, 'all nodes know it, and it follows');
	});

	afterAll(async () => {
		await Promise.all(caches.map((cache) => cache.close()));
		for (const client of [master, second]) client.disconnect();
		await Promise.all([cluster.close(), replica.close()]);
	});

	const open = async (): Promise<RedisCache> => {
		const cache = new RedisCache({url: cluster.url, deadline: '1s', ttl: '1h', memory: false});
		caches.push(cache);
		await cache.ready('30s');
		await until(() => isInUse(cache, cluster.nodes[1]?.port), 'the node is in use');
		return cache;
	};
	const isInUse = (cache: RedisCache, port = 0) =>
		(cache.stats().nodes ?? []).some(({address, mode}) => address.endsWith(`:${port}`) && mode.mode === 'connected');
	/** Keys that the node has. */
	const keysOf = (cache: RedisCache, node: number, count: number) => {
		const keys: string[] = [];
		for (let index = 0; keys.length < count; index++) {
			const address = cache.internals.pool.nodeOf(`rct:default:k${index}`)?.address ?? '';
			if (address.endsWith(`:${cluster.nodes[node]?.port}`)) keys.push(`k${index}`);
		}
		return keys;
	};
	const beat = async () => {
		const [key] = await second.keys('rct:!!beat:*');
		return key === undefined ? '' : String(await second.call('DUMP', key));
	};

	it('brings back no value that was deleted or replaced, and costs the other nodes nothing', async () => {
		const [cache, other] = [await open(), await open()];
		const [deleted = '', replaced = '', ...kept] = keysOf(cache, 1, 12);
		const elsewhere = [...keysOf(cache, 0, 5), ...keysOf(cache, 2, 5)];
		await cache.setMany([deleted, replaced, ...kept, ...elsewhere].map((key) => [key, 'old']));
		await second.readonly();
		await until(async () => (await beat()) !== '', 'the time of that has reached the replica');
		const before = await beat();
		await cache.set(kept[0] ?? '', 'old');
		await until(async () => (await beat()) !== before, 'the next one has, too');

		await second.config('SET', 'masterauth', 'refused');
		await master.client('KILL', 'TYPE', 'REPLICA');
		await until(async () => (await second.info('replication')).includes('master_link_status:down'), 'it lags');
		expect(await cache.delete(deleted)).toEqual({stored: 'redis'});
		expect(await cache.set(replaced, 'new')).toEqual({stored: 'redis'});
		for (const key of elsewhere) expect(await cache.set(key, 'new')).toEqual({stored: 'redis'});
		expect(await second.exists(`rct:default:${deleted}`)).toBe(1);

		await second.cluster('FAILOVER', 'TAKEOVER');
		await until(() => isInUse(cache, replica.port) && isInUse(other, replica.port), 'the replica is in use');
		await until(() => cache.stats().journal.size === 0, 'all is reconciled');
		for (const reader of [cache, other]) {
			expect(await reader.get(deleted)).toBeUndefined();
			expect(await reader.get(replaced)).not.toBe('old');
			for (const key of elsewhere) expect(await reader.get(key)).toBe('new');
			for (const key of kept.slice(1)) expect(await reader.get(key)).toBe('old');
		}
		expect(cache.stats().mode.mode).toBe('connected');
	});
});
