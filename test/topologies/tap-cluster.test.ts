import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {Cluster} from 'ioredis';
import {createCluster} from 'redis';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {ask} from '../../source/embedded/topology/ask.js';
import {languages} from '../applications/support/languages.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {runProgram} from '../support/program.js';
import {describeReal} from '../support/real-redis.js';
import {applicationOf, patternOf, startTapped} from './support/tapped-topology.js';

const run = promisify(execFile);

/** Keys that each application uses: enough for all masters. */
const keyCount = 60;

const python = `
import sys
from redis.cluster import RedisCluster
port, prefix, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client = RedisCluster(host='127.0.0.1', port=port, client_name='redis-py')
for index in range(count):
    client.set(f'{prefix}:{index}', 'value', ex=60)
for index in range(count):
    assert client.get(f'{prefix}:{index}') == b'value'
for index in range(count):
    assert client.get(f'{prefix}:missing-{index}') is None
client.close()
`;

/** A key that the node at an address has. */
async function keyOn(address: string): Promise<string> {
	for (let index = 0; ; index++) {
		const key = `on-node:${index}`;
		const isOwner = await ask({url: `redis://${address}`}, 'SET', key, 'value').then(
			() => true,
			() => false,
		);
		if (isOwner) return key;
	}
}

/** Connections of a name that a server has. */
async function countAt(address: string, name: string): Promise<number> {
	const list = String(await ask({url: `redis://${address}`}, 'CLIENT', 'LIST'));
	return list.split('\n').filter((line) => line.includes(` name=${name} `)).length;
}

describeReal('the program as a tap in front of a private cluster', () => {
	it('says what to give to the application', async () => {
		const {exitCode, stderr} = await runProgram(['tap', '--private', 'cluster', '--listen', '0', '--for', '1s']);
		expect(exitCode, stderr).toBe(0);
		expect(stderr).toMatch(
			/^connect your application to redis:\/\/127\.0\.0\.1:\d+ as the only node of its cluster instead of redis\+cluster:\/\//m,
		);
	});

	it('is not put in front of another tap', async () => {
		const tap = {listen: {host: '127.0.0.1', port: 0}, hideKeys: false};
		const engine = await startTestEngine({topology: 'cluster', tap});
		onTestFinished(() => engine.close());
		await engine.until(({application}) => application !== undefined, 'the tap');
		const {listen = ''} = engine.latest().application ?? {};
		for (const url of [`redis+cluster://${listen}`, `redis://${listen}`]) {
			const {exitCode, stderr} = await runProgram(['tap', '--url', url, '--listen', '0', '--for', '1s']);
			expect(exitCode).toBe(2);
			expect(stderr).toContain(`${url} is another tap`);
		}
	});
});

describeReal('a tap in front of a private cluster', () => {
	let engine: TestEngine;
	let port: number;

	beforeAll(async () => {
		({engine, port} = await startTapped('cluster'));
	});

	afterAll(() => engine?.close());

	const application = () => applicationOf(engine);

	const masters = () => (engine.latest().target.nodes ?? []).filter(({role}) => role === 'master');

	const readsOf = (prefix: string) => patternOf(engine, prefix, keyCount);

	const allKeys = {reads: keyCount, hits: keyCount, misses: 0, writes: keyCount};

	it('reads all that an unmodified ioredis.Cluster does, on every node, which knows one address', async () => {
		const client = new Cluster([{host: '127.0.0.1', port}], {redisOptions: {connectionName: 'ioredis'}});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		const {hits, misses} = application().reads;
		for (let index = 0; index < keyCount; index++) await client.set(`io:${index}`, 'value', 'EX', 60);
		for (let index = 0; index < keyCount; index++) expect(await client.get(`io:${index}`)).toBe('value');
		for (let index = 0; index < keyCount; index++) expect(await client.get(`io:missing-${index}`)).toBeNull();
		expect(await readsOf('io')).toMatchObject(allKeys);
		await engine.until(() => application().reads.misses === misses + keyCount, 'the misses');
		expect(application().reads.hits).toBe(hits + keyCount);
		expect(application().findings).toEqual([]);
		const leads = application().live.connections.map(({node}) => node);
		for (const {address} of masters()) expect(leads).toContain(address);
		const counts = (engine.latest().target.nodes ?? []).map(({address}) => countAt(address, 'ioredis'));
		const onServers = (await Promise.all(counts)).reduce((sum, count) => sum + count);
		const names = application().live.connections.map(({clientName}) => clientName);
		expect(onServers).toBe(names.filter((name) => name === 'ioredis').length);
	});

	it('reads all that an unmodified node-redis cluster does', async () => {
		const client = createCluster({rootNodes: [{url: `redis://127.0.0.1:${port}`}]});
		client.on('error', () => {});
		await client.connect();
		onTestFinished(() => client.destroy());
		for (let index = 0; index < keyCount; index++) await client.set(`node:${index}`, 'value', {EX: 60});
		for (let index = 0; index < keyCount; index++) expect(await client.get(`node:${index}`)).toBe('value');
		expect(await readsOf('node')).toMatchObject(allKeys);
	});

	it.skipIf(languages.python.isMissing)('reads all that an unmodified redis-py cluster does', async () => {
		await run(languages.python.command[0] ?? '', ['-c', python, String(port), 'py', String(keyCount)]);
		expect(await readsOf('py')).toMatchObject(allKeys);
	});

	it('counts redirects apart from errors while slots move', async () => {
		const client = new Cluster([{host: '127.0.0.1', port}]);
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		// Slot 0 is the first that moves.
		const errors = application().commands.errors;
		let isOver = false;
		const traffic = (async () => {
			while (!isOver) await client.set('{06S}moved', 'value');
		})();
		await engine.ok('outage reshard');
		await engine.until(() => application().commands.redirects > 0, 'a redirect');
		await engine.ok('heal');
		await engine.until(({faults}) => faults.length === 0, 'the slots to be back');
		isOver = true;
		await traffic;
		expect(application().errors).not.toHaveProperty('MOVED');
		expect(application().errors).not.toHaveProperty('ASK');
		expect(application().commands.errors).toBe(errors);
	});

	it('breaks the connections to one node alone', async () => {
		const client = new Cluster([{host: '127.0.0.1', port}], {redisOptions: {commandTimeout: 500}});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		const keys = await Promise.all(masters().map(({address}) => keyOn(address)));
		const isAnswered = () =>
			Promise.all(
				keys.map((key) =>
					client.get(key).then(
						() => true,
						() => false,
					),
				),
			);
		expect(await isAnswered()).toEqual([true, true, true]);
		const broken = masters()[1]?.number;
		await engine.ok(`outage node ${broken} blackhole`);
		expect(await isAnswered()).toEqual([true, false, true]);
		await engine.ok('heal');
		await expect.poll(isAnswered).toEqual([true, true, true]);
		await engine.until(() => application().outage?.isOver === true, 'the end of the outage');
		expect(application().outage?.wire?.recoveryMs).toBeGreaterThanOrEqual(0);
	});

	it('runs a drill on the application that breaks one node', async () => {
		const client = new Cluster([{host: '127.0.0.1', port}], {redisOptions: {commandTimeout: 500}});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		// A connection to every master: the drill breaks those to one.
		for (const {address} of masters()) await client.get(await keyOn(address));
		await engine.ok('drill lost-node');
		await engine.until(({drill}) => drill?.report !== undefined, 'the report');
		const report = engine.latest().drill?.report;
		expect(report).toMatchObject({drill: 'lost-node', application: application().listen});
		expect(report?.wire?.connections.broken).toBeGreaterThan(0);
		expect(report).not.toHaveProperty('partial');
	});
});
