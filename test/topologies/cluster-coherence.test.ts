import {afterAll, beforeAll, expect, it} from 'vitest';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {ask} from '../../source/embedded/topology/ask.js';
import type {PrivateTopology} from '../../source/embedded/topology/private-topology.js';
import {startPrivateTopology} from '../../source/embedded/topology/start-private-topology.js';
import type {TogetherFaults} from '../../source/faults/breakable-server.js';
import {clusterSlot} from '../../source/pool/cluster-slot.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

const keys = Array.from({length: 60}, (_, index) => `k${index}`);

describeReal('two processes on a cluster', () => {
	let topology: PrivateTopology;
	const caches: RedisCache[] = [];
	/** The value that each key was last given, by the one cache that changes it. */
	const last = new Map<string, number>();
	let count = 0;
	const errors: string[] = [];

	beforeAll(async () => {
		topology = await startPrivateTopology('cluster');
		for (let index = 0; index < 2; index++) {
			// Whatever a process learns only when this time has passed is found by the test.
			const cache = new RedisCache({
				url: topology.topologyUrl,
				deadline: '500ms',
				ttl: '1h',
				memory: {trust: '10m', coherence: index === 0 ? 'broadcast' : 'tracked'},
			});
			caches.push(cache);
			await cache.ready('30s');
		}
		await untilSettled();
	});

	afterAll(async () => {
		await Promise.all(caches.map((cache) => cache.close()));
		await topology?.close();
	});

	const isSettled = (cache: RedisCache) => {
		const {mode, nodes = [], journal} = cache.stats();
		return (
			mode.mode === 'connected' &&
			nodes.length === 3 &&
			nodes.every((node) => node.mode.mode === 'connected') &&
			journal.size === 0 &&
			cache.internals.parts.tracking.state.kind === 'tracking'
		);
	};
	const untilSettled = () => until(() => caches.every(isSettled), 'each process uses and hears each node');
	const writerOf = (key: string) => caches[keys.indexOf(key) % 2] as RedisCache;
	const older = (value: unknown, key: string) => value !== undefined && value !== last.get(key);

	/** Each key has one writer, which never reads an older value; the other process may, for as long as it is not told. */
	const change = async (key: string) => {
		const cache = writerOf(key);
		const value = ++count;
		last.set(key, value);
		if (value % 5 === 0) {
			last.delete(key);
			await cache.delete(key);
		} else await cache.set(key, value);
		const read = await cache.get(key);
		if (older(read, key)) errors.push(`${key}: ${String(read)} after ${value}`);
	};

	/** Makes changes and reads until `work` is done, and for a moment longer. */
	const underTraffic = async (work: () => Promise<void>) => {
		let isDone = false;
		const done = work().finally(() => {
			isDone = true;
		});
		for (let rounds = 0; rounds < 3; rounds += isDone ? 1 : 0) {
			for (const key of keys) {
				await Promise.all([change(key), ...caches.map((cache) => cache.get(keys[count % keys.length] ?? ''))]);
			}
		}
		await done;
	};

	/** Nobody goes on with an older value, and everybody is told of the next ones. */
	const expectCoherence = async () => {
		await untilSettled();
		const stale = async () => {
			const reads = await Promise.all(keys.flatMap((key) => caches.map(async (cache) => [key, await cache.get(key)])));
			return reads.filter(([key, value]) => older(value, String(key)));
		};
		await until(async () => (await stale()).length === 0, 'the last announcements have come');
		for (let round = 0; round < 3; round++) expect(await stale()).toEqual([]);
		for (const key of keys.slice(0, 10)) {
			last.set(key, ++count);
			await writerOf(key).set(key, count);
			for (const cache of caches)
				await until(async () => (await cache.get(key)) === last.get(key), `${key} is seen by each process`);
		}
		expect(errors).toEqual([]);
	};

	/** Moves the slot of a key to another master, as `redis-cli --cluster reshard` does. */
	const moveSlot = async (key: string) => {
		const {pool} = writerOf(key).internals;
		const redisKey = `rct:default:${key}`;
		const [, password = ''] = /default:(.*?)@/.exec(topology.topologyUrl) ?? [];
		const from = pool.nodeOf(redisKey)?.address ?? '';
		const to = pool.nodes.find(({address}) => address !== from)?.address ?? '';
		const at = (address: string, ...command: [string, ...string[]]) =>
			ask({url: `redis://default:${password}@${address}`}, ...command);
		const slot = String(clusterSlot(redisKey));
		const [fromId, toId] = [String(await at(from, 'CLUSTER', 'MYID')), String(await at(to, 'CLUSTER', 'MYID'))];
		await at(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
		await at(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
		const [host = '', port = ''] = to.split(':');
		for (;;) {
			const left = (await at(from, 'CLUSTER', 'GETKEYSINSLOT', slot, '100')) as readonly unknown[];
			if (left.length === 0) break;
			await at(from, 'MIGRATE', host, port, '', '0', '5000', 'AUTH2', 'default', password, 'KEYS', ...left.map(String));
		}
		for (const {address} of [{address: to}, {address: from}, ...pool.nodes])
			await at(address, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
	};

	it('hear of each other without a fault', async () => {
		await underTraffic(async () => {});
		await expectCoherence();
	});

	it.each(['k1', 'k8', 'k30', 'k31'])('hear of each other after the slot of %s has moved', async (key) => {
		await underTraffic(() => moveSlot(key));
		await expectCoherence();
	});

	/** The servers of a master that is in use now. */
	const together = async (): Promise<TogetherFaults> => {
		await topology.pick(undefined);
		return (await topology.pick(`${topology.host}:${topology.port}`)).together as TogetherFaults;
	};
	const untilNoticed = () => until(() => !isSettled(caches[0] as RedisCache), 'it is noticed');

	it.each([1, 2])('hear of each other after failover %i', async () => {
		await underTraffic(async () => (await together()).failover());
		await expectCoherence();
	});

	it('hear of each other after a master was killed whose replica lagged behind', async () => {
		await underTraffic(async () => {
			const undo = await (await together()).lag();
			// For so many changes that some are older than the last second.
			const before = count;
			await until(() => count > before + 500, 'changes that the replica does not get');
			await topology.kill();
			await untilNoticed();
			await untilSettled();
			await topology.restart();
			await undo();
		});
		await expectCoherence();
	});

	it('hear of each other while many slots move', async () => {
		await underTraffic(async () => {
			const undo = await (await together()).reshard?.();
			await undo?.();
		});
		await expectCoherence();
	});

	it('hear of each other after a master has stood still', async () => {
		await underTraffic(async () => {
			await topology.pick(undefined);
			topology.pause();
			await untilNoticed();
			topology.resume();
		});
		await expectCoherence();
	});

	it('hear of each other after a master was killed and has come back', async () => {
		await underTraffic(async () => {
			await topology.pick(undefined);
			await topology.kill();
			await untilNoticed();
			await topology.restart();
		});
		await expectCoherence();
	});
});
