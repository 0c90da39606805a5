import {setImmediate as turn} from 'node:timers/promises';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {blockLoop} from '../../support/block-loop.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster, whileNodesAreFrozen} from '../../support/redis-cluster.js';
import {untilConnectedAndReconciled, untilEnsured} from '../support/states.js';

const deadlineMs = 1000;

describeReal('a write in a cluster that a busy server executes too late', () => {
	let cluster: RedisCluster;

	beforeAll(async () => {
		cluster = await startRedisCluster([], whileNodesAreFrozen);
	});

	afterAll(() => cluster.close());

	it('is not repeated after a later one of the same key, whose reply came with its own', async () => {
		const cache = new RedisCache({url: cluster.url, deadline: deadlineMs, memory: false});
		onTestFinished(() => cache.close());
		await cache.ready('30s');
		const {pool} = cache.internals;
		const [node] = cluster.nodes;
		const laneOf = (key: string) => pool.laneOf(`rct:default:${key}`);
		const keys = Array.from({length: 1000}, (_, index) => `k${index}`);
		const key = keys.find((each) => laneOf(each).node?.endsWith(`:${node?.port}`)) ?? '';
		// Of the same turn and lane: both are sent in one pipeline.
		const other = keys.find((each) => each !== key && laneOf(each) === laneOf(key)) ?? '';
		await cache.setMany([
			[key, 'older'],
			[other, 'older'],
		]);
		await untilEnsured(cache);
		node?.pause();
		const sets = [cache.set(other, 'new'), cache.set(key, 'old')];
		await turn();
		blockLoop(deadlineMs + 50);
		const deleted = cache.delete(key);
		await turn();
		node?.resume();
		expect(await deleted).toEqual({stored: 'redis'});
		await Promise.all(sets);
		await untilConnectedAndReconciled(cache);
		expect(await cache.get(key)).toBeUndefined();
	});
});
