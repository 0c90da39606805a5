import {runDrill, startFaultProxy, startRedis} from 'redis-cache-tui/testing';
import {expect, onTestFinished, test} from 'vitest';
import {start} from './application.mjs';
import {outage} from './outage.mjs';

test('the cache keeps its values right through an outage', async () => {
	const report = await runDrill('./cache.mjs', outage); // or the name of a drill, such as 'black-hole'
	expect(report.expectations.filter(({passed}) => !passed)).toEqual([]);
	expect(report.returned).toMatchObject({ownProcess: 0, otherProcess: 0});
}, 60_000);

test('a page is served while Redis is away', async () => {
	const redis = await startRedis(); // redis-server from PATH, else the built-in server
	onTestFinished(() => redis.close());
	const proxy = await startFaultProxy(redis.url);
	onTestFinished(() => proxy.close());
	const application = await start({redisUrl: proxy.url});
	onTestFinished(() => application.stop());
	const lift = proxy.apply('blackhole'); // any fault of the connection, as in drills
	expect((await fetch(application.url)).status).toBe(200);
	lift();
	expect(await (await fetch(application.url)).json()).toEqual({name: 'Ada'});
}, 60_000);
