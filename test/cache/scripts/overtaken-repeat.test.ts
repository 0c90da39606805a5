import {Redis} from 'ioredis';
import {expect, it, onTestFinished} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {setScript} from '../../../source/cache/scripts/key-scripts.js';
import {describeReal} from '../../support/real-redis.js';
import {startRedisProcess} from '../../support/redis-process.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {untilReconciled} from '../support/states.js';

describeReal('a write that reached a node of a cluster too late', () => {
	it('is not sent again after a later write of its key, whose reply was looked at first', async () => {
		const node = await startRedisProcess({args: ['--cluster-enabled', 'yes']});
		onTestFinished(() => node.close());
		const raw = new Redis(node.port, node.host);
		onTestFinished(() => raw.disconnect());
		await raw.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
		await until(
			async () => String(await raw.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
			'the cluster is there',
		);
		const tap = await startTap(node);
		const {hostname: host, port} = new URL(tap.url);
		const cache = new RedisCache({
			url: `redis+cluster://${host}:${port}`,
			pool: {lanes: 1, natMap: {[`127.0.0.1:${node.port}`]: {host, port: Number(port)}}},
			memory: false,
			deadline: '2s',
		});
		onTestFinished(() => cache.close());
		await cache.ready('30s');
		await cache.set('warm', 1);

		const held = tap.holdReply(setScript.sha);
		tap.makeLate(1, setScript.sha);
		// Two writes of one turn are a pipeline, and one is a command of its own.
		const pipeline = [cache.set('k', 'old'), cache.set('other', 1)];
		await held.passed;
		const single = cache.set('k', 'new');
		await until(async () => (await raw.exists('rct:default:k')) === 1, 'the later write is executed');
		held.release();
		await Promise.all([...pipeline, single]);

		await untilReconciled(cache);
		// What is in doubt may be deleted, but must not be the older value.
		expect(['new', undefined]).toContain(await cache.get('k'));
	});
});
