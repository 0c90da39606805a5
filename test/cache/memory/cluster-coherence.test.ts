import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, expect, it} from 'vitest';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {clusterSlot} from '../../../source/pool/cluster-slot.js';
import {gate} from '../../support/gate.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster} from '../../support/redis-cluster.js';
import {until} from '../../support/until.js';

describeReal('memory in a cluster', () => {
	let cluster: RedisCluster;
	let raw: readonly Redis[];
	let ids: readonly string[];
	const caches: RedisCache[] = [];
	/** The caches of two processes. Nothing that this file expects may take a minute. */
	let cache: RedisCache;
	let other: RedisCache;

	beforeAll(async () => {
		cluster = await startRedisCluster([], ['--cluster-require-full-coverage', 'no']);
		raw = cluster.nodes.map(({host, port}) => new Redis(port, host));
		ids = await Promise.all(raw.map(async (client) => String(await client.cluster('MYID'))));
		[cache, other] = await Promise.all([open(), open()]);
	});
	afterEach(() => cache.clear());
	afterAll(async () => {
		await Promise.all(caches.map((each) => each.close()));
		for (const client of raw) client.disconnect();
		await cluster.close();
	});

	const open = async () => {
		const opened = new RedisCache({
			url: cluster.url,
			deadline: '1s',
			ttl: '1h',
			memory: {trust: '1m', coherence: 'broadcast'},
		});
		caches.push(opened);
		await opened.ready('30s');
		await until(() => opened.internals.parts.tracking.state.kind === 'tracking', 'each node is tracked');
		return opened;
	};
	const redisKey = (key: string) => `rct:default:${key}`;
	const addressOf = (name: string) => cache.internals.pool.nodeOf(name)?.address ?? '';
	const nodeOf = (name: string) => cluster.nodes.findIndex(({port}) => addressOf(name).endsWith(`:${port}`));
	/** The node without the markers of the namespace. */
	const apart = () => (nodeOf('rct:!{default}') + 1) % 3;
	let keys = 0;
	/** A new key of the node. */
	const keyOf = (node: number) => {
		while (nodeOf(redisKey(`k${++keys}`)) !== node);
		return `k${keys}`;
	};
	const isMemoryHit = async (key: string) => {
		const before = cache.stats().counters.hitsMemory;
		await cache.get(key);
		return cache.stats().counters.hitsMemory > before;
	};
	const untilInMemory = (key: string) => until(() => isMemoryHit(key), `${key} is served from memory`);
	const store = async (key: string) => {
		// A value that is set before the generation of the latest clear is known is a miss.
		const isRead = async () => (await other.set(key, 'old')).stored === 'redis' && (await cache.get(key)) === 'old';
		await until(isRead, 'it is read');
		await untilInMemory(key);
	};
	const untilGone = (key: string) => until(async () => (await cache.get(key)) === undefined, 'it is gone');

	it.each([0, 1, 2])('is told of a set and a delete of another process by node %i', async (node) => {
		const key = keyOf(node);
		await store(key);
		await other.set(key, 'new');
		await until(async () => (await cache.get(key)) === 'new', 'the new value is read');
		await untilInMemory(key);
		await other.delete(key);
		await untilGone(key);
	});

	it('is told by each node of what it has read there, and goes back to broadcast', async () => {
		const {tracking} = cache.internals.parts;
		const untilTracked = () => until(() => tracking.state.kind === 'tracking', 'each node is tracked');
		const follows = async (key: string) => {
			await until(async () => (await other.set(key, 'new')).stored === 'redis', 'it is stored');
			await until(async () => (await cache.get(key)) === 'new', 'the new value is read');
			await untilTracked();
			await untilInMemory(key);
		};
		tracking.use('tracked');
		expect(tracking.state.kind).toBe('gap');
		await untilTracked();
		const stored = [0, 1, 2].map(keyOf);
		await Promise.all(stored.map(store));
		// With its lanes a node forgets what was read.
		await raw[1]?.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
		await Promise.all(stored.map(follows));
		await other.deleteMany(stored);
		await Promise.all(stored.map(untilGone));
		tracking.use('broadcast');
		await untilTracked();
		await store(keyOf(2));
		await follows(`k${keys}`);
	});

	it.each([
		['clear', () => other.clear()],
		['an invalidated tag', () => other.invalidateTags(['t'])],
	])('is told of %s', async (_name, invalidate) => {
		const tagged = [0, 1, 2].map(keyOf);
		await other.setMany(
			tagged.map((key) => [key, 'old']),
			{tags: ['t']},
		);
		for (const key of tagged) await untilInMemory(key);
		await invalidate();
		for (const key of tagged) await untilGone(key);
	});

	it('is told when another process has loaded a value, and does not ask again and again', async () => {
		const key = keyOf(apart());
		const loaded = gate<string>();
		const loading = other.getOrSet(key, () => loaded.promise);
		await until(async () => (await raw[apart()]?.exists(redisKey(key))) === 1, 'the other process has the lease');
		const waiting = cache.getOrSet(key, () => 'its own');
		const {tracking, flights} = cache.internals.parts;
		await until(() => flights.size === 1, 'it waits');
		expect(tracking.announcesEntries(redisKey(key))).toBe(true);
		loaded.open('loaded');
		expect(await loading).toBe('loaded');
		expect(await waiting).toBe('loaded');
	});

	/** Runs `work` while the cache is not told of changes on a node. Who is connected stays connected, except for the subscribers. */
	const unheard = async (node: number, work: () => Promise<void>) => {
		const {tracking} = cache.internals.parts;
		const address = `127.0.0.1:${cluster.nodes[node]?.port}`;
		await raw[node]?.config('SET', 'maxclients', 1);
		try {
			await raw[node]?.client('KILL', 'TYPE', 'PUBSUB');
			await until(() => tracking.stateAt(address).kind === 'gap', 'the subscriber is lost');
			await work();
			expect(tracking.stateAt(address).kind).toBe('gap');
			const {mode, nodes = []} = cache.stats();
			expect(mode.mode).toBe('connected');
			expect(nodes.map((each) => each.coherence === 'ttl')).toEqual(nodes.map((each) => each.address === address));
		} finally {
			await raw[node]?.config('SET', 'maxclients', 10_000);
		}
	};

	it('trusts the keys of all nodes but the one that it does not hear', async () => {
		const node = apart();
		const [lost, heard] = [keyOf(node), keyOf((node + 1) % 3)];
		await store(lost);
		await store(heard);
		await unheard(node, async () => {
			await untilInMemory(heard);
			for (let round = 0; round < 5; round++) expect(await isMemoryHit(lost)).toBe(false);
			await other.set(lost, 'new');
			expect(await cache.get(lost)).toBe('new');
			expect(await isMemoryHit(heard)).toBe(true);
		});
		await untilInMemory(lost);
	});

	it('trusts no key of a namespace while it does not hear the node of the markers', async () => {
		const key = keyOf(apart());
		await store(key);
		await unheard(nodeOf('rct:!{default}'), async () => {
			for (let round = 0; round < 5; round++) {
				expect(await isMemoryHit(key)).toBe(false);
				expect(await cache.get(key)).toBe('old');
			}
			await other.clear();
			expect(await cache.get(key)).toBeUndefined();
		});
	});

	it('does not trust a key that is on its way to another node', async () => {
		const from = apart();
		const to = (from + 1) % 3;
		const key = keyOf(from);
		const slot = clusterSlot(redisKey(key));
		const [source, target] = [raw[from] as Redis, raw[to] as Redis];
		await store(key);
		await target.cluster('SETSLOT', slot, 'IMPORTING', ids[from] as string);
		await source.cluster('SETSLOT', slot, 'MIGRATING', ids[to] as string);
		const {host = '', port = 0} = cluster.nodes[to] ?? {};
		await source.migrate(host, port, redisKey(key), 0, 5000);
		expect(await target.cluster('COUNTKEYSINSLOT', slot)).toBe(1);
		await until(async () => !(await isMemoryHit(key)), 'the removal is announced');
		for (let round = 0; round < 5; round++) {
			expect(await isMemoryHit(key)).toBe(false);
			expect(await cache.get(key)).toBe('old');
		}
		await other.set(key, 'new');
		expect(await cache.get(key)).toBe('new');
		for (const client of [target, source]) await client.cluster('SETSLOT', slot, 'NODE', ids[to] as string);
		await untilInMemory(key);
		expect(nodeOf(redisKey(key))).toBe(to);
		await other.delete(key);
		await untilGone(key);
	});

	// Last: the cluster does not recover from it.
	it('follows a slot that was taken from a node which is cut off', async () => {
		const from = apart();
		const to = (from + 1) % 3;
		const key = keyOf(from);
		await store(key);
		await raw[from]?.config('SET', 'cluster-require-full-coverage', 'yes');
		for (const id of ids) if (id !== ids[from]) await raw[from]?.cluster('FORGET', id);
		await raw[to]?.cluster('SETSLOT', clusterSlot(redisKey(key)), 'IMPORTING', ids[from] as string);
		await raw[to]?.cluster('SETSLOT', clusterSlot(redisKey(key)), 'NODE', ids[to] as string);
		await until(async () => (await other.set(key, 'new')).stored === 'redis', 'the other process has followed');
		await until(async () => (await cache.get(key)) === 'new', 'the new value is read');
		expect(nodeOf(redisKey(key))).toBe(to);
	});
});
