import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {Redis} from 'ioredis';
import {createSentinel} from 'redis';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {languages} from '../applications/support/languages.js';
import type {TestEngine} from '../support/engine.js';
import {describeReal} from '../support/real-redis.js';
import {applicationOf, patternOf, startTapped} from './support/tapped-topology.js';

const run = promisify(execFile);

const keyCount = 20;

const python = `
import sys
from redis.sentinel import Sentinel
port, prefix, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
client = Sentinel([('127.0.0.1', port)]).master_for('private')
for index in range(count):
    client.set(f'{prefix}:{index}', 'value', ex=60)
for index in range(count):
    assert client.get(f'{prefix}:{index}') == b'value'
`;

describeReal('a tap in front of private Sentinels', () => {
	let engine: TestEngine;
	let port: number;

	beforeAll(async () => {
		({engine, port} = await startTapped('sentinel'));
	});

	afterAll(() => engine?.close());

	const application = () => applicationOf(engine);

	const masterAddress = () => engine.latest().target.nodes?.find(({role}) => role === 'master')?.address;

	const readsOf = (prefix: string) => patternOf(engine, prefix, keyCount);

	const allKeys = {reads: keyCount, hits: keyCount, misses: 0, writes: keyCount};

	const connect = () => {
		const client = new Redis({
			sentinels: [{host: '127.0.0.1', port}],
			name: 'private',
			connectionName: 'ioredis',
			retryStrategy: () => 50,
			sentinelRetryStrategy: () => 50,
			maxRetriesPerRequest: null,
		});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		return client;
	};

	it('reads all that an unmodified ioredis does, which knows one Sentinel, and goes on with the new master', async () => {
		const client = connect();
		for (let index = 0; index < keyCount; index++) await client.set(`io:${index}`, 'value', 'EX', 60);
		for (let index = 0; index < keyCount; index++) expect(await client.get(`io:${index}`)).toBe('value');
		expect(await readsOf('io')).toMatchObject(allKeys);
		const leadsTo = () => application().live.connections.find(({clientName}) => clientName === 'ioredis')?.node;
		const before = masterAddress();
		expect(leadsTo()).toBe(before);
		await engine.ok('outage failover');
		await engine.until(({faults}) => faults.length === 0, 'the failover to be over');
		await engine.until(() => masterAddress() !== before, 'the new master');
		await expect.poll(() => client.set('after', 'value', 'EX', 60).catch(() => undefined)).toBe('OK');
		await engine.until(() => leadsTo() === masterAddress(), 'a connection to the new master');
		expect(application().findings.map(({id}) => id)).not.toContain('connection-churn');
	});

	it('reads all that an unmodified node-redis does', async () => {
		const client = createSentinel({name: 'private', sentinelRootNodes: [{host: '127.0.0.1', port}]});
		client.on('error', () => {});
		await client.connect();
		onTestFinished(() => client.destroy());
		for (let index = 0; index < keyCount; index++) await client.set(`node:${index}`, 'value', {EX: 60});
		for (let index = 0; index < keyCount; index++) expect(await client.get(`node:${index}`)).toBe('value');
		expect(await readsOf('node')).toMatchObject(allKeys);
	});

	it.skipIf(languages.python.isMissing)('reads all that an unmodified redis-py does', async () => {
		await run(languages.python.command[0] ?? '', ['-c', python, String(port), 'py', String(keyCount)]);
		expect(await readsOf('py')).toMatchObject(allKeys);
	});

	it('breaks the connections to the master alone, and the Sentinels go on', async () => {
		const client = connect();
		await client.set('before', 'value', 'EX', 60);
		const sentinel = new Redis({port, maxRetriesPerRequest: 0, commandTimeout: 2000});
		sentinel.on('error', () => {});
		onTestFinished(() => sentinel.disconnect());
		await engine.ok('outage node master blackhole');
		const waiting = client.get('before');
		await engine.until(() => application().connections.longestWaitMs > 300, 'a command that waits');
		expect(await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'private')).toHaveLength(2);
		await engine.ok('heal');
		client.disconnect();
		await waiting.catch(() => undefined);
	});
});
