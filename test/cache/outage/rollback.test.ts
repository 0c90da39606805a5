import {Redis} from 'ioredis';
import {expect, it, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {localNow} from '../../../source/cache/clock/local-now.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {fillScript} from '../../../source/cache/scripts/lease-scripts.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {fallBack, untilConnected, untilConnectedAndReconciled, untilFallback} from '../support/states.js';

const open = async (url: string, options: CacheOptions = {}): Promise<RedisCache> => {
	const cache = new RedisCache({url, ttl: '1h', ...options});
	onTestFinished(() => cache.close());
	await cache.ready('30s');
	return cache;
};

const server = async (...args: string[]): Promise<{readonly redis: RedisProcess; readonly raw: Redis}> => {
	const redis = await startRedisProcess({args});
	const raw = new Redis(redis.port, redis.host, {maxRetriesPerRequest: null, retryStrategy: () => 50});
	raw.on('error', () => {});
	onTestFinished(async () => {
		raw.disconnect();
		await redis.close();
	});
	return {redis, raw};
};

/** Pattern of the key under which the cache writes the time. */
const beatKey = 'rct:!!beat:*';

const beaten = async (raw: Redis, since = 0): Promise<number> => {
	let beat = 0;
	await until(async () => {
		const [key] = await raw.keys(beatKey);
		beat = key === undefined ? 0 : Number(await raw.get(key));
		return beat > since;
	}, 'the cache has written the time');
	return beat;
};

const follow = async (replica: Redis, master: RedisProcess): Promise<void> => {
	await replica.call('REPLICAOF', master.host, String(master.port));
	await until(async () => /master_link_status:up/.test(await replica.info('replication')), 'the replica has caught up');
};

describeReal('a rollback of Redis to before a delete that it had acknowledged', () => {
	it('is noticed by a cache whose user got back the right to ask which data a server has', async () => {
		const {redis, raw} = await server();
		const setRights = (...rules: readonly string[]) =>
			raw.call('ACL', 'SETUSER', 'limited', 'reset', 'on', 'nopass', '~*', '&*', '+@all', ...rules);
		await setRights('-info');
		const url = `redis://limited:any@127.0.0.1:${redis.port}`;
		const cache = await open(url, {memory: false, deadline: 1000});
		const disabled: string[] = [];
		cache.on('error', ({error}) => {
			if (error.message.includes('rollback detection is off')) disabled.push(error.message);
		});
		await setRights();
		fallBack(cache);
		await untilConnectedAndReconciled(cache);
		await cache.set('k', 'old');
		await beaten(raw);
		await raw.save();
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
		await redis.kill();
		await untilFallback(cache);
		const again = await startRedisProcess({
			port: redis.port,
			args: ['--dir', redis.directory, '--user', 'limited', 'on', 'nopass', '~*', '&*', '+@all'],
		});
		onTestFinished(() => again.close());
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(disabled).toEqual([]);
	});

	it('is noticed even if Redis replies LOADING at first', async () => {
		const {redis, raw} = await server('--rdbcompression', 'no');
		const cache = await open(redis.url, {memory: false, deadline: 1000});
		await raw.eval("for i=1,1000 do redis.call('SET','filler'..i,string.rep('x',1100)) end", 0);
		await cache.set('k', 'old');
		await beaten(raw);
		await raw.save();
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
		await redis.kill();
		await untilFallback(cache);
		let loading = 0;
		cache.on('error', ({error}) => {
			if (error.message.includes('LOADING')) loading++;
		});
		const modes: string[] = [];
		cache.on('mode', ({mode}) => modes.push(mode));
		// Takes ten seconds to load its keys, and replies LOADING meanwhile.
		const slowly = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024'];
		const starting = startRedisProcess({
			port: redis.port,
			args: ['--dir', redis.directory, '--rdbcompression', 'no', ...slowly],
		});
		onTestFinished(async () => (await starting).close());
		await until(() => loading > 0, 'Redis has replied LOADING');
		const hasty = new Redis(redis.port, redis.host, {enableReadyCheck: false});
		const probes = async () => {
			const stats = await hasty.info('commandstats');
			return Number(/cmdstat_time:calls=(\d+)/.exec(stats)?.[1] ?? 0);
		};
		await until(async () => (await probes()) > 10, 'it was probed again and again');
		// It tells its time meanwhile, and is not in use for that.
		expect(modes).toEqual([]);
		await hasty.config('SET', 'key-load-delay', '0');
		hasty.disconnect();
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(modes).toEqual(['recovering', 'connected']);
	});

	it('is noticed even if lanes move one by one to a replica that lagged behind', async () => {
		const {redis, raw} = await server('--repl-diskless-sync-delay', '0');
		const replica = await server();
		const tap = await startTap(redis);
		const cache = await open(tap.url, {memory: false});
		await cache.set('k', 'old');
		await beaten(raw);
		await follow(replica.raw, redis);
		await replica.raw.call('REPLICAOF', 'NO', 'ONE');
		expect(await replica.raw.exists('rct:default:k')).toBe(1);
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
		tap.target = replica.redis;
		const reconnects = () => cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.reconnects, 0);
		let moved = reconnects();
		await tap.cutOneByOne(async () => {
			// One of the connections belongs to the subscriber, which is not counted.
			await until(() => reconnects() > moved, 'the lane is back', {timeoutMs: 1000}).catch(() => {});
			moved = reconnects();
		});
		// The last lane is verified asynchronously.
		await until(async () => (await cache.get('k')) === undefined, 'the deleted value is gone');
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(await replica.raw.exists('rct:default:k')).toBe(0);
	});

	it.each([
		['a delete', (cache: RedisCache) => cache.delete('k')],
		['a clear', (cache: RedisCache) => cache.clear()],
	])('is noticed even if %s was made in an outage, and reconciled before', async (_name, change) => {
		const {redis, raw} = await server('--repl-diskless-sync-delay', '0');
		const replica = await server();
		const tap = await startTap(redis);
		const cache = await open(tap.url, {memory: false});
		await cache.set('k', 'old');
		await beaten(raw);
		await follow(replica.raw, redis);
		await replica.raw.call('REPLICAOF', 'NO', 'ONE');
		tap.closed = true;
		tap.cutAll();
		await untilFallback(cache);
		expect(await change(cache)).toEqual({stored: 'memory'});
		tap.closed = false;
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
		tap.closed = true;
		tap.cutAll();
		await untilFallback(cache);
		tap.target = replica.redis;
		tap.closed = false;
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});

	it.each(['an empty server', 'one that lagged less'])(
		'is noticed even if %s was in its place meanwhile',
		async (which) => {
			const {redis, raw} = await server('--repl-diskless-sync-delay', '0');
			const [lagging, meanwhile] = [await server(), await server()];
			const tap = await startTap(redis);
			const cache = await open(tap.url, {memory: false});
			await cache.set('k', 'old');
			const before = await beaten(raw);
			await follow(lagging.raw, redis);
			await lagging.raw.call('REPLICAOF', 'NO', 'ONE');
			expect(await cache.delete('k')).toEqual({stored: 'redis'});
			if (which !== 'an empty server') {
				await beaten(raw, before);
				await follow(meanwhile.raw, redis);
				await meanwhile.raw.call('REPLICAOF', 'NO', 'ONE');
			}
			for (const next of [meanwhile, lagging]) {
				tap.closed = true;
				tap.cutAll();
				await untilFallback(cache);
				tap.target = next.redis;
				tap.closed = false;
				await untilConnectedAndReconciled(cache);
			}
			expect(await cache.get('k')).toBeUndefined();
		},
	);

	it('is noticed even if the delete was told as done after another server had been checked', async () => {
		const {redis, raw} = await server('--repl-diskless-sync-delay', '0');
		const replica = await server();
		// Before the cache opens: a master counts as another data set once it has its first replica.
		await follow(replica.raw, redis);
		const tap = await startTap(redis);
		const cache = await open(tap.url, {memory: false, deadline: 3000});
		await cache.set('k', 'old');
		await beaten(replica.raw);
		await replica.raw.call('REPLICAOF', 'NO', 'ONE');
		// Until this can no longer be executed, the delete is not told as done.
		const fill = tap.strand(fillScript.sha);
		await cache.getOrSet('k', () => 'loaded', {fresh: true});
		await fill.passed;
		const lanes = () => cache.stats().pool.lanes;
		await until(() => lanes().some(({reconnects}) => reconnects > 0), 'the lane is back');
		const deleted = cache.delete('k');
		await until(async () => (await raw.exists('rct:default:k')) === 0, 'Redis has deleted it');
		await until(() => lanes().every(({inFlight}) => inFlight === 0), 'its reply is there');
		tap.closed = true;
		tap.cutAll();
		await untilFallback(cache);
		tap.target = replica.redis;
		tap.closed = false;
		await untilConnected(cache);
		expect(await deleted).toEqual({stored: 'redis'});
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('is noticed even if the same server has taken over the data of another one', async () => {
		const {redis, raw} = await server('--repl-diskless-sync-delay', '0');
		const lagging = await server('--repl-diskless-sync-delay', '0');
		const cache = await open(redis.url, {memory: false});
		await cache.set('k', 'old');
		await beaten(raw);
		await follow(lagging.raw, redis);
		await lagging.raw.call('REPLICAOF', 'NO', 'ONE');
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
		await follow(raw, lagging.redis);
		await raw.call('REPLICAOF', 'NO', 'ONE');
		await until(async () => (await cache.get('k')) === undefined, 'the deleted value is gone');
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(await raw.exists('rct:default:k')).toBe(0);
	});

	it('makes a read that was already on its way a miss, if a whole namespace may have older values', async () => {
		const {redis} = await server();
		const tap = await startTap(redis);
		const cache = await open(tap.url, {memory: false, deadline: '3s'});
		await cache.set('k', 'old');
		const held = tap.holdReply('MGET', 'rct:default:k');
		const read = cache.get('k');
		await held.passed;
		const {dirtyKeys} = cache.internals.parts;
		// As after a rollback. It is not repeated before this time.
		dirtyKeys.noteMarker('rct:!{default}', localNow() + 60_000);
		held.release();
		expect(await read).toBeUndefined();
	});
});
