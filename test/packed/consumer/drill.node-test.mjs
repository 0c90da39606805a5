import assert from 'node:assert/strict';
import {test} from 'node:test';
import {Redis} from 'ioredis';
import {runDrill, startFaultProxy, startRedis} from 'redis-cache-tui/testing';
import {open} from './cache.mjs';
import {outage} from './outage.mjs';

test('the cache keeps its values right through an outage', async () => {
	const report = await runDrill(open, outage);
	assert.deepEqual(
		report.expectations.filter(({passed}) => !passed),
		[],
	);
});

test('a client says that Redis is away, and works again', async () => {
	const redis = await startRedis();
	const proxy = await startFaultProxy(redis.url);
	const client = new Redis(proxy.url, {commandTimeout: 2000, maxRetriesPerRequest: 0, retryStrategy: () => 50});
	client.on('error', () => {});
	try {
		await client.set('key', 'value');
		const lift = proxy.apply('refuse');
		await assert.rejects(client.get('key'));
		lift();
		while ((await client.get('key').catch(() => null)) !== 'value');
	} finally {
		client.disconnect();
		await proxy.close();
		await redis.close();
	}
});
