import {Redis} from 'ioredis';
import {expect, it, onTestFinished} from 'vitest';
import {localNow} from '../../source/cache/clock/local-now.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import type {Lane} from '../../source/pool/types.js';
import {gate} from '../support/gate.js';
import {describeReal} from '../support/real-redis.js';
import {type RedisCluster, startRedisCluster, whileNodesAreFrozen} from '../support/redis-cluster.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

/** A cluster of which one master has a replica, and caches on it. */
const start = async () => {
	const cluster: RedisCluster = await startRedisCluster(
		[],
		[...whileNodesAreFrozen, '--repl-diskless-sync-delay', '0'],
	);
	onTestFinished(() => cluster.close());
	const replica = await startRedisProcess({args: ['--cluster-enabled', 'yes', ...whileNodesAreFrozen]});
	onTestFinished(() => replica.close());
	const [master, second] = [cluster.nodes[1] as RedisProcess, replica].map(({port, host}) => {
		const client = new Redis(port, host);
		onTestFinished(() => client.disconnect());
		return client;
	}) as [Redis, Redis];
	await second.cluster('MEET', '127.0.0.1', cluster.nodes[1]?.port ?? 0);
	const id = String(await master.cluster('MYID'));
	await until(
		() =>
			second.cluster('REPLICATE', id).then(
				() => true,
				() => false,
			),
		'it is a replica',
	);
	await until(async () => {
		const lists = await Promise.all(cluster.nodes.map((_, node) => cluster.ask(node, 'cluster', 'nodes')));
		const isKnown = lists.every((list) => String(list).includes(`:${replica.port}@`));
		const isReady = String(await second.cluster('INFO')).includes('cluster_state:ok');
		return isKnown && isReady && (await second.info('replication')).includes('master_link_status:up');
	}, 'all nodes know it, and it follows');
	await second.readonly();

	const isInUse = (cache: RedisCache, port = 0) =>
		(cache.stats().nodes ?? []).some(({address, mode}) => address.endsWith(`:${port}`) && mode.mode === 'connected');
	const open = async (namespace = 'default'): Promise<RedisCache> => {
		const cache = new RedisCache({url: cluster.url, namespace, deadline: '1s', ttl: '1h', memory: false});
		onTestFinished(() => cache.close());
		await cache.ready('30s');
		await until(() => isInUse(cache, cluster.nodes[1]?.port), 'the node is in use');
		return cache;
	};
	const untilBack = async (...caches: readonly RedisCache[]) => {
		await until(() => caches.every((cache) => isInUse(cache, replica.port)), 'the replica is in use');
		await until(() => caches.every((cache) => cache.stats().journal.size === 0), 'all is reconciled');
	};
	const hasKey = (cache: RedisCache, node: number, redisKey: string) =>
		cache.internals.pool.nodeOf(redisKey)?.address.endsWith(`:${cluster.nodes[node]?.port}`) === true;
	const beat = async () => {
		const [key] = await second.keys('rct:!!beat:*');
		return key === undefined ? '' : String(await second.call('DUMP', key));
	};
	/** The process of the master, which the replica replaces. */
	const process = cluster.nodes[1] as RedisProcess;
	onTestFinished(() => process.resume());
	return {
		open,
		second,
		/** The caches lose the master. */
		lose: async (...caches: readonly RedisCache[]) => {
			process.pause();
			await until(() => caches.every((cache) => !isInUse(cache, process.port)), 'the master is out of use');
		},
		hasKey,
		beat,
		/** Keys that the node has. */
		keysOf: (cache: RedisCache, node: number, count: number) => {
			const keys: string[] = [];
			for (let index = 0; keys.length < count; index++)
				if (hasKey(cache, node, `rct:default:k${index}`)) keys.push(`k${index}`);
			return keys;
		},
		/** From now on the replica gets nothing. */
		cutOff: async () => {
			await second.config('SET', 'masterauth', 'refused');
			await master.client('KILL', 'TYPE', 'REPLICA');
			await until(async () => (await second.info('replication')).includes('master_link_status:down'), 'it lags');
		},
		takeOver: async (...caches: readonly RedisCache[]) => {
			await second.cluster('FAILOVER', 'TAKEOVER');
			await untilBack(...caches);
		},
		untilBack,
	};
};

/** The comparison of a new master with its predecessor waits for `goOn`. */
const holdCheck = (cache: RedisCache) => {
	const {rollback} = cache.internals.parts;
	const check = rollback.check.bind(rollback);
	const begun = gate();
	const released = gate();
	rollback.check = async (server) => {
		const lane = server.lanes[0] as Lane;
		const sendEach = lane.sendEach.bind(lane);
		lane.sendEach = async (...args) => {
			await released.promise;
			return sendEach(...args);
		};
		begun.open();
		await released.promise;
		return check(server);
	};
	return {hasBegun: begun.promise, goOn: released.open};
};

/** The reply to the next script is lost: `goOn` ends its deadline. */
const loseReply = (cache: RedisCache) => {
	const {scripts} = cache.internals.parts;
	const run = scripts.run.bind(scripts);
	const executed = gate();
	const released = gate();
	scripts.run = async (...args) => {
		scripts.run = run;
		await run(...args);
		executed.open();
		await released.promise;
		return {status: 'in-doubt', error: undefined, finalAt: localNow(), calls: 1};
	};
	return {hasRun: executed.promise, goOn: released.open};
};

describeReal('a replica that lagged behind and takes the place of its master', () => {
	it('brings back no value that was deleted or replaced, and costs the other nodes nothing', async () => {
		const {open, second, keysOf, beat, cutOff, takeOver} = await start();
		const [cache, other] = [await open(), await open()];
		const [deleted = '', replaced = '', ...kept] = keysOf(cache, 1, 12);
		const elsewhere = [...keysOf(cache, 0, 5), ...keysOf(cache, 2, 5)];
		await cache.setMany([deleted, replaced, ...kept, ...elsewhere].map((key) => [key, 'old']));
		await until(async () => (await beat()) !== '', 'the time of that has reached the replica');
		const before = await beat();
		await cache.set(kept[0] ?? '', 'old');
		await until(async () => (await beat()) !== before, 'the next one has, too');

		await cutOff();
		expect(await cache.delete(deleted)).toEqual({stored: 'redis'});
		expect(await cache.set(replaced, 'new')).toEqual({stored: 'redis'});
		for (const key of elsewhere) expect(await cache.set(key, 'new')).toEqual({stored: 'redis'});
		expect(await second.exists(`rct:default:${deleted}`)).toBe(1);

		await takeOver(cache, other);
		for (const reader of [cache, other]) {
			expect(await reader.get(deleted)).toBeUndefined();
			expect(await reader.get(replaced)).not.toBe('old');
			for (const key of elsewhere) expect(await reader.get(key)).toBe('new');
			for (const key of kept.slice(1)) expect(await reader.get(key)).toBe('old');
		}
		expect(cache.stats().mode.mode).toBe('connected');
	});

	it('does not count invalidations of tags again that values on other nodes are newer than', async () => {
		const {open, second, hasKey, cutOff, takeOver} = await start();
		const any = await open();
		const namespace = Array.from({length: 1000}, (_, index) => `n${index}`).find((name) =>
			hasKey(any, 1, `rct:!{${name}}`),
		);
		const [cache, other] = [await open(namespace), await open(namespace)];
		const [invalidated = '', later = ''] = Array.from({length: 1000}, (_, index) => `k${index}`).filter((key) =>
			hasKey(any, 0, `rct:${namespace}:${key}`),
		);
		await cache.set(invalidated, 'older', {tags: ['a', 'b']});
		await other.set(later, 'older', {tags: ['c']});
		await until(async () => (await second.exists(`rct:!{${namespace}}:c`)) === 1, 'the replica has the markers');

		await cutOff();
		// Three invalidations of one tag are made again as one.
		for (let count = 0; count < 3; count++) expect(await other.invalidateTags(['a'])).toEqual({stored: 'redis'});
		expect(await cache.set(invalidated, 'old', {tags: ['b']})).toEqual({stored: 'redis'});
		expect(await other.set(later, 'old', {tags: ['c']})).toEqual({stored: 'redis'});
		expect(await cache.invalidateTags(['b'])).toEqual({stored: 'redis'});
		expect(await cache.get(invalidated)).toBeUndefined();
		expect(await other.get(later)).toBe('old');

		await takeOver(cache, other);
		for (const reader of [cache, other]) expect(await reader.get(invalidated)).toBeUndefined();
		expect(await cache.invalidateTags(['c'])).toEqual({stored: 'redis'});
		for (const reader of [cache, other]) expect(await reader.get(later)).toBeUndefined();
	});

	it('is compared with its predecessor before invalidations of tags are made again on it', async () => {
		const {open, second, hasKey, cutOff, lose, takeOver} = await start();
		const any = await open();
		const namespace = Array.from({length: 1000}, (_, index) => `n${index}`).find((name) =>
			hasKey(any, 1, `rct:!{${name}}`),
		);
		const cache = await open(namespace);
		const key = Array.from({length: 1000}, (_, index) => `k${index}`).find((each) =>
			hasKey(any, 0, `rct:${namespace}:${each}`),
		);
		if (key === undefined) throw new Error('the first node has a key');
		await cache.set(key, 'older', {tags: ['a']});
		await until(async () => (await second.exists(`rct:!{${namespace}}:a`)) === 1, 'the replica has the markers');

		await cutOff();
		for (let count = 0; count < 3; count++) expect(await cache.invalidateTags(['b'])).toEqual({stored: 'redis'});
		expect(await cache.set(key, 'old', {tags: ['a']})).toEqual({stored: 'redis'});
		await lose(cache);
		expect(await cache.invalidateTags(['a'])).toEqual({stored: 'memory'});

		const {hasBegun, goOn} = holdCheck(cache);
		const takingOver = takeOver(cache);
		await hasBegun;
		await cache.internals.parts.reconciler.drain();
		expect(await cache.get(key)).toBeUndefined();
		goOn();
		await takingOver;
		expect(await cache.get(key)).toBeUndefined();
	});

	it('clears a namespace of which an invalidation is in doubt, since values on other nodes may be newer than its repetition', async () => {
		const {open, second, hasKey, cutOff, lose, takeOver, untilBack} = await start();
		const any = await open();
		const namespace = Array.from({length: 1000}, (_, index) => `n${index}`).find((name) =>
			hasKey(any, 1, `rct:!{${name}}`),
		);
		const [cache, other, third] = [await open(namespace), await open(namespace), await open(namespace)];
		const key = Array.from({length: 1000}, (_, index) => `k${index}`).find((each) =>
			hasKey(any, 0, `rct:${namespace}:${each}`),
		);
		if (key === undefined) throw new Error('the first node has a key');
		await cache.set(key, 'older', {tags: ['a']});
		await until(async () => (await second.exists(`rct:!{${namespace}}:a`)) === 1, 'the replica has the markers');

		await cutOff();
		// As if it were the first cache's, and its reply had been lost.
		expect(await third.invalidateTags(['a'])).toEqual({stored: 'redis'});
		await third.close();
		expect(await other.set(key, 'old', {tags: ['a']})).toEqual({stored: 'redis'});
		await lose(cache, other);
		cache.internals.parts.dirtyKeys.noteMarker(`rct:!{${namespace}}:a`, localNow());
		const {goOn} = holdCheck(other);
		await takeOver(cache);
		goOn();
		await untilBack(cache, other);
		for (const reader of [cache, other]) expect(await reader.get(key)).toBeUndefined();
	});

	it('clears a namespace of which an invalidation is found to be in doubt only after the comparison', async () => {
		const {open, second, hasKey, cutOff, takeOver} = await start();
		const any = await open();
		const namespace = Array.from({length: 1000}, (_, index) => `n${index}`).find((name) =>
			hasKey(any, 1, `rct:!{${name}}`),
		);
		const [cache, other] = [await open(namespace), await open(namespace)];
		const key = Array.from({length: 1000}, (_, index) => `k${index}`).find((each) =>
			hasKey(any, 0, `rct:${namespace}:${each}`),
		);
		if (key === undefined) throw new Error('the first node has a key');
		await cache.set(key, 'older', {tags: ['b']});
		await until(async () => (await second.exists(`rct:!{${namespace}}:b`)) === 1, 'the replica has the markers');

		await cutOff();
		const {hasRun, goOn} = loseReply(cache);
		const inDoubt = cache.invalidateTags(['a']);
		await hasRun;
		expect(await other.set(key, 'old', {tags: ['b']})).toEqual({stored: 'redis'});
		await other.close();
		await takeOver(cache);
		expect(await cache.invalidateTags(['b'])).toEqual({stored: 'redis'});
		goOn();
		expect(await inDoubt).toEqual({stored: 'memory'});
		await until(() => cache.stats().journal.size === 0, 'it is made again');
		expect(await cache.get(key)).toBeUndefined();
	});
});
