import type {CacheOptions} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import type {DrillHost} from '../../source/drills/drill-host.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis, PrivateRedisOptions} from '../../source/embedded/types.js';
import {isServerFault} from '../../source/faults/catalogue.js';
import {ServerFaults} from '../../source/faults/server-faults.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {Workload, type WorkloadCache, type WorkloadOptions} from '../../source/workload/workload.js';
import {snapshotAt} from './fake-engine.js';

/** A private Redis with a fault proxy in front of it. */
export type Site = {
	readonly redis: PrivateRedis;
	readonly proxy: FaultProxy;
	readonly server: ServerFaults;
	/** URL of the proxy. */
	readonly url: string;
	close(): Promise<void>;
};

export async function openSite(options: PrivateRedisOptions = {}): Promise<Site> {
	const redis = await startPrivateRedis(options);
	const site = await openSiteOf(redis);
	return {
		...site,
		async close() {
			await site.close();
			await redis.close();
		},
	};
}

/** A site on a Redis that is shared and outlives it, for faults that do not affect the server. */
export async function openSiteOf(redis: PrivateRedis): Promise<Site> {
	const proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
	const server = new ServerFaults({server: redis});
	return {
		redis,
		proxy,
		server,
		url: redis.url.replace(`:${redis.port}`, `:${proxy.port}`),
		async close() {
			await proxy.close();
			server.close();
		},
	};
}

export type TestBed = {
	readonly host: DrillHost;
	readonly cache: RedisCache;
	readonly workload: Workload;
	close(): Promise<void>;
};

let testBeds = 0;

/** Opens a connected RedisCache on a site, in its own namespace, with a workload. */
export async function openTestBed(
	site: Site,
	cacheOptions: CacheOptions = {},
	workloadOptions: WorkloadOptions = {},
): Promise<TestBed> {
	testBeds++;
	const cache = new RedisCache({
		ttl: {default: '1m', grace: '10m'},
		...cacheOptions,
		url: site.url,
		namespace: `test-bed-${testBeds}`,
	});
	await cache.ready(30_000);
	const workload = new Workload(cache, workloadOptions);
	const host: DrillHost = {
		...faultsOf(site),
		workload,
		cacheSnapshot: () => cache.stats(),
		onMode: (listener) => cache.on('mode', listener),
	};
	return {
		host,
		cache,
		workload,
		async close() {
			workload.close();
			await cache.close();
			site.proxy.heal();
			await site.server.heal();
		},
	};
}

/** A drill host for another kind of cache on a site. Its snapshot of the cache never changes. */
export function hostOf(
	site: Site,
	cache: WorkloadCache,
	workloadOptions: WorkloadOptions = {},
): DrillHost & {readonly workload: Workload} {
	const {cache: snapshot} = snapshotAt(0);
	return {
		...faultsOf(site),
		workload: new Workload(cache, workloadOptions),
		cacheSnapshot: () => snapshot,
		onMode: () => () => {},
	};
}

function faultsOf({
	proxy,
	server,
	redis,
}: Site): Pick<DrillHost, 'server' | 'machineLateMs' | 'applyFault' | 'liftFault' | 'isActive' | 'failureOf'> {
	return {
		machineLateMs: () => ({p50: 0, p99: 0, max: 0}),
		server: `${redis.name} ${redis.version} (private)`,
		applyFault: async (fault) => (isServerFault(fault) ? server.add(fault) : proxy.add(fault)),
		liftFault: async (id) => proxy.lift(id) || server.lift(id),
		failureOf: () => undefined,
		isActive: (id) => [...proxy.active(), ...server.active()].some((active) => active.id === id),
	};
}
