import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import {parseProbe} from '../../source/drills/probe/probe-spec.js';
import type {ApplicationSnapshot, EngineOptions} from '../../source/engine/protocol.js';
import {inspectorName, workloadName} from '../../source/inspect/server/clients/own-clients.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

type Context = Pick<TestContext, 'onTestFinished'>;

let redis: RedisProcess;
let directory: string;

beforeAll(async () => {
	redis = await startRedisProcess();
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
});

afterAll(async () => {
	rmSync(directory, {recursive: true});
	await redis?.close();
});

type Tapped = {
	readonly engine: TestEngine;
	/** The current snapshot of the application. */
	readonly application: () => ApplicationSnapshot;
	/** A client of the application. */
	readonly connect: () => Redis;
	/** The word that consents to faults. */
	readonly word: string;
};

async function openTap({onTestFinished}: Context, options: Partial<EngineOptions> = {}): Promise<Tapped> {
	const tap = {listen: {host: '127.0.0.1', port: 0}, hideKeys: false};
	const engine = await startTestEngine({url: `redis://127.0.0.1:${redis.port}`, tap, ...options});
	onTestFinished(() => engine.close());
	const application = () => {
		const snapshot = engine.latest().application;
		if (snapshot === undefined) throw new Error('there is no application');
		return snapshot;
	};
	const port = Number(application().listen.split(':')[1]);
	const connect = () => {
		const client = new Redis({port, connectionName: 'web', retryStrategy: () => 50, maxRetriesPerRequest: null});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		return client;
	};
	return {engine, application, connect, word: `127.0.0.1:${redis.port}`};
}

const logged = (engine: TestEngine, topic: string) =>
	engine
		.events()
		.filter((event) => event.topic === topic)
		.map(({text}) => text);

describe.concurrent('a session with an application behind the tap', () => {
	it('lists drills with what is judged on an application', async (context) => {
		const {engine} = await openTap(context);
		expect(await engine.run('drills')).toMatchObject({
			data: expect.arrayContaining([
				expect.objectContaining({
					name: 'default',
					expectations: [
						expect.objectContaining({name: 'wire.notReturned == 0'}),
						expect.objectContaining({name: 'wire.recoveryMs <= 5000'}),
					],
				}),
			]),
		});
	});

	it('says that another of these programs is connected to the tap, once', async (context) => {
		const {engine, connect} = await openTap(context);
		for (const client of [connect(), connect()]) await client.client('SETNAME', 'redis-cache-tui-inspect');
		await until(() => logged(engine, 'application').length > 0, 'the warning');
		const about = logged(engine, 'application').filter((text) => text.includes('another redis-cache-tui'));
		expect(about).toEqual([expect.stringMatching(/give that one the URL of the server, not of the tap$/)]);
	});

	it('shows the application and nothing of our own cache', async (context) => {
		const {engine, application, connect} = await openTap(context);
		expect(engine.latest()).toMatchObject({source: 'application', workload: {running: false, calls: 0}});
		const client = connect();
		await client.set('user:1', 'x', 'EX', 60);
		await client.get('user:1');
		void client.blpop('queue', 0).catch(() => {});
		await engine.until(
			() =>
				application().live.lastSecond !== undefined && application().live.connections[0]?.oldest?.command === 'BLPOP',
			'a second of traffic',
		);
		const {live, connections, target, outage} = application();
		expect({target, open: connections.open, outage}).toEqual({
			target: `redis://127.0.0.1:${redis.port}`,
			open: 1,
			outage: undefined,
		});
		expect(live.connections).toEqual([
			expect.objectContaining({
				clientName: 'web',
				address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
				deepest: expect.any(Number),
				oldest: expect.objectContaining({command: 'BLPOP', isBlocking: true}),
				isSubscriber: false,
			}),
		]);
		expect(Math.abs((live.connections[0]?.openedAt ?? 0) - Date.now())).toBeLessThan(60_000);
		// Of what this program says of its own cache, there is nothing.
		expect(logged(engine, 'mode')).toEqual([]);
		for (const line of ['workload on', 'pool resize 2', 'checkout hold 1', 'flush memory'])
			expect(await engine.refused(line)).toMatch(/with tap there is none/);
		expect(engine.engine.trafficCourse()?.slots.length).toBeGreaterThan(0);
	});

	it('opens no cache on the Redis of the application before somebody asks for an entry by hand', async (context) => {
		// A server of its own: connections of the other tests in this file would be seen as well.
		const own = await startRedisProcess();
		context.onTestFinished(() => own.close());
		const {engine, connect} = await openTap(context, {url: own.url});
		const client = connect();
		await client.set('user:1', 'x', 'EX', 60);
		await engine.until(
			({server, application}) => server !== undefined && application?.live.lastSecond !== undefined,
			'a second',
		);
		const names = async () => String(await client.client('LIST')).match(/(?<= name=)\S+/g);
		expect(await names()).toEqual(expect.arrayContaining(['web', inspectorName]));
		expect(await names()).toHaveLength(2);
		const used = await client.info('commandstats');
		expect(used).not.toMatch(/cmdstat_(script|eval|scan|randomkey|pttl|time)/);
		expect(engine.latest()).toMatchObject({keyPrefix: 'rct:test:', cache: {pool: {lanes: []}, modes: []}});

		expect(await engine.ok('get user:1')).toContain('x');
		expect(await names()).toHaveLength(2);
		// A very busy machine connects later than a call waits for.
		const set = () => engine.ok('set entry 1', `127.0.0.1:${own.port}`);
		await until(async () => String(await set()).includes('in Redis'), 'the entry');
		expect(await names()).toContain(workloadName);
		expect(await client.exists('rct:test:entry')).toBe(1);
	});

	it('tells of a finding when it appears first', async (context) => {
		const {engine, connect} = await openTap(context);
		const client = connect();
		for (let call = 0; call < 3; call++) await client.keys('user:*');
		await until(() => logged(engine, 'application').length > 0, 'a finding in the log');
		expect(logged(engine, 'application')).toEqual([
			expect.stringMatching(/^finding blocking-command: Commands stop the server for everybody\. KEYS \d times?/),
		]);
	});

	it('breaks its connections, and tells how it comes back', async (context) => {
		const {engine, application, connect, word} = await openTap(context);
		const client = connect();
		await client.set('a', '1');
		expect(await engine.refused('outage refuse')).toBe(
			`outage breaks the connections of an application to redis://127.0.0.1:${redis.port}, which this program did not start: confirm it with the word ${word}`,
		);
		expect(client.status).toBe('ready');
		// `once` of node:events rejects at the error that comes first.
		const gone = new Promise((resolve) => client.once('close', resolve));
		await engine.ok('outage refuse', word);
		await gone;
		await engine.until(() => application().outage?.wire?.connections.broken === 1, 'a broken connection');
		await engine.ok('heal');
		await client.get('a');
		await engine.until(() => application().outage?.isOver === true, 'the end of the outage');
		expect(application().outage).toMatchObject({
			faults: ['refuse'],
			liftedAt: expect.any(Number),
			wire: {connections: {before: 1, broken: 1, after: 1}, notReturned: 0, recoveryMs: expect.any(Number)},
		});
		expect(logged(engine, 'fault')).toEqual([expect.stringMatching(/^outage: refuse, lifted after/)]);
		expect(logged(engine, 'application')).toEqual([
			expect.stringMatching(/^application: 1 connection broke; \d+ attempts? to reconnect, .* answered again after/),
		]);
		// Consent once given is not asked for again.
		await engine.ok('outage latency 5ms for 1s');
	});

	it('takes a fault that is refused for no outage', async (context) => {
		const {engine, application, connect, word} = await openTap(context);
		await connect().get('a');
		expect(await engine.refused('outage kill', word)).toMatch(/kill/);
		await engine.until(() => application().live.lastSecond !== undefined, 'a second');
		expect(application().outage).toBeUndefined();
		expect(logged(engine, 'application')).toEqual([]);
		await engine.ok('outage latency 1ms for 100ms');
		await engine.until(() => application().outage?.liftedAt !== undefined, 'the end of a fault');
		expect(application().outage).toMatchObject({
			faults: [expect.stringMatching(/^latency/)],
			wire: {connections: {before: 1}},
		});
	});

	it('breaks nothing with --read-only', async (context) => {
		const {engine, connect} = await openTap(context, {readOnly: true});
		await connect().get('a');
		for (const line of ['outage reset', 'drill default'])
			expect(await engine.refused(line)).toMatch(
				/breaks the connections of the application, and this program was started with --read-only/,
			);
		expect(engine.latest().faults).toEqual([]);
	});

	it('names no key with --hide-keys', async (context) => {
		const tap = {listen: {host: '127.0.0.1', port: 0}, hideKeys: true};
		const {engine, application, connect} = await openTap(context, {tap});
		const client = connect();
		await client.set('secret:1', 'x');
		await client.get('secret:1');
		await engine.until(() => application().hotKeys.length > 0, 'a hot key');
		for (const line of ['keys', 'get secret:1', 'redis KEYS *', 'show slowlog', 'tree secret:'])
			expect(await engine.refused(line)).toMatch(/shows names of keys/);
		expect(await engine.engine.complete('get', 0, 'sec')).toEqual([]);
		await engine.ok('show clients');
		expect(JSON.stringify(application())).not.toContain('secret');
	});

	it('runs a drill on the traffic of the application, judged at the wire and by a page', async (context) => {
		const port = await pageOf(context);
		const {engine, connect, word} = await openTap(context, {probes: [port.probe]});
		port.use(connect());
		const path = join(directory, 'reset.json');
		writeFileSync(
			path,
			JSON.stringify({
				name: 'short',
				summary: 'for a test',
				duration: '3s',
				steps: [{at: '0.4s', fault: 'reset', for: '0.4s'}],
				expectations: ['wrongReads == 0', 'modes.fallback >= 1'],
			}),
		);
		await engine.ok(`drill ${path}`, word);
		expect(engine.latest().source).toBe('application');
		await engine.until(({drill}) => drill?.report !== undefined, 'the report');
		const report = engine.latest().drill?.report;
		expect(report).toMatchObject({
			calls: 0,
			modes: [],
			application: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
			wire: {connections: {before: 1, broken: expect.any(Number)}},
			recoveryMs: report?.wire?.recoveryMs,
			leftOut: [
				{name: 'wrongReads == 0', reason: 'a drill on an application makes no calls itself'},
				{name: 'modes.fallback >= 1', reason: expect.any(String)},
			],
		});
		expect(report?.probes?.[0]?.calls).toBeGreaterThan(5);
		expect(report?.expectations.map(({name}) => name)).toEqual([
			'probe.availability >= 0.99',
			'probe.recoveryMs <= 5000',
			'wire.notReturned == 0',
			'wire.recoveryMs <= 5000',
		]);
		// On a busy machine the application may not be back in time.
		expect(report?.wire?.connections.broken).toBeGreaterThan(0);
		expect(report?.expectations.find(({name}) => name.startsWith('wire.notReturned'))?.actual).toBe(
			report?.wire?.notReturned,
		);
		await until(() => logged(engine, 'drill').some((text) => text.includes('probe http')), 'a line on the probe');
		expect(engine.engine.drillRecording()?.steps).toHaveLength(1);
	});

	it('runs no drill while no application has connected', async (context) => {
		const {engine, word} = await openTap(context);
		expect(await engine.refused('drill default', word)).toMatch(
			/^no application has connected to the tap, so no fault would reach it: start it with redis:\/\/127\.0\.0\.1:\d+ as its Redis$/,
		);
	});
});

/** A page that reads a key. It gives up after 200 ms. */
async function pageOf({onTestFinished}: Context) {
	let client: Redis | undefined;
	const server = createServer(async (_, response) => {
		const late = new Promise<never>((_resolve, reject) => setTimeout(reject, 200).unref());
		const found = await Promise.race([client?.get('page'), late]).then(
			() => true,
			() => false,
		);
		response.writeHead(found ? 200 : 503).end();
	}).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	return {
		probe: parseProbe(url, {}),
		use(next: Redis) {
			client = next;
		},
	};
}
