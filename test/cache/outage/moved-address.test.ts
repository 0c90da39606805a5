import {Redis} from 'ioredis';
import {describe, expect, it, onTestFinished} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {itReal} from '../../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {startTap, type Tap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {fallBack, resetLanes, untilConnected, untilFallback, untilTracking} from '../support/states.js';

type Server = {readonly redis: RedisProcess; readonly raw: Redis};

const startServer = async (): Promise<Server> => {
	const redis = await startRedisProcess();
	const raw = new Redis(redis.port, redis.host, {maxRetriesPerRequest: null, retryStrategy: () => 50});
	raw.on('error', () => {});
	onTestFinished(async () => {
		raw.disconnect();
		await redis.close();
	});
	return {redis, raw};
};

const open = async (url: string, options: CacheOptions = {}): Promise<RedisCache> => {
	const cache = new RedisCache({url, ttl: '1h', ...options});
	onTestFinished(() => cache.close());
	await cache.ready('30s');
	return cache;
};

/** A cache behind an address that can move to another server, while open connections stay where they are. */
const behindMovingAddress = async (
	options: CacheOptions = {},
): Promise<{readonly from: Server; readonly to: Server; readonly tap: Tap; readonly cache: RedisCache}> => {
	const [from, to] = await Promise.all([startServer(), startServer()]);
	const tap = await startTap(from.redis);
	const cache = await open(tap.url, options);
	if (options.memory !== false) await untilTracking(cache);
	return {from, to, tap, cache};
};

describe('a cache whose address has moved to another Redis', () => {
	it('gets invalidations from there, although its subscriber was not disconnected', async () => {
		const {to, tap, cache} = await behindMovingAddress();
		await cache.set('k', 'old');
		tap.target = to.redis;
		resetLanes(cache);
		await untilFallback(cache);
		await untilConnected(cache);
		const other = await open(to.redis.url);
		await other.set('k', 'first');
		await until(async () => (await cache.get('k')) === 'first', 'it reads what is there');
		await untilTracking(cache);
		expect(await cache.get('k')).toBe('first');
		await other.set('k', 'second');
		await until(async () => (await cache.get('k')) === 'second', 'it sees the change');
	});

	it('moves its lanes there, if only its subscriber was disconnected', async () => {
		const {from, to, tap, cache} = await behindMovingAddress();
		const other = await open(from.redis.url);
		await other.set('k', 'old');
		expect(await cache.get('k')).toBe('old');
		tap.target = to.redis;
		const ping = tap.holdRequest('ping');
		await ping.passed;
		ping.cut();
		await until(() => cache.stats().memory.coherence !== 'tracking', 'invalidations have stopped');
		await untilTracking(cache);
		await untilConnected(cache);
		await other.set('k', 'on the old server');
		const there = await open(to.redis.url);
		await there.set('k', 'first');
		await until(async () => (await cache.get('k')) === 'first', 'it reads from where the address leads now');
		await there.set('k', 'second');
		await until(async () => (await cache.get('k')) === 'second', 'it sees the change');
	});

	it('reads nothing over a lane until its data set is verified', async () => {
		const {from, to, tap, cache} = await behindMovingAddress({memory: false, pool: {lanes: 2}});
		// The state of a replica that lags behind: it has the value, and has not seen the delete.
		await cache.set('k', 'old');
		for (const key of await from.raw.keys('rct:*')) {
			const bytes = await from.raw.getBuffer(key);
			if (bytes !== null) await to.raw.set(key, bytes);
		}
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
		tap.target = to.redis;
		const reads: Promise<unknown>[] = [];
		let isKnown = false;
		cache.on('mode', () => {
			isKnown = true;
		});
		const read = () => {
			if (isKnown) return;
			reads.push(cache.get('k'));
			setImmediate(read);
		};
		cache.on('pool', ({type}) => {
			if (type === 'ready') read();
		});
		cache.internals.pool.lanes[0]?.reset('the test wants it');
		await until(() => isKnown, 'the cache has noticed');
		expect(reads.length).toBeGreaterThan(0);
		expect(await Promise.all(reads)).not.toContain('old');
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
	});

	itReal('moves there when the server that it is connected to has become a replica', async () => {
		const {from, to, tap, cache} = await behindMovingAddress();
		const problems: string[] = [];
		cache.on('error', ({operation, error}) => {
			if (operation === 'connect') problems.push(error.message);
		});
		await cache.set('k', 'old');
		tap.target = to.redis;
		await from.raw.call('REPLICAOF', to.redis.host, String(to.redis.port));
		await until(async () => {
			await cache.set('k', 'new');
			return cache.stats().mode.mode === 'fallback';
		}, 'fallback');
		await untilConnected(cache);
		expect(await cache.set('k', 'newer')).toEqual({stored: 'redis'});
		expect(await to.raw.exists('rct:default:k')).toBe(1);
		// Reported once, not for each attempt.
		expect(problems.length).toBeLessThan(3);
	});

	itReal('reconnects now and then, and reports it once, while the address leads to a replica', async () => {
		const {from, cache} = await behindMovingAddress();
		const problems: string[] = [];
		cache.on('error', ({operation, error}) => {
			if (operation === 'connect') problems.push(error.message);
		});
		await cache.set('k', 'old');
		await from.raw.call('REPLICAOF', '127.0.0.1', '1');
		await until(async () => {
			await cache.set('k', 'new');
			return cache.stats().mode.mode === 'fallback';
		}, 'fallback');
		const reconnects = () => cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.reconnects, 0);
		await until(() => reconnects() >= 2 * cache.internals.pool.lanes.length, 'all lanes have reconnected twice');
		expect(problems.length).toBeLessThan(3);
		await from.raw.call('REPLICAOF', 'NO', 'ONE');
		await untilConnected(cache);
		expect(await cache.set('k', 'newer')).toEqual({stored: 'redis'});
	});
});

describe('a cache whose address moves to another Redis while it recovers', () => {
	/** In a recovery that has checked the lanes, and waits for a dirty key to become final. */
	const recovering = async (cache: RedisCache): Promise<void> => {
		cache.internals.parts.dirtyKeys.noteKey('rct:default:lost', performance.timeOrigin + performance.now() + 1500);
		fallBack(cache);
		await until(() => cache.stats().mode.mode === 'recovering', 'recovering');
		await new Promise((resolve) => setTimeout(resolve, 200));
	};

	it('reads nothing there before it has checked what that server has lost', async () => {
		const {from, to, tap, cache} = await behindMovingAddress({memory: false, deadline: 1000});
		await cache.set('k', 'old');
		for (const key of await from.raw.keys('rct:*')) {
			const bytes = await from.raw.getBuffer(key);
			if (bytes !== null) await to.raw.set(key, bytes);
		}
		expect(await cache.delete('k')).toEqual({stored: 'redis'});
		await recovering(cache);
		tap.target = to.redis;
		resetLanes(cache);
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('moves its lanes there, if only its subscriber was disconnected', async () => {
		const {from, to, tap, cache} = await behindMovingAddress({deadline: 1000});
		await recovering(cache);
		tap.target = to.redis;
		await from.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
		await untilConnected(cache);
		const there = await open(to.redis.url);
		await there.set('k', 'there');
		await until(async () => (await cache.get('k')) === 'there', 'it reads from where the address leads now');
		await untilTracking(cache);
	});
});
