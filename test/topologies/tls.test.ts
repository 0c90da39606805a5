import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Cluster, Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import type {EngineOptions} from '../../source/engine/protocol.js';
import {createPool} from '../../source/pool/create-pool.js';
import {type Certificates, hasOpenssl, makeCertificates, tlsArguments} from '../support/certificates.js';
import {everyWrite, startTestEngine, type TestEngine} from '../support/engine.js';
import {realRedisVersion} from '../support/real-redis.js';
import {freePort, type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {patienceMs, until} from '../support/until.js';

const ranges = [
	[0, 8191],
	[8192, 16_383],
] as const;

const processes: RedisProcess[] = [];
let certificates: Certificates;

beforeAll(() => {
	if (hasOpenssl) certificates = makeCertificates();
});

afterAll(async () => {
	await Promise.all(processes.map((each) => each.close()));
	certificates?.remove();
});

async function startTlsServer(port: number, more: readonly string[]): Promise<void> {
	// The certificate names the host alone, and the servers tell their addresses.
	const args = [...tlsArguments(port, certificates.hostOnly, certificates.authority, 'no'), ...more];
	processes.push(await startRedisProcess({port, connectOnly: true, args}));
}

/** An engine whose connections to the servers trust the authority, and whose own cache is connected. */
async function openEngine(url: string, options: Partial<EngineOptions> = {}): Promise<TestEngine> {
	const engine = await startTestEngine({
		url,
		tls: {ca: certificates.authority},
		deadlineMs: 1000,
		consented: everyWrite,
		...options,
	});
	onTestFinished(() => engine.close());
	if (options.tap === undefined)
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
	return engine;
}

/** An engine with a tap, and the port on which that listens. */
async function openTap(url: string) {
	const tap = {listen: {host: '127.0.0.1', port: 0}, hideKeys: false};
	const engine = await openEngine(url, {tap});
	await engine.until(({application}) => application !== undefined, 'the tap');
	const port = Number(engine.latest().application?.listen.split(':')[1]);
	return {engine, port};
}

const canRun = hasOpenssl && realRedisVersion !== undefined;

describe.runIf(canRun)('a cluster with TLS', () => {
	let url: string;

	beforeAll(async () => {
		const ports = [await freePort(), await freePort()];
		for (const port of ports)
			await startTlsServer(port, [
				...['--cluster-enabled', 'yes', '--tls-cluster', 'yes', '--cluster-announce-ip', '127.0.0.1'],
				...['--cluster-require-full-coverage', 'no'],
			]);
		const ask = async (index: number, ...words: readonly (string | number)[]) => {
			const [name = '', ...rest] = words;
			const direct = createPool({
				url: `rediss://localhost:${ports[index]}`,
				lanes: 1,
				deadlineMs: 3000,
				tls: {rejectUnauthorized: false},
			});
			try {
				await direct.ready(patienceMs);
				return await direct.lanes[0]?.send(String(name), rest);
			} finally {
				await direct.close();
			}
		};
		for (const [index, range] of ranges.entries()) await ask(index, 'cluster', 'addslotsrange', ...range);
		await ask(0, 'cluster', 'meet', '127.0.0.1', ports[1] ?? 0);
		await until(
			async () => {
				const infos = await Promise.all(ports.map((_, index) => ask(index, 'cluster', 'info')));
				return infos.every((info) => /cluster_slots_ok:16384[\s\S]*cluster_known_nodes:2/.test(String(info)));
			},
			'the cluster is whole',
			{everyMs: 100},
		);
		url = `rediss+cluster://localhost:${ports[0]}`;
	});

	it('is used by our own cache through a proxy for each node, which breaks one alone', async () => {
		const engine = await openEngine(url);
		const modes = () => (engine.latest().cache.nodes ?? []).map(({mode}) => mode.mode);
		await engine.until(() => modes().length === 2, 'both nodes');
		for (let index = 0; index < 20; index++) await engine.ok(`set key-${index} 1`);
		await engine.ok('outage node 2 refuse');
		await engine.until(() => modes().includes('fallback'), 'one node to be lost');
		expect(modes()).toContain('connected');
		await engine.ok('heal');
		await engine.until(() => modes().every((mode) => mode === 'connected'), 'both nodes again');
	});

	it('is behind a tap for an application that speaks no TLS', async () => {
		const {engine, port} = await openTap(url);
		const client = new Cluster([{host: '127.0.0.1', port}]);
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		for (let index = 0; index < 20; index++) await client.set(`key:${index}`, 'value', 'EX', 60);
		for (let index = 0; index < 20; index++) expect(await client.get(`key:${index}`)).toBe('value');
		const read = () => engine.latest().application?.reads.hits === 20;
		await engine.until(read, 'the reads on both nodes');
		expect(engine.latest().application?.connections.unreadable).toBe(0);
	});
});

describe.runIf(canRun)('servers behind Sentinel with TLS', () => {
	let url: string;

	beforeAll(async () => {
		const [master, sentinel] = [await freePort(), await freePort()];
		// Its address is known to clients, so that the certificate has to have it.
		const args = [...tlsArguments(master, certificates.server, certificates.authority, 'no')];
		processes.push(await startRedisProcess({port: master, connectOnly: true, args}));
		const {cert, key} = certificates.server;
		processes.push(
			await startRedisProcess({
				sentinel: true,
				prepare: (directory) =>
					writeFile(
						join(directory, 'sentinel.conf'),
						[
							`tls-port ${sentinel}`,
							`tls-cert-file ${cert}`,
							`tls-key-file ${key}`,
							`tls-ca-cert-file ${certificates.authority}`,
							'tls-auth-clients no',
							'tls-replication yes',
							`sentinel monitor main 127.0.0.1 ${master} 1`,
							'',
						].join('\n'),
					),
			}),
		);
		url = `rediss+sentinel://127.0.0.1:${sentinel}/main/0`;
	});

	it('cannot be used without their authority, with the reason of TLS', async () => {
		const pool = createPool({url, lanes: 1, deadlineMs: 3000});
		onTestFinished(() => pool.close());
		const whyNot = () => pool.lanes[0]?.send('PING', []).then(String, (error: Error) => error.message);
		await until(async () => /self-signed certificate/.test((await whyNot()) ?? ''), 'the reason of TLS');
	});

	it('are used by our own cache through proxies that speak TLS to them', async () => {
		const engine = await openEngine(url);
		await engine.ok('set a 1');
		expect((await engine.ok('get a'))[0]).toBe('1');
		await engine.ok('outage node master refuse');
		await engine.until(({cache}) => cache.mode.mode === 'fallback', 'the cache to be without Redis');
		await engine.ok('heal');
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache to be connected again');
	});

	it('are behind a tap for an application that speaks no TLS', async () => {
		const {engine, port} = await openTap(url);
		const client = new Redis({sentinels: [{host: '127.0.0.1', port}], name: 'main'});
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
		await client.set('key', 'value', 'EX', 60);
		expect(await client.get('key')).toBe('value');
		await engine.until(() => engine.latest().application?.reads.hits === 1, 'the read');
		expect(engine.latest().application?.connections.unreadable).toBe(0);
	});
});
