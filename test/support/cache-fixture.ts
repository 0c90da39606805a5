import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, beforeEach} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import {allSafetySwitches, type SafetySwitches} from '../../source/cache/outage/safety-switches.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type RedisProcess, type RedisProcessOptions, startRedisProcess} from './redis-process.js';

export type CacheFixture = {
	readonly redis: RedisProcess;
	/** A plain connection to the server, to inspect and change it without the cache. */
	readonly raw: Redis;
	/** A cache on the server, connected. */
	open(options?: CacheOptions, switches?: Partial<SafetySwitches>): Promise<RedisCache>;
	/** A cache on the server, without waiting for its connection. */
	create(options?: CacheOptions, switches?: Partial<SafetySwitches>): RedisCache;
	/** A proxy in front of the server. */
	proxy(): Promise<FaultProxy>;
	/** A cache that connects to the server through the proxy, connected. */
	openBehind(proxy: FaultProxy, options?: CacheOptions, switches?: Partial<SafetySwitches>): Promise<RedisCache>;
};

/**
 * One Redis for the tests of a file, emptied before each of them. Caches and proxies that a test opens are closed after
 * it. Call it at the top of a file or of a `describe`.
 */
export const redisFixture = (options: RedisProcessOptions = {}): CacheFixture => {
	let redis: RedisProcess;
	let raw: Redis;
	const caches = new Set<RedisCache>();
	const proxies = new Set<FaultProxy>();

	const create = (cacheOptions: CacheOptions = {}, switches: Partial<SafetySwitches> = {}): RedisCache => {
		const cache = new RedisCache({url: redis.url, ...cacheOptions}, {...allSafetySwitches, ...switches});
		caches.add(cache);
		return cache;
	};
	const open = async (cacheOptions?: CacheOptions, switches?: Partial<SafetySwitches>): Promise<RedisCache> => {
		const cache = create(cacheOptions, switches);
		await cache.ready('30s');
		return cache;
	};

	beforeAll(async () => {
		redis = await startRedisProcess(options);
		raw = new Redis(redis.port, redis.host, {lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null});
		raw.on('error', () => {
			// Some tests kill the server.
		});
		await raw.connect();
	});
	beforeEach(async () => {
		await raw.flushall();
	});
	afterEach(async () => {
		redis.resume();
		for (const proxy of proxies) proxy.heal();
		await Promise.all([...caches].map((cache) => cache.close()));
		caches.clear();
		await Promise.all([...proxies].map((proxy) => proxy.close()));
		proxies.clear();
	});
	afterAll(async () => {
		raw.disconnect();
		await redis.close();
	});

	return {
		get redis() {
			return redis;
		},
		get raw() {
			return raw;
		},
		create,
		open,
		proxy: async () => {
			const proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
			proxies.add(proxy);
			return proxy;
		},
		openBehind: (proxy, cacheOptions, switches) =>
			open({...cacheOptions, url: `redis://${proxy.host}:${proxy.port}`}, switches),
	};
};
