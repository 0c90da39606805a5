import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {findServer} from '../../source/embedded/find-server.js';
import {ask} from '../../source/embedded/topology/ask.js';
import {startPrivateTopology} from '../../source/embedded/topology/start-private-topology.js';
import {type TopologyKind, topologyKinds} from '../../source/embedded/topology/topology-kind.js';
import type {CacheSnapshot} from '../../source/metrics/snapshot.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {type Belongings, belongingsOf, descendantsOf, leftoversOf} from '../support/leftovers.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

/** Servers that the program starts, each with its guard. */
const serverCount: Readonly<Record<TopologyKind, number>> = {cluster: 6, sentinel: 5};

/** The mode of the cache, and in a cluster those of its nodes. */
const modesOf = ({mode, nodes = []}: CacheSnapshot) => [mode, ...nodes.map((node) => node.mode)].map(({mode}) => mode);

describeReal.each(topologyKinds)('--private %s', (topology) => {
	let engine: TestEngine;
	let belongings: Belongings;

	beforeAll(async () => {
		const before = descendantsOf(process.pid);
		engine = await startTestEngine({topology, workload: {running: true, rate: 200, keys: 500}});
		belongings = belongingsOf(process.pid, before);
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
	});

	afterAll(async () => {
		await engine?.close();
		if (belongings) await until(() => leftoversOf(belongings).length === 0, 'nothing to be left');
	});

	const isHealthy = () =>
		engine.until(
			({cache, workload}) => cache.mode.mode === 'connected' && cache.journal.size === 0 && workload.running,
			'the cache to be connected, and to know of no change that Redis has not confirmed',
		);

	/** The workload has gone on, and no call of it was hung or told an old value. */
	const expectRightAnswers = async () => {
		const {calls} = engine.latest().workload;
		await engine.until(({workload}) => workload.calls > calls + 200, 'traffic');
		expect(engine.latest().workload.wrongReadExamples).toEqual([]);
		expect(engine.latest().workload).toMatchObject({wrongReads: 0, hungCalls: 0, failedCalls: 0});
	};

	it('starts its servers, each in a directory of its own, and works on them without being asked', async () => {
		const {target, privateUrl, workload} = engine.latest();
		expect(target).toMatchObject({kind: 'private', topology, warnings: []});
		expect(target.url).toMatch(new RegExp(`^redis\\+${topology}://127\\.0\\.0\\.1:`));
		expect(target.url).not.toContain('@');
		expect(privateUrl).toContain(`redis+${topology}://default:`);
		expect(belongings.directories).toHaveLength(serverCount[topology]);
		expect(workload.running).toBe(true);
		await expectRightAnswers();
		await engine.until(({server}) => (server?.keys ?? 0) > 0, 'the figures of the servers');
	});

	it('has a replica for each master, and says so', async () => {
		const {nodes = []} = engine.latest().cache;
		if (topology === 'sentinel') {
			await engine.until(({server}) => server?.role === 'master', 'the master');
			return;
		}
		expect(nodes.map(({slots}) => slots)).toEqual(expect.arrayContaining([5461, 5462]));
		expect(nodes.map(({replicas}) => replicas.length)).toEqual([1, 1, 1]);
	});

	it('gets as many connections of a cache as the guide says', async () => {
		const url = engine.latest().privateUrl ?? '';
		const cache = new RedisCache({url, pool: {clientName: 'counted'}});
		onTestFinished(() => cache.close());
		await cache.ready(30_000);
		const [, password, hosts = ''] = /default:(.*?)@([^/]*)/.exec(url) ?? [];
		const countAt = async (host: string) => {
			const list = String(await ask({url: `redis://default:${password}@${host}`}, 'CLIENT', 'LIST'));
			return list.split('\n').filter((line) => line.includes('name=counted')).length;
		};
		const servers = hosts.split(',');
		if (topology === 'sentinel') {
			const [sentinel = ''] = servers;
			const url = `redis://default:${password}@${sentinel}`;
			const address = await ask({url}, 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'private');
			servers.push((address as string[]).join(':'));
		}
		// In a cluster: three masters, three replicas. Else: three Sentinels, the master.
		const expected = topology === 'cluster' ? [3, 3, 3, 0, 0, 0] : [1, 1, 1, 3];
		await expect.poll(() => Promise.all(servers.map(countAt))).toEqual(expected);
	});

	it('makes a replica the master, and no read returns an older value', async () => {
		const {pid} = engine.latest().target;
		await engine.ok('outage failover');
		await engine.until(({faults}) => faults.length === 0, 'the failover to be over');
		expect(engine.events().filter(({level, topic}) => level === 'error' && topic === 'fault')).toEqual([]);
		await isHealthy();
		await expectRightAnswers();
		// The next fault is done to the new master.
		await engine.ok('outage pause for 1ms');
		await engine.until(({faults}) => faults.length === 0, 'the pause to be over');
		expect(engine.latest().target.pid).not.toBe(pid);
		await isHealthy();
	});

	it('goes on with the replica of a killed master, which comes back as a replica', async () => {
		await engine.ok('outage kill');
		await engine.until(({faults}) => faults.some(({fault}) => fault.kind === 'kill'), 'the kill');
		await engine.until(({cache}) => modesOf(cache).some((mode) => mode !== 'connected'), 'the cache to notice');
		// The others elect the replica of the lost master.
		await isHealthy();
		await engine.until(({cache}) => modesOf(cache).every((mode) => mode === 'connected'), 'all nodes');
		await expectRightAnswers();
		await engine.ok('heal');
		await isHealthy();
		await expectRightAnswers();
	});
});

describeReal.each<TopologyKind>(['cluster', 'sentinel'])('a private %s without a password', (kind) => {
	it('lets an application in without a login, and its replicas can be cut off', async () => {
		const servers = await startPrivateTopology(kind, {password: ''});
		onTestFinished(() => servers.close());
		expect(servers.topologyUrl).not.toContain('@');
		const {together} = await servers.pick(undefined);
		const replicas = async () => /connected_slaves:(\d)/.exec(String(await ask(servers, 'INFO', 'replication')))?.[1];
		const rejoin = await together?.lag();
		expect(await replicas()).toBe('0');
		await rejoin?.();
		await expect.poll(replicas).toBe('1');
		const bringBack = await together?.reshard?.();
		await bringBack?.();
		// Sentinels that need no password cannot be locked out.
		expect(together?.split).toBeUndefined();
	});
});

describeReal('a replica of --private sentinel', () => {
	it('follows its master again when it is restarted, although a wrong password was saved while it was cut off', async () => {
		const servers = await startPrivateTopology('sentinel');
		onTestFinished(() => servers.close());
		const replicas = async () => (await ask(servers, 'ROLE')) as [string, number, [string, string][]];
		const [, , [[host, port] = []] = []] = await replicas();
		const replica = await servers.pick(`${host}:${port}`);
		const {together} = await servers.pick(undefined);
		const rejoin = await together?.lag();
		// As a Sentinel does that makes it the master.
		await ask(replica, 'CONFIG', 'REWRITE');
		await rejoin?.();
		await replica.kill();
		await replica.restart();
		const passwordOf = async (server: {readonly url: string}) =>
			String(await ask(server, 'CONFIG', 'GET', 'masterauth'));
		expect(await passwordOf(replica)).toBe(await passwordOf(servers));
		await expect.poll(async () => (await replicas())[2].length).toBe(1);
	});
});

it('says what is missing where there is no server to start', async () => {
	const path = process.env.PATH;
	onTestFinished(() => {
		process.env.PATH = path;
	});
	process.env.PATH = '/nowhere';
	expect(await findServer()).toBeUndefined();
	await expect(startPrivateTopology('cluster')).rejects.toMatchObject({
		code: 'ERR_NO_SERVER_BINARY',
		message: expect.stringMatching(/^a private cluster needs redis-server or valkey-server on PATH, .*: install one/),
	});
	await expect(startTestEngine({topology: 'sentinel'})).rejects.toMatchObject({
		code: 'ERR_NO_SERVER_BINARY',
		exitCode: 3,
		message: expect.stringMatching(/^a private Sentinel set-up needs/),
	});
});
