import {execFileSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {inspect} from 'node:util';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {Pool} from '../../source/pool/types.js';
import {describeReal} from '../support/real-redis.js';
import {freePort, type RedisProcess, type RedisProcessOptions, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

const pools: Pool[] = [];
const servers: RedisProcess[] = [];

const start = async (options: RedisProcessOptions): Promise<RedisProcess> => {
	const server = await startRedisProcess(options);
	servers.push(server);
	return server;
};

const open = (options: PoolOptions): Pool => {
	const pool = createPool({lanes: 2, ...options});
	pools.push(pool);
	return pool;
};

/** Sends a command over a lane and a checkout, and connects a subscriber. */
const exercise = async (pool: Pool): Promise<void> => {
	await pool.ready(30_000);
	await pool.laneOf('k').send('set', ['k', 'v']);
	expect(String(await pool.laneOf('k').send('get', ['k']))).toBe('v');
	const checkout = await pool.acquire();
	expect(String(await checkout.send('get', ['k']))).toBe('v');
	checkout.release();
	let ready = false;
	const subscriber = pool.subscriber({
		onReady: () => {
			ready = true;
		},
		onLost: () => {},
		onInvalidate: () => {},
	});
	await until(() => ready, 'the subscriber is ready');
	subscriber.close();
};

const rejection = async (promise: Promise<unknown>): Promise<Error> => {
	const reason: unknown = await promise.then(
		() => new Error('it resolved'),
		(error: unknown) => error,
	);
	return reason as Error;
};

afterEach(async () => {
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
	await Promise.all(servers.splice(0).map((server) => server.close()));
});

const hasOpenssl = ((): boolean => {
	try {
		execFileSync('openssl', ['version'], {stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
})();

const makeCertificate = (directory: string): void => {
	const file = (name: string): string => join(directory, name);
	const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key.pem')];
	execFileSync('openssl', ['req', '-x509', '-days', '2', ...key, '-out', file('cert.pem'), ...subject], {
		stdio: 'ignore',
	});
};

describeReal('over TLS', () => {
	it.runIf(hasOpenssl)('connects with a trusted certificate, and reports one that is not trusted', async () => {
		const server = await start({
			connectOnly: true,
			prepare: (directory) => Promise.resolve(makeCertificate(directory)),
			args: [
				...['--tls-cert-file', '{directory}/cert.pem', '--tls-key-file', '{directory}/key.pem'],
				...['--tls-ca-cert-file', '{directory}/cert.pem', '--tls-auth-clients', 'no'],
				...['--tls-replication', 'no'],
			],
		});
		const tlsPort = await tlsPortOf(server);
		const ca = await readFile(join(server.directory, 'cert.pem'));
		for (const host of ['localhost', '127.0.0.1'])
			await exercise(open({url: `rediss://${host}:${tlsPort}`, tls: {ca}}));
		const untrusted = open({url: `rediss://localhost:${tlsPort}`});
		expect((await rejection(untrusted.ready(500))).message).toMatch(/self-signed certificate/);
		// This is not a TLS port: the handshake fails.
		const plain = open({url: `rediss://localhost:${server.port}`, tls: {ca}, connectMs: 300});
		expect((await rejection(plain.ready(800))).message).toMatch(/Not connected to rediss:\/\/localhost/);
	});

	it.skipIf(hasOpenssl)('SKIPPED: there is no openssl to make a certificate with', () => {});
});

/** TLS on a second port, set at run time, so that the plain port shows when the server is up. */
const tlsPortOf = async (server: RedisProcess): Promise<number> => {
	const port = await freePort();
	const pool = createPool({url: server.url, lanes: 1});
	await pool.ready(30_000);
	await pool.lanes[0]?.send('config', ['set', 'tls-port', port]);
	await pool.close();
	return port;
};

describeReal('over a unix socket', () => {
	it('connects, and selects the database', async () => {
		const server = await start({
			args: ['--port', '0', '--unixsocket', '{directory}/redis.sock'],
			path: '{directory}/redis.sock',
		});
		const pool = open({url: `unix://${server.directory}/redis.sock?db=3`});
		await exercise(pool);
		expect(String(await pool.lanes[0]?.send('client', ['info']))).toContain(' db=3 ');
	});

	it('names a missing socket in the error', async () => {
		const pool = open({url: 'unix:///nowhere/redis.sock'});
		expect((await rejection(pool.ready(100))).message).toMatch(/unix:\/\/\/nowhere\/redis\.sock.*ENOENT/);
	});
});

describeReal('with users and passwords', () => {
	const users = ['--user', 'default', 'off', '--user', 'ann', 'on', '>pass word@/1', '~*', '&*', '+@all'];

	it('connects as an ACL user', async () => {
		const server = await start({args: users, connectOnly: true});
		await exercise(open({url: `redis://ann:${encodeURIComponent('pass word@/1')}@127.0.0.1:${server.port}`}));
	});

	it('connects as the default user with a password alone', async () => {
		const server = await start({args: ['--requirepass', 'sesame']});
		await exercise(open({url: `redis://:sesame@127.0.0.1:${server.port}`}));
	});

	it('ignores a password that is not needed, and prints nothing', async () => {
		const warn = vi.spyOn(console, 'warn');
		const server = await start({});
		await exercise(open({url: `redis://:needless@127.0.0.1:${server.port}`}));
		expect(warn).not.toHaveBeenCalled();
		warn.mockRestore();
	});

	it.each([
		['a wrong password', 'redis://ann:wr0ng-s3cret@', /user name or password is wrong; check them in the URL/],
		['none at all', 'redis://', /asks for a password; put user name and password in the URL/],
	])('%s is answered with what to do, without repeating the password', async (_title, start_, message) => {
		const server = await start({args: users, connectOnly: true});
		const error = vi.spyOn(console, 'error');
		const pool = open({url: `${start_}127.0.0.1:${server.port}`});
		for (const reason of [
			await rejection(pool.ready(200)),
			await rejection(pool.laneOf('k').send('get', ['k'])),
			await rejection(pool.acquire({timeoutMs: 200})),
		]) {
			expect(reason.message).toMatch(message);
			expect(reason.message).not.toContain('\n');
			expect(inspect(reason, {depth: 20, showHidden: true})).not.toContain('wr0ng-s3cret');
		}
		expect(JSON.stringify(pool.snapshot())).not.toContain('wr0ng-s3cret');
		expect(pool.url).not.toContain('wr0ng-s3cret');
		expect(error).not.toHaveBeenCalled();
		error.mockRestore();
	});

	it('reports a missing right only in the error of the command', async () => {
		const server = await start({args: ['--user', 'reader', 'on', '>pw', '~*', '+get', '+ping'], connectOnly: true});
		const pool = open({url: `redis://reader:pw@127.0.0.1:${server.port}`});
		await pool.ready(30_000);
		expect(await pool.laneOf('k').send('get', ['k'])).toBeNull();
		expect(await rejection(pool.laneOf('k').send('set', ['k', 'v']))).toMatchObject({kind: 'denied', prefix: 'NOPERM'});
	});
});

describe('with a database that does not exist', () => {
	it('is refused, instead of using database 0', async () => {
		const server = await start({});
		const pool = open({url: `${server.url}/9999`});
		expect((await rejection(pool.ready(300))).message).toMatch(/DB index is out of range/);
		expect(await rejection(pool.laneOf('k').send('set', ['k', 'v']))).toMatchObject({code: 'ERR_NOT_CONNECTED'});
	});
});

describeReal('while the server loads its data set', () => {
	it('rejects with a LOADING error of kind unavailable, instead of hanging', async () => {
		const server = await start({
			args: [
				'--enable-debug-command',
				'local',
				'--key-load-delay',
				'20000',
				'--loading-process-events-interval-bytes',
				'1024',
			],
		});
		const pool = open({url: server.url, lanes: 1, deadlineMs: 4000});
		await pool.ready(30_000);
		await pool.lanes[0]?.send('debug', ['populate', '50', 'key', '100']);
		const admin = createPool({url: server.url, lanes: 1, missedDeadlines: 1000});
		pools.push(admin);
		await admin.ready(30_000);
		const reload = admin.lanes[0]?.send('debug', ['reload'], {deadlineMs: 30_000});
		let seen: unknown;
		await until(
			async () => {
				seen = await pool.lanes[0]?.send('get', ['key:1']).catch((error: unknown) => error);
				return seen instanceof Error;
			},
			'LOADING is answered',
			{everyMs: 1},
		);
		expect(seen).toMatchObject({kind: 'unavailable', prefix: 'LOADING'});
		await reload;
		await until(
			async () =>
				(await rejection(pool.lanes[0]?.send('get', ['key:1']) ?? Promise.resolve())).message === 'it resolved',
			'it has loaded',
		);
	});
});

describeReal('with too many clients', () => {
	it('names maxclients in the error', async () => {
		const server = await start({args: ['--maxclients', '1'], connectOnly: true});
		const first = open({url: server.url, lanes: 1});
		await first.ready(30_000);
		const second = open({url: server.url, lanes: 1});
		expect((await rejection(second.ready(500))).message).toMatch(/max number of clients|maxclients/);
	});
});
