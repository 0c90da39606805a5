import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Cluster} from 'ioredis';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {type DrillReport, type OpenSubject, runDrill} from '../../source/testing/testing.js';
import {startTestEngine} from '../support/engine.js';
import {runProgram} from '../support/program.js';
import {describeReal} from '../support/real-redis.js';
import {startRedisCluster} from '../support/redis-cluster.js';
import {freePort} from '../support/redis-process.js';

const subjectAt = (name: string) => fileURLToPath(new URL(`../../media/subjects/${name}.mjs`, import.meta.url));

/** Calls that hung. On a busy machine they may count as late. */
const lastedTooLong = ({hungCalls, lateCalls = 0}: DrillReport) => hungCalls + lateCalls;

describeReal('a subject on several servers', () => {
	let directory: string;
	let drill: string;

	beforeAll(() => {
		directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
		drill = join(directory, 'cut-off.json');
		const steps = [{at: '1s', fault: 'node master blackhole', for: '3s'}];
		const expectations = ['wrongReads == 0', 'hungCalls == 0'];
		writeFileSync(
			drill,
			JSON.stringify({name: 'cut-off', summary: 'A master is cut off', duration: '6s', steps, expectations}),
		);
	});

	afterAll(() => rmSync(directory, {recursive: true}));

	const reportOn = async (topology: string, subject: string) => {
		const {stdout, stderr} = await runProgram(['drill', drill, '--private', topology, '--subject', subject, '--json']);
		expect(stdout, stderr).not.toBe('');
		return JSON.parse(stdout) as DrillReport;
	};

	it('is reached by the faults of one node, and our library reads nothing wrong', async () => {
		const report = await reportOn('cluster', subjectAt('redis-cache-tui'));
		expect(report).toMatchObject({wrongReads: 0, failedCalls: 0, returned: {ownProcess: 0, otherProcess: 0}});
		expect(report.wire?.connections.broken).toBeGreaterThan(0);
	});

	it('hangs if it is plain ioredis, whose commands wait for the node', async () => {
		const report = await reportOn('cluster', subjectAt('ioredis'));
		expect(report).toMatchObject({passed: false});
		expect(lastedTooLong(report)).toBeGreaterThan(0);
	});

	it('hangs behind Sentinels, too', async () => {
		const report = await reportOn('sentinel', subjectAt('ioredis'));
		expect(lastedTooLong(report)).toBeGreaterThan(0);
		expect(report.wire?.connections.before).toBeGreaterThan(0);
	});
});

describeReal('runDrill', () => {
	it('breaks all connections of a subject to a cluster that it is given', async () => {
		const servers = await startRedisCluster();
		onTestFinished(() => servers.close());
		const open: OpenSubject = ({cluster}) => {
			const client = new Cluster([...(cluster?.nodes ?? [])]);
			client.on('error', () => {});
			return {
				get: async (key) => JSON.parse((await client.get(key)) ?? 'null'),
				set: (key, value, {ttl}) => client.set(key, JSON.stringify(value), 'PX', ttl),
				delete: (key) => client.del(key),
				close: () => client.disconnect(),
			};
		};
		const report = await runDrill(
			open,
			{
				name: 'cut-off',
				summary: 'All nodes are cut off',
				duration: '4s',
				steps: [{at: '1s', fault: 'blackhole', for: '2s'}],
				expectations: ['hungCalls == 0'],
			},
			{url: servers.url},
		);
		expect(report.wire?.connections.broken).toBeGreaterThan(2);
	});
});

describeReal('an application beside our own cache on a private cluster', () => {
	it('connects to one port, and faults of a node break its connections to that node, too', async () => {
		const port = await freePort();
		const engine = await startTestEngine({topology: 'cluster', proxyPort: port});
		onTestFinished(() => engine.close());
		const client = new Cluster([{host: '127.0.0.1', port}], {redisOptions: {commandTimeout: 500}});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		const answered = async () => {
			const keys = Array.from({length: 60}, (_, index) => `key:${index}`);
			const outcomes = await Promise.allSettled(keys.map((key) => client.set(key, 'value')));
			return outcomes.filter(({status}) => status === 'fulfilled').length;
		};
		expect(await answered()).toBe(60);
		await engine.ok('outage node 2 blackhole');
		const rest = await answered();
		expect(rest).toBeGreaterThan(20);
		expect(rest).toBeLessThan(60);
		await engine.ok('heal');
		await expect.poll(answered).toBe(60);
	});
});
