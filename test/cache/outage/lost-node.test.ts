import {afterAll, afterEach, beforeAll, beforeEach, expect, it} from 'vitest';
import type {CacheOptions, NodeEvent} from '../../../source/cache/api/types.js';
import {RedisCache} from '../../../source/cache/redis-cache.js';
import {clusterSlot} from '../../../source/pool/cluster-slot.js';
import {createPool} from '../../../source/pool/create-pool.js';
import {DeadlineError} from '../../../source/pool/errors.js';
import {describeReal} from '../../support/real-redis.js';
import {type RedisCluster, startRedisCluster, whileNodesAreFrozen} from '../../support/redis-cluster.js';
import {startRedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';
import {fallBack} from '../support/states.js';

describeReal('a cluster that loses a node', () => {
	const caches: RedisCache[] = [];
	let cluster: RedisCluster;
	let prefixes = 0;
	let prefix = '';

	beforeAll(async () => {
		cluster = await startRedisCluster([], [...whileNodesAreFrozen, '--save', '', '--repl-diskless-sync-delay', '0']);
	});
	beforeEach(() => {
		prefix = `lost${prefixes++}`;
	});
	afterEach(async () => {
		for (const node of cluster.nodes) node.resume();
		await Promise.all(caches.splice(0).map((cache) => cache.close()));
	});
	afterAll(() => cluster.close());

	const create = (options: CacheOptions = {}): RedisCache => {
		const cache = new RedisCache({
			url: cluster.url,
			prefix,
			deadline: '1s',
			breaker: {consecutive: 2},
			ttl: {default: '1m', grace: '5m', jitter: 0},
			...options,
		});
		caches.push(cache);
		return cache;
	};
	const open = async (options?: CacheOptions): Promise<RedisCache> => {
		const cache = create(options);
		await cache.ready('30s');
		await untilAllInUse(cache);
		return cache;
	};
	const modesOf = (cache: RedisCache) => (cache.stats().nodes ?? []).map(({mode}) => mode.mode);
	const untilAllInUse = (cache: RedisCache) =>
		until(() => modesOf(cache).join() === 'connected,connected,connected', 'all nodes are in use');
	const untilLost = (cache: RedisCache) => until(() => modesOf(cache).includes('fallback'), 'a node is out of use');
	const untilReconciled = (cache: RedisCache) => until(() => cache.stats().journal.size === 0, 'the journal is empty');
	const nodeOf = (cache: RedisCache, redisKey: string) =>
		cluster.nodes.findIndex(({port}) => cache.internals.parts.pool.nodeOf(redisKey)?.address.endsWith(`:${port}`));
	/** Keys that the node has. */
	const keysOf = (cache: RedisCache, node: number, count: number, namespace = 'default') => {
		const keys: string[] = [];
		for (let index = 0; keys.length < count; index++)
			if (nodeOf(cache, `${prefix}:${namespace}:k${index}`) === node) keys.push(`k${index}`);
		return keys;
	};
	/** A namespace whose markers are on the node. */
	const namespaceOn = (cache: RedisCache, node: number) => {
		for (let index = 0; ; index++)
			if (nodeOf(cache, `${prefix}:!{n${index}}`) === node)
				return {name: `n${index}`, of: (any: RedisCache) => any.namespace(`n${index}`)};
	};
	/** Calls of the key find out that its node is lost. */
	const lose = async (cache: RedisCache, node: number, key: string) => {
		cluster.nodes[node]?.pause();
		await until(async () => {
			await cache.get(key);
			return modesOf(cache).includes('fallback');
		}, 'the node is out of use');
	};

	it('goes on with the keys of the others, and answers those of the lost one as in an outage', async () => {
		const [cache, other] = [await open({memory: {trust: 1}}), await open({memory: false})];
		const events: NodeEvent[] = [];
		const modes: string[] = [];
		cache.on('node', (event) => events.push(event));
		cache.on('mode', ({mode}) => modes.push(mode));
		const lostNode = (nodeOf(cache, `${prefix}:!{default}`) + 1) % 3;
		const healthyNode = (lostNode + 1) % 3;
		const [changed = '', deleted = '', read = '', ...rest] = keysOf(cache, lostNode, 20);
		const healthy = keysOf(cache, healthyNode, 20);
		for (const key of [changed, deleted, read]) expect(await cache.set(key, 'old')).toEqual({stored: 'redis'});

		await lose(cache, lostNode, read);
		for (const key of healthy) {
			expect(await cache.set(key, 'new')).toEqual({stored: 'redis'});
			expect(await other.get(key)).toBe('new');
			expect(await cache.getOrSet(key, () => 'loaded')).toBe('new');
		}
		expect(await cache.set(changed, 'new')).toEqual({stored: 'memory'});
		expect(await cache.delete(deleted)).toEqual({stored: 'memory'});
		expect(await cache.get(changed)).toBe('new');
		expect(await cache.get(deleted)).toBeUndefined();
		expect(await cache.get(read)).toBe('old');
		for (const key of rest) expect(await cache.getOrSet(key, () => 'loaded')).toBe('loaded');
		await expect(cache.set(changed, 'newer', {strict: true})).rejects.toMatchObject({code: 'ERR_UNAVAILABLE'});
		await expect(cache.get(changed, {strict: true})).rejects.toMatchObject({
			code: 'ERR_UNAVAILABLE',
			message: expect.stringContaining('2 of 3') as string,
		});
		expect(cache.stats().mode.mode).toBe('connected');
		expect(cache.stats().journal.size).toBe(2);

		cluster.nodes[lostNode]?.resume();
		await untilAllInUse(cache);
		await untilReconciled(cache);
		await untilAllInUse(other);
		expect(await other.get(changed)).toBeUndefined();
		expect(await other.get(deleted)).toBeUndefined();
		expect(await other.get(read)).toBe('old');
		expect(await cache.set(changed, 'newest')).toEqual({stored: 'redis'});
		expect(modes).toEqual([]);
		expect(events[0]).toMatchObject({mode: 'fallback', nodes: {inUse: 2, total: 3}});
		expect(events.at(-1)).toMatchObject({mode: 'connected', nodes: {inUse: 3, total: 3}});
		expect(new Set(events.map(({address}) => address)).size).toBe(1);
		expect(events[0]?.address).toContain(String(cluster.nodes[lostNode]?.port));
	});

	it('stores values of namespaces whose markers it has lost, and hides them if those have changed meanwhile', async () => {
		const [cache, other] = [await open({memory: false}), await open({memory: false})];
		const lostNode = 0;
		const namespace = namespaceOn(cache, lostNode);
		const keys = keysOf(cache, 1, 4, namespace.name);
		const [mine, its] = [namespace.of(cache), namespace.of(other)];
		for (const key of keys) {
			expect(await mine.set(key, 'old', {tags: ['t']})).toEqual({stored: 'redis'});
			expect(await its.get(key)).toBe('old');
		}
		const lostKey = keysOf(cache, lostNode, 1)[0] ?? '';
		await lose(cache, lostNode, lostKey);
		await lose(other, lostNode, lostKey);
		for (const key of keys) {
			expect(await mine.get(key)).toBe('old');
			expect(await mine.set(key, 'new', {tags: ['t'], strict: true})).toEqual({stored: 'redis'});
			expect(await its.get(key)).toBe('new');
			expect(await its.getOrSet(key, () => 'loaded')).toBe('new');
		}
		expect(await mine.invalidateTags(['t'])).toEqual({stored: 'memory'});
		for (const key of keys) expect(await mine.get(key)).toBeUndefined();
		cluster.nodes[lostNode]?.resume();
		await untilAllInUse(cache);
		await untilReconciled(cache);
		await untilAllInUse(other);
		for (const key of keys) {
			expect(await its.get(key)).toBeUndefined();
			expect(await its.set(key, 'newest', {tags: ['t']})).toEqual({stored: 'redis'});
			expect(await mine.get(key)).toBe('newest');
		}
	});

	it('remembers a clear until the node that has the generation is back', async () => {
		const [cache, other] = [await open(), await open({memory: false})];
		const namespace = namespaceOn(cache, 2);
		const keys = [0, 1, 2].flatMap((node) => keysOf(cache, node, 2, namespace.name));
		const [mine, its] = [namespace.of(cache), namespace.of(other)];
		await mine.setMany(keys.map((key) => [key, 'old']));
		await lose(cache, 2, keysOf(cache, 2, 1)[0] ?? '');
		expect(await mine.clear()).toEqual({stored: 'memory'});
		expect((await mine.getMany(keys)).size).toBe(0);
		await mine.setMany(keys.map((key) => [key, 'new']));
		expect(await mine.getMany(keys)).toEqual(new Map(keys.map((key) => [key, 'new'])));
		cluster.nodes[2]?.resume();
		await untilAllInUse(cache);
		await untilReconciled(cache);
		expect([...(await its.getMany(keys)).values()]).not.toContain('old');
	});

	it('is used by a cache that is created meanwhile', async () => {
		const first = await open();
		const withMarkers = nodeOf(first, `${prefix}:!{default}`);
		const lostNode = (withMarkers + 1) % 3;
		const [kept = '', lost = ''] = [keysOf(first, withMarkers, 1)[0], keysOf(first, lostNode, 1)[0]];
		await first.set(lost, 'old');
		cluster.nodes[lostNode]?.pause();
		const cache = create({pool: {connectTimeout: '1m'}});
		await cache.ready('30s');
		await untilLost(cache);
		expect(await cache.set(kept, 'new')).toEqual({stored: 'redis'});
		expect(await cache.set(lost, 'new')).toEqual({stored: 'memory'});
		expect(cache.stats().mode.mode).toBe('connected');
		cluster.nodes[lostNode]?.resume();
		await untilAllInUse(cache);
		await untilReconciled(cache);
		expect(await cache.set(lost, 'newer')).toEqual({stored: 'redis'});
	});

	it('is out of use once no node is left, and back with the first', async () => {
		const cache = await open();
		const keys = [0, 1, 2].map((node) => keysOf(cache, node, 1)[0] ?? '');
		for (const node of cluster.nodes) node.pause();
		await until(async () => {
			await cache.getMany(keys);
			return cache.stats().mode.mode === 'fallback';
		}, 'the cache falls back');
		expect(modesOf(cache)).toEqual(['fallback', 'fallback', 'fallback']);
		expect(await cache.setMany(keys.map((key) => [key, 'new']))).toEqual({stored: 'memory'});
		cluster.nodes[0]?.resume();
		await until(() => cache.stats().mode.mode === 'connected', 'the cache is connected');
		for (const node of cluster.nodes) node.resume();
		await untilAllInUse(cache);
		await untilReconciled(cache);
		expect(await cache.setMany(keys.map((key) => [key, 'newer']))).toEqual({stored: 'redis'});
	});

	it('answers keys of a slot that no node has as in an outage, and no others', async () => {
		const cache = await open();
		const withMarkers = nodeOf(cache, `${prefix}:!{default}`);
		const [lost = ''] = keysOf(cache, (withMarkers + 1) % 3, 1);
		const [kept = ''] = keysOf(cache, (withMarkers + 2) % 3, 1);
		const slot = clusterSlot(`${prefix}:default:${lost}`);
		const assign = (command: 'delslots' | 'setslot', ...rest: string[]) =>
			Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'cluster', command, slot, ...rest)));
		await cache.set(lost, 'old');
		const owner = String(await cluster.ask((withMarkers + 1) % 3, 'cluster', 'myid'));
		await assign('delslots');
		try {
			await until(async () => {
				await cache.get(lost);
				return cache.internals.parts.pool.nodeOf(`${prefix}:default:${lost}`) === undefined;
			}, 'the slot is seen to be lost');
			expect(await cache.set(lost, 'new')).toEqual({stored: 'memory'});
			expect(await cache.get(lost)).toBe('new');
			for (let round = 0; round < 20; round++) expect(await cache.set(kept, round)).toEqual({stored: 'redis'});
			expect(cache.stats().mode.mode).toBe('connected');
		} finally {
			await assign('setslot', 'node', owner);
		}
		await until(async () => (await cache.set(lost, 'newest')).stored === 'redis', 'the slot is back');
		await untilReconciled(cache);
	});

	it('sends nothing that was called before it was lost to the node that gets its slot', async () => {
		const cache = await open({deadline: '3s', memory: false});
		const {pool, domains} = cache.internals.parts;
		const withMarkers = nodeOf(cache, `${prefix}:!{default}`);
		const [from, to] = [(withMarkers + 1) % 3, (withMarkers + 2) % 3];
		const [key = ''] = keysOf(cache, from, 1);
		const redisKey = `${prefix}:default:${key}`;
		await cache.set(key, 'before');
		await cache.delete(key);
		const [owner, next] = (await Promise.all([from, to].map((node) => cluster.ask(node, 'cluster', 'myid')))).map(
			String,
		);
		const assign = (nodes: readonly number[], id = '') =>
			Promise.all(nodes.map((node) => cluster.ask(node, 'cluster', 'setslot', clusterSlot(redisKey), 'node', id)));
		try {
			cluster.nodes[from]?.pause();
			const sent = cache.set(key, 'sent');
			await new Promise((resolve) => setImmediate(resolve));
			// It waits until the outcome of the first is known: the key may take another lane by now.
			const {routing} = pool;
			void pool.resize(3);
			await until(() => pool.routing !== routing, 'keys may take other lanes');
			const waiting = cache.set(key, 'waiting');
			const domain = domains().of(redisKey);
			if (domain !== undefined) domains().lose(domain, 'it is paused');
			expect(await cache.set(key, 'newest')).toEqual({stored: 'memory'});
			await assign([to, withMarkers], next);
			// Another node tells who has the key now.
			const {port} = cluster.nodes[withMarkers] ?? {};
			await pool.nodes.find(({address}) => address.endsWith(`:${port}`))?.lanes[0]?.send('get', [redisKey]);
			expect(nodeOf(cache, redisKey)).toBe(to);
			cluster.nodes[from]?.resume();
			expect(await sent).toEqual({stored: 'redis'});
			expect(await waiting).toEqual({stored: 'memory'});
			await untilReconciled(cache);
			expect(await cache.get(key)).not.toBe('waiting');
		} finally {
			cluster.nodes[from]?.resume();
			await assign([to, withMarkers, from], owner).catch(() => {});
		}
	});

	/** Settles while keys of another node are read all the time. */
	const amidAnswers = async <T>(cache: RedisCache, key: string, call: () => Promise<T>): Promise<T> => {
		let isOver = false;
		const reading = (async () => {
			while (!isOver) await cache.get(key);
		})();
		try {
			return await call();
		} finally {
			isOver = true;
			await reading;
		}
	};
	/** A cache that does not give up a silent node, and the operations that have failed. */
	const openSteadfast = async () => {
		const cache = await open({deadline: '300ms', memory: false, breaker: {consecutive: 1000}});
		const failures: {readonly operation: string; readonly error: Error}[] = [];
		cache.on('error', (event) => failures.push(event));
		return {cache, failures, operations: () => failures.map(({operation}) => operation)};
	};

	it('is not asked for a lease as well by a load that it has not answered', async () => {
		const {cache, operations} = await openSteadfast();
		const lostNode = (nodeOf(cache, `${prefix}:!{default}`) + 1) % 3;
		const [key = '', healthy = ''] = [keysOf(cache, lostNode, 1)[0], keysOf(cache, (lostNode + 1) % 3, 1)[0]];
		await cache.set(healthy, 1);
		cluster.nodes[lostNode]?.pause();
		expect(await amidAnswers(cache, healthy, () => cache.getOrSet(key, () => 'loaded'))).toBe('loaded');
		expect(operations()).toContain('get');
		expect(operations()).not.toContain('lease');
	});

	it('is not asked for markers as well by a load of a key of another node', async () => {
		const {cache, operations} = await openSteadfast();
		const namespace = namespaceOn(cache, 0);
		const [key = ''] = keysOf(cache, 1, 1, namespace.name);
		const [healthy = ''] = keysOf(cache, 1, 1);
		cluster.nodes[0]?.pause();
		const load = () => namespace.of(cache).getOrSet(key, () => 'loaded');
		expect(await amidAnswers(cache, healthy, load)).toBe('loaded');
		expect(operations()).toContain('get');
		expect(operations()).not.toContain('lease');
	});

	it('has no whole deadline left for reads that have waited while it was silent', async () => {
		const {cache, failures} = await openSteadfast();
		const [first = '', second = '', waiting = ''] = keysOf(cache, 1, 3);
		cluster.nodes[1]?.pause();
		const reads = [cache.get(first)];
		await new Promise((resolve) => setImmediate(resolve));
		reads.push(cache.get(second));
		const sentAt = performance.now();
		await until(() => performance.now() - sentAt > 100, 'a part of the deadline has passed');
		reads.push(cache.get(waiting));
		expect(await Promise.all(reads)).toEqual([undefined, undefined, undefined]);
		const deadlines = failures.map(({error}) => (error instanceof DeadlineError ? error.deadlineMs : undefined));
		expect(deadlines.filter((ms) => ms === 300)).toHaveLength(2);
	});

	it('answers its reads at once when it goes out of use', async () => {
		const cache = await open({deadline: '1m', memory: false});
		const {domains} = cache.internals.parts;
		const keys = keysOf(cache, 1, 4);
		cluster.nodes[1]?.pause();
		const reads: Promise<unknown>[] = [];
		for (const key of keys) {
			reads.push(cache.get(key));
			await new Promise((resolve) => setImmediate(resolve));
		}
		const domain = domains().of(`${prefix}:default:${keys[0]}`);
		if (domain !== undefined) domains().lose(domain, 'it is paused');
		expect(await Promise.all(reads)).toEqual(keys.map(() => undefined));
	});

	it('uses no node before it was checked, also if the answer to a probe comes while the others are checked', async () => {
		const cache = await open();
		const lostNode = 1;
		const {domains, rollback} = cache.internals.parts;
		const [key = ''] = keysOf(cache, lostNode, 1);
		const late = domains().of(`${prefix}:default:${key}`);
		if (late === undefined) throw new Error('the node is known');
		const checked: (string | undefined)[] = [];
		const check = rollback.check.bind(rollback);
		rollback.check = async (server) => {
			await check(server);
			checked.push(server.address);
			if (!cache.internals.isConnected) late.isAnswering = true;
		};
		cluster.nodes[lostNode]?.pause();
		fallBack(cache);
		await until(() => cache.internals.isConnected, 'the other nodes are in use');
		expect(checked).not.toContain(late.address);
		expect(late.isInUse).toBe(false);
		cluster.nodes[lostNode]?.resume();
		await untilAllInUse(cache);
		expect(checked).toContain(late.address);
	});

	it('reads no old value from the replica that takes its place', async () => {
		const [cache, other] = [await open(), await open({memory: false})];
		const lostNode = (nodeOf(cache, `${prefix}:!{default}`) + 1) % 3;
		const replica = await startRedisProcess({args: ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']});
		const direct = createPool({url: replica.url, lanes: 1, deadlineMs: 3000});
		const ask = async (...args: (string | number)[]) => String(await direct.lanes[0]?.send('cluster', args));
		try {
			await direct.ready(30_000);
			await ask('meet', '127.0.0.1', cluster.nodes[lostNode]?.port ?? 0);
			const id = String(await cluster.ask(lostNode, 'cluster', 'myid'));
			await until(
				() =>
					ask('replicate', id).then(
						() => true,
						() => false,
					),
				'it is a replica',
			);
			const [key = ''] = keysOf(cache, lostNode, 1);
			expect(await cache.set(key, 'old')).toEqual({stored: 'redis'});
			await until(async () => Number(await direct.lanes[0]?.send('dbsize', [])) > 0, 'it has the data');
			await until(async () => {
				const lists = await Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'cluster', 'nodes')));
				const isKnown = lists.every((list) => String(list).includes(`:${replica.port}@`));
				return isKnown && (await ask('info')).includes('cluster_known_nodes:4');
			}, 'all nodes know it');
			await lose(cache, lostNode, key);
			expect(await cache.set(key, 'new')).toEqual({stored: 'memory'});
			await ask('failover', 'takeover');
			const isFollowed = (any: RedisCache) =>
				(any.stats().nodes ?? []).some(
					({address, mode}) => address.endsWith(`:${replica.port}`) && mode.mode === 'connected',
				);
			await until(() => isFollowed(cache) && isFollowed(other), 'the replica is in use');
			await untilReconciled(cache);
			expect(await other.get(key)).toBeUndefined();
			expect(await cache.set(key, 'newest')).toEqual({stored: 'redis'});
			expect(await other.get(key)).toBe('newest');
			expect(cache.stats().mode.mode).toBe('connected');
		} finally {
			await direct.close();
			await replica.close();
		}
	});
});
