import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {networkInterfaces} from 'node:os';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {Engine} from '../../../source/engine/engine.js';
import type {EngineOptions} from '../../../source/engine/protocol.js';
import {type FaultProxy, startFaultProxy} from '../../../source/proxy/fault-proxy.js';
import {type Certificates, hasOpenssl, makeCertificates, tlsArguments} from '../../support/certificates.js';
import {startTestEngine} from '../../support/engine.js';
import {describeReal, realRedisVersion} from '../../support/real-redis.js';
import {freePort, type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';

const options: EngineOptions = {
	embedded: false,
	readOnly: false,
	namespace: 'test',
	workload: {running: false, rate: 1, keys: 1},
	hz: 0,
};

/** The message with which an engine does not start, and its exit code. */
async function refusal(url: string, more: Partial<EngineOptions> = {}) {
	const failure = await Engine.start({...options, ...more, url}, () => undefined).then(
		async (engine) => {
			await engine.close();
			return {message: 'it started', exitCode: 0};
		},
		(error: unknown) => error as {message: string; exitCode: number},
	);
	expect(failure.message).not.toMatch(/s3cret|\n/);
	return {message: failure.message.replaceAll(/:\d{4,5}\b/g, ':PORT'), exitCode: failure.exitCode};
}

const servers: (RedisProcess | FaultProxy)[] = [];

async function start(...args: Parameters<typeof startRedisProcess>): Promise<RedisProcess> {
	const server = await startRedisProcess(...args);
	servers.push(server);
	return server;
}

afterAll(async () => {
	await Promise.all(servers.map((server) => server.close()));
});

describeReal('a Redis that cannot be used says why:', () => {
	let server: RedisProcess;
	let place: string;
	beforeAll(async () => {
		server = await start({args: ['--requirepass', 's3cret', '--user', 'off', 'off', '>s3cret', '+@all', '~*']});
		place = `127.0.0.1:${server.port}`;
	});

	it.each([
		[
			'',
			'redis://127.0.0.1:PORT requires a password, and the URL has none: write it before the host, as user:password@ or :password@',
		],
		[
			':s3cret-wrong@',
			'redis://***@127.0.0.1:PORT refused the password of the default user: check it, or write user:password@ before the host',
		],
		[
			'nobody:s3cret@',
			'redis://***@127.0.0.1:PORT refused the user name and password of the URL: there is no such user, the user is disabled, or the password is wrong',
		],
		[
			'off:s3cret@',
			'redis://***@127.0.0.1:PORT refused the user name and password of the URL: there is no such user, the user is disabled, or the password is wrong',
		],
	])('login %j', async (login, message) => {
		expect(await refusal(`redis://${login}${place}`)).toEqual({message, exitCode: 3});
	});

	it('the database does not exist', async () => {
		expect(await refusal(`redis://:s3cret@${place}/99`)).toEqual({
			message:
				'redis://***@127.0.0.1:PORT/99 has no database 99: write a smaller number, or none for database 0 (the setting "databases" limits it, 16 by default)',
			exitCode: 3,
		});
	});

	it('it speaks no TLS', async () => {
		expect(await refusal(`rediss://:s3cret@${place}`)).toEqual({
			message: 'rediss://***@127.0.0.1:PORT does not use TLS: write redis://***@127.0.0.1:PORT',
			exitCode: 3,
		});
	});

	it('it is in protected mode', async ({skip}) => {
		const address = Object.values(networkInterfaces())
			.flat()
			.find((each) => each?.family === 'IPv4' && !each.internal)?.address;
		if (address === undefined) return skip('this machine has no other address than loopback');
		const shut = await start({args: ['--bind', '127.0.0.1', address, '--protected-mode', 'yes']});
		expect((await refusal(`redis://${address}:${shut.port}`)).message).toMatch(
			/ is in protected mode, and accepts connections from its own machine only: set a password there/,
		);
	});
});

describe('what is not a Redis says so:', () => {
	let web: Server;
	beforeAll(async () => {
		web = createServer((_, response) => void response.end('hello'));
		await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
	});
	afterAll(() => void web.close());

	it.each(['redis', 'rediss', 'redis+cluster'])('a web server, at a %s:// URL', async (scheme) => {
		const {port} = web.address() as AddressInfo;
		expect(await refusal(`${scheme}://127.0.0.1:${port}`)).toEqual({
			message: `${scheme}://127.0.0.1:PORT is not a Redis: a web server answers there; check host and port`,
			exitCode: 3,
		});
	});
});

describe.skipIf(!hasOpenssl || realRedisVersion === undefined)('a Redis over TLS', () => {
	let files: Certificates;
	let strict: RedisProcess;
	let misnamed: RedisProcess;
	beforeAll(async () => {
		files = makeCertificates();
		const ports = [await freePort(), await freePort()] as const;
		[strict, misnamed] = await Promise.all([
			start({port: ports[0], connectOnly: true, args: tlsArguments(ports[0], files.server, files.authority, 'yes')}),
			start({port: ports[1], connectOnly: true, args: tlsArguments(ports[1], files.otherHost, files.authority, 'no')}),
		]);
	});
	afterAll(() => files?.remove());

	it('is used with its authority and a certificate of ours, or unchecked, which is said', async () => {
		const {authority: ca, client} = files;
		const url = `rediss://localhost:${strict.port}`;
		const engine = await startTestEngine({url, tls: {ca, ...client}});
		expect(engine.latest().target.warnings).toEqual([]);
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
		await engine.close();
		const unchecked = await startTestEngine({url: `rediss://localhost:${misnamed.port}`, tls: {insecure: true}});
		expect(unchecked.latest().target.warnings).toMatchObject([{id: 'insecure'}]);
		await unchecked.close();
	});

	it('says why it cannot be', async () => {
		const {authority: ca, client, stranger, server} = files;
		const url = `rediss://localhost:${strict.port}`;
		const message = async (...args: Parameters<typeof refusal>) => (await refusal(...args)).message;
		expect(await message(`redis://localhost:${strict.port}`)).toBe(
			'redis://localhost:PORT requires TLS: write rediss://localhost:PORT',
		);
		expect(await message(url)).toBe(
			'the certificate of rediss://localhost:PORT is not trusted (self-signed certificate in certificate chain): give --ca with the certificate of its authority, or --insecure to accept any',
		);
		expect(await message(url, {tls: {ca}})).toBe(
			'rediss://localhost:PORT requires a client certificate: give --cert and --key',
		);
		expect(await message(url, {tls: {ca, ...stranger}})).toBe(
			'rediss://localhost:PORT refuses the certificate of --cert (unknown ca): is it of an authority that the server trusts?',
		);
		expect(await message(`rediss://localhost:${misnamed.port}`, {tls: {ca}})).toBe(
			'the certificate of rediss://localhost:PORT is for another host (cache.example): write its name into the URL, or give --insecure to accept any',
		);
		expect(await refusal(url, {tls: {ca: '/nowhere/ca.pem'}})).toEqual({
			message: 'the certificates of --ca cannot be read: /nowhere/ca.pem: no such file',
			exitCode: 2,
		});
		expect(await refusal(url, {tls: {ca: client.key}})).toEqual({
			message: `${client.key} has no certificate in PEM format: check --ca`,
			exitCode: 2,
		});
		expect(await refusal(url, {tls: {cert: client.cert, key: server.key}})).toEqual({
			message: `the private key ${server.key} does not belong to the certificate ${client.cert}`,
			exitCode: 2,
		});
	});
});

describeReal('figures that mislead are told as such', () => {
	it('one node of a cluster', async () => {
		const node = await start({args: ['--cluster-enabled', 'yes']});
		const engine = await startTestEngine({url: node.url});
		const text = `${node.url} is one node of a cluster, and has only part of the keys: use redis+cluster://127.0.0.1:${node.port} for the whole cluster`;
		expect(engine.latest().target.warnings).toEqual([{id: 'cluster-node', text}]);
		await until(() => engine.events().some((event) => event.text === text), 'it is in the log');
		await engine.close();
	});

	it('a Redis that is further away than the deadline, until that is raised', async () => {
		const server = await start({});
		const proxy = await startFaultProxy({target: {host: server.host, port: server.port}});
		servers.push(proxy);
		proxy.add({kind: 'latency', delayMs: 60});
		const url = `redis://127.0.0.1:${proxy.port}`;
		const far = await startTestEngine({url, deadlineMs: 80});
		const [warning] = far.latest().target.warnings;
		expect(warning?.text).toMatch(/^use --deadline \S+: .+ is \d{3} ms away, too slow for a 80 ms deadline$/);
		await far.close();
		const patient = await startTestEngine({url, deadlineMs: 2000});
		expect(patient.latest().target.warnings).toEqual([]);
		await patient.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
		await patient.close();
	});
});
