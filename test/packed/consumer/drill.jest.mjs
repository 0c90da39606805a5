// Needs NODE_OPTIONS=--experimental-vm-modules, as jest does for every ES module.
import {fileURLToPath} from 'node:url';
import {runDrill, startFaultProxy, startRedis} from 'redis-cache-tui/testing';
import {open} from './cache.mjs';
import {outage} from './outage.mjs';

test('the cache keeps its values right through an outage', async () => {
	const report = await runDrill(fileURLToPath(new URL('cache.mjs', import.meta.url)), outage);
	expect(report.expectations.filter(({passed}) => !passed)).toEqual([]);
	expect(report.returned).toMatchObject({ownProcess: 0, otherProcess: 0});
}, 60_000);

test('a read does not wait for a Redis that is away', async () => {
	const redis = await startRedis();
	const proxy = await startFaultProxy(redis.url);
	const cache = await open({url: proxy.url});
	try {
		await cache.set('key', 'value');
		proxy.apply('blackhole');
		expect(await cache.get('another key')).toBeUndefined();
	} finally {
		await cache.close();
		await proxy.close();
		await redis.close();
	}
}, 60_000);
