import {expect, it, onTestFinished} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {describeReal} from '../../support/real-redis.js';
import {startRedisCluster} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

const probeMs = 50;
const losses = 6;

describeReal('a node of a cluster that is lost as soon as it is back', () => {
	it('is brought back less and less often, and the other nodes are in use all the time', {
		timeout: 60_000,
	}, async () => {
		const cluster = await startRedisCluster();
		onTestFinished(() => cluster.close());
		const cache = new RedisCache({url: cluster.url, deadline: '2s', memory: false, breaker: {probeInterval: probeMs}});
		onTestFinished(() => cache.close());
		await cache.ready('30s');
		await until(() => cache.stats().nodes?.every(({mode}) => mode.mode === 'connected') === true, 'all are in use');
		const port = cluster.nodes[1]?.port;
		const lostAt: number[] = [];
		const pauses: number[] = [];
		const others: string[] = [];
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		const lose = () => {
			for (const lane of cache.internals.pool.lanes)
				if (lane.node?.endsWith(`:${port}`) === true) lane.reset('the test does it');
		};
		cache.on('node', ({address, mode}) => {
			const now = performance.now();
			if (!address.endsWith(`:${port}`)) others.push(mode);
			else if (mode === 'fallback') lostAt.push(now);
			else if (mode === 'connected') {
				pauses.push(now - (lostAt.at(-1) ?? now));
				if (lostAt.length < losses) lose();
			}
		});
		lose();
		await until(() => pauses.length === losses, 'it was lost and back many times');
		// The first loss is none after another one, and half of each pause is random.
		for (const [index, pause] of pauses.entries())
			if (index > 0) expect(pause).toBeGreaterThan(0.45 * probeMs * 2 ** index);
		expect(others).toEqual([]);
		expect(modes).toEqual([]);
	});
});
