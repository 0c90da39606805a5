import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {Namespace} from '../../../source/cache/keys/namespace.js';
import {defaultPrefix} from '../../../source/cache/options/settings.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {allScripts} from '../../../source/cache/scripts/all-scripts.js';
import {clusterSlot} from '../../../source/pool/cluster-slot.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';

const nodes: RedisProcess[] = [];

const raw: Redis[] = [];

const caches: RedisCache[] = [];

beforeAll(async () => {
	for (let index = 0; index < 2; index++) {
		const node = await startRedisProcess({args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']});
		nodes.push(node);
		const client = new Redis(node.port, node.host);
		raw.push(client);
		await client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
		await client.call('CLUSTER', 'ADDSLOTSRANGE', index * 8192, index * 8192 + 8191);
	}
	await raw[0]?.call('CLUSTER', 'MEET', '127.0.0.1', nodes[1]?.port ?? 0);
	await until(async () => {
		const infos = await Promise.all(raw.map(async (client) => String(await client.call('CLUSTER', 'INFO'))));
		return infos.every((info) => info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:2'));
	}, 'the cluster is there');
});

beforeEach(() => Promise.all(raw.map((client) => client.flushall())));

afterEach(() => Promise.all(caches.splice(0).map((cache) => cache.close())));

afterAll(async () => {
	for (const client of raw) client.disconnect();
	await Promise.all(nodes.map((node) => node.close()));
});

const open = async (options: CacheOptions = {}): Promise<RedisCache> => {
	const cache = new RedisCache({
		url: `redis+cluster://127.0.0.1:${nodes[0]?.port}`,
		memory: {trust: 200},
		deadline: 1000,
		...options,
	});
	caches.push(cache);
	await cache.ready('30s');
	return cache;
};

/** Waits longer than memory.trust. */
const trustPasses = () => new Promise((resolve) => setTimeout(resolve, 220));

/** Keys whose slots are among those of a node. */
const keysOf = (node: number, count: number): readonly string[] => {
	const keys = Array.from({length: 4 * count}, (_, index) => `k${index}`);
	const {entryPrefix} = namespace;
	return keys.filter((key) => Math.floor(clusterSlot(entryPrefix + key) / 8192) === node).slice(0, count);
};

/** A namespace whose generation is on the second node. */
const namespace = Array.from({length: 20}, (_, index) => new Namespace(defaultPrefix, `n${index}`, undefined)).find(
	({generationKey}) => clusterSlot(generationKey) >= 8192,
) as Namespace;

describeReal('in a cluster', () => {
	it('reads and writes of one turn are one unit for each node', async () => {
		const cache = await open({memory: false, namespace: namespace.name});
		const keys = [...keysOf(0, 30), ...keysOf(1, 30)];
		const entries = keys.map((key) => [key, key] as const);
		expect(await cache.setMany(entries)).toEqual({stored: 'redis'});
		const read = () => Promise.all(keys.map((key) => cache.get(key)));
		// The first reads find out how large values are.
		for (let round = 0; round < 4; round++) expect(await read()).toEqual(keys);
		const {batches, batchedKeys} = cache.stats().counters;
		expect(await read()).toEqual(keys);
		const {counters} = cache.stats();
		expect(counters.batchedKeys - batchedKeys).toBeGreaterThanOrEqual(keys.length);
		// Two more at most, if the generation has to be read again.
		expect(counters.batches - batches).toBeLessThanOrEqual(4);
	});

	it('a node that is slow does not hold up reads of another one, however many wait for it', async () => {
		const cache = await open({memory: false, namespace: namespace.name, deadline: '10s'});
		const [slowKeys, quickKeys] = [keysOf(0, 400), keysOf(1, 20)];
		await cache.setMany([...slowKeys, ...quickKeys].map((key) => [key, key] as const));
		await cache.getMany([...slowKeys, ...quickKeys]);
		nodes[0]?.pause();
		const slow = Promise.all(slowKeys.map((key) => cache.get(key)));
		try {
			// Else they would wait for the slow ones, which have not been answered.
			const quick = Promise.all(quickKeys.map((key) => cache.get(key)));
			expect(await Promise.race([quick, slow])).toEqual(quickKeys);
		} finally {
			nodes[0]?.resume();
		}
		expect(await slow).toEqual(slowKeys);
	});

	it('a node that answers no writes is out of use after two silences that many calls waited for', async () => {
		const options = {
			pool: {lanes: 1, missedDeadlines: 50},
			breaker: {consecutive: 5},
			heartbeat: '1m',
			deadline: '400ms',
		} as const;
		const cache = await open({memory: false, namespace: namespace.name, ...options});
		const entries = keysOf(0, 20).map((key) => [key, key] as const);
		expect(await cache.setMany(entries)).toEqual({stored: 'redis'});
		const inUse = () => cache.stats().nodes?.filter(({mode}) => mode.mode === 'connected').length;
		nodes[0]?.pause();
		try {
			expect(await cache.setMany(entries)).toEqual({stored: 'memory'});
			expect(inUse()).toBe(2);
			expect(await cache.setMany(entries)).toEqual({stored: 'memory'});
			expect(inUse()).toBe(1);
		} finally {
			nodes[0]?.resume();
		}
	});

	it('keys of a slot that is on its way to another node are read, in one turn, wherever they are', async () => {
		const cache = await open({memory: false, namespace: namespace.name, strict: true});
		const errors: unknown[] = [];
		cache.on('error', ({error}) => errors.push(error));
		const [tag = ''] = keysOf(0, 1);
		const keys = ['gone', 'staying', 'new', 'absent', 'missing'].map((word) => `{${tag}}${word}`);
		const [gone = '', staying = '', added = ''] = keys;
		const {entryPrefix} = namespace;
		const slot = clusterSlot(entryPrefix + gone);
		const [from, to] = slot < 8192 ? [0, 1] : [1, 0];
		for (const key of [gone, staying]) await cache.set(key, key);
		const ids = await Promise.all(raw.map(async (client) => String(await client.call('CLUSTER', 'MYID'))));
		await raw[to]?.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from] ?? '');
		await raw[from]?.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to] ?? '');
		try {
			await raw[from]?.call('MIGRATE', '127.0.0.1', nodes[to]?.port ?? 0, entryPrefix + gone, 0, 1000);
			// Stored by the node that gets the slot.
			await cache.set(added, added);
			const read = await Promise.all(keys.map((key) => cache.get(key)));
			expect(read).toEqual([gone, staying, added, undefined, undefined]);
			expect(errors).toEqual([]);
		} finally {
			await raw[to]?.flushall();
			for (const client of raw) await client.call('CLUSTER', 'SETSLOT', slot, 'STABLE');
		}
	});

	it('every node knows the scripts before the first call', async () => {
		for (const client of raw) await client.script('FLUSH', 'SYNC');
		await open();
		for (const client of raw) {
			const known = await client.script('EXISTS', ...allScripts.map(({sha}) => sha));
			expect(known).toEqual(allScripts.map(() => 1));
			expect(await client.dbsize()).toBe(0);
		}
	});

	it('keys of all slots can be set, read, loaded and deleted, in bulk and one by one', async () => {
		const cache = await open();
		const other = await open();
		const keys = Array.from({length: 200}, (_, index) => `k${index}`);
		expect(await cache.setMany(keys.map((key) => [key, key]))).toEqual({stored: 'redis'});
		expect((await other.getMany(keys)).size).toBe(200);
		const sizes = await Promise.all(raw.map((client) => client.dbsize()));
		for (const size of sizes) expect(size).toBeGreaterThan(20);
		expect(await cache.deleteMany(keys)).toEqual({stored: 'redis'});
		await trustPasses();
		expect((await other.getMany(keys)).size).toBe(0);
		let loads = 0;
		const load = () => {
			loads++;
			return 'loaded';
		};
		await Promise.all(keys.flatMap((key) => [cache.getOrSet(key, load), other.getOrSet(key, load)]));
		expect(loads).toBe(200);
	});

	it('all writes of a turn follow a slot that has moved, in their order', async () => {
		const cache = (await open({memory: false})).namespace(namespace.name);
		const errors: string[] = [];
		caches.at(-1)?.on('error', ({error}) => errors.push(error.message));
		const [known = '', key = ''] = keysOf(0, 2);
		await cache.set(known, 'the markers are there');
		const ids = await Promise.all(raw.map(async (client) => String(await client.call('CLUSTER', 'MYID'))));
		const assign = async (order: readonly number[]) => {
			const slot = clusterSlot(namespace.entryPrefix + key);
			for (const each of order) await raw[each]?.call('CLUSTER', 'SETSLOT', slot, 'NODE', ids[order[0] ?? 0] ?? '');
		};
		await assign([1, 0]);
		try {
			const results = await Promise.all(['one', 'two', 'three'].map((value) => cache.set(key, value)));
			expect(results.map(({stored}) => stored)).toEqual(['redis', 'redis', 'redis']);
			expect(errors).toEqual([]);
			expect(await cache.get(key)).toBe('three');
		} finally {
			await raw[1]?.del(namespace.entryPrefix + key);
			await assign([0, 1]);
		}
	});

	it('other processes see a clear and an invalidated tag after memory.trust', async () => {
		const cache = await open();
		const other = await open();
		const keys = Array.from({length: 20}, (_, index) => `k${index}`);
		await cache.setMany(
			keys.map((key) => [key, 'old']),
			{tags: ['t']},
		);
		expect((await other.getMany(keys)).size).toBe(20);
		await cache.invalidateTags(['t']);
		await trustPasses();
		expect((await other.getMany(keys)).size).toBe(0);
		await cache.setMany(keys.map((key) => [key, 'old']));
		expect((await other.getMany(keys)).size).toBe(20);
		await cache.clear();
		await trustPasses();
		expect((await other.getMany(keys)).size).toBe(0);
	});

	it('nodes that announce names of another network are reached as the guide says', async () => {
		const nameOf = (index: number) => `node-${index}.invalid`;
		const announce = async (type: 'hostname' | 'ip') => {
			for (const [index, client] of raw.entries()) {
				await client.config('SET', 'cluster-announce-hostname', type === 'ip' ? '' : nameOf(index));
				await client.config('SET', 'cluster-preferred-endpoint-type', type);
			}
			await until(async () => {
				const slots = await Promise.all(raw.map(async (client) => JSON.stringify(await client.cluster('SLOTS'))));
				return slots.every((text) => nodes.every((_, index) => text.includes(nameOf(index)) === (type === 'hostname')));
			}, 'all nodes know the names');
		};
		const {openCache} = await import('../recipes/nat-map.js');
		await announce('hostname');
		try {
			const natMap = Object.fromEntries(nodes.map(({host, port}, index) => [`${nameOf(index)}:${port}`, {host, port}]));
			const cache = openCache(`redis+cluster://127.0.0.1:${nodes[0]?.port}`, natMap);
			caches.push(cache);
			await cache.ready('30s');
			const keys = Array.from({length: 20}, (_, index) => `k${index}`);
			expect(await cache.setMany(keys.map((key) => [key, key]))).toEqual({stored: 'redis'});
			const sizes = await Promise.all(raw.map((client) => client.dbsize()));
			for (const size of sizes) expect(size).toBeGreaterThan(0);
		} finally {
			await announce('ip');
		}
	});
});

describeReal('a load in a cluster', () => {
	it('of a key that is likely to be missing takes two scripts, and no read before them', async () => {
		const cache = await open({memory: false});
		for (let index = 0; index < 30; index++) await cache.getOrSet(`missed:${index}`, () => index);
		await until(() => cache.internals.parts.flights.size === 0, 'all are stored');
		const namespace = cache.internals.parts.namespaces.open('default');
		const {leases} = cache.internals.parts;
		await until(async () => {
			await cache.get('other');
			return leases.mayReadWithLease(namespace, namespace.redisKey('k'), [], {ttlMs: 1, graceMs: 0});
		}, 'the markers are known to be current');
		await Promise.all(raw.map((client) => client.config('RESETSTAT')));
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		await until(() => cache.internals.parts.flights.size === 0, 'it is stored');
		const stats = (await Promise.all(raw.map((client) => client.info('commandstats')))).join('\n');
		expect(stats).toMatch(/cmdstat_evalsha:calls=2,/);
		expect(stats).not.toContain('cmdstat_mget');
		expect(await cache.get('k')).toBe('loaded');
	});
});
