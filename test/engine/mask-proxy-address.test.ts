import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {maskProxyAddress} from '../../source/engine/target/mask-proxy-address.js';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {everyWrite, startTestEngine, type TestEngine} from '../support/engine.js';
import {realRedisVersion} from '../support/real-redis.js';
import {until} from '../support/until.js';

describe.skipIf(realRedisVersion === undefined)('on a Redis given by its URL', () => {
	let server: PrivateRedis;
	let engine: TestEngine;
	let shown: string;

	beforeAll(async () => {
		server = await startPrivateRedis({password: ''});
		// With a user and a password, to see that neither is shown.
		const client = new Redis(server.port);
		await client.call('ACL', 'SETUSER', 'ada', 'on', '>s3cret', '~*', '&*', '+@all');
		client.disconnect();
		engine = await startTestEngine({url: `redis://127.0.0.1:${server.port}`, consented: everyWrite});
		await engine.ok(`connect redis://ada:s3cret@127.0.0.1:${server.port}/0`);
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
		shown = `redis://***@127.0.0.1:${server.port}/0`;
	});

	afterAll(async () => {
		await engine?.close();
		await server?.close();
	});

	it('the URL to copy has no login of a Redis that this program did not start', async () => {
		expect(await engine.ok('url')).toEqual([`${shown}, with the login that was given to this program`]);
		expect(JSON.stringify(engine.latest())).not.toContain('s3cret');
	});

	it.each(['refuse', 'reset', 'blackhole'])(
		'errors, reasons and the log name the server during %s, not the proxy, and no password',
		async (fault) => {
			await engine.ok('workload on', `127.0.0.1:${server.port}`);
			await engine.ok(`outage ${fault}`);
			await engine.until(({cache}) => cache.mode.mode === 'fallback', 'fallback');
			let message = '';
			await until(async () => {
				const reply = await engine.run('info');
				message = reply.ok ? '' : reply.message;
				return message.includes('://');
			}, 'an error that names a server');
			expect(message).toContain(shown);
			await engine.ok('heal');
			await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected again');
			await engine.ok('workload off');
			const everything = JSON.stringify([engine.latest().cache.modes, engine.events()]);
			const ports = new Set([...everything.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => port));
			expect([...ports]).toEqual([String(server.port)]);
			expect(everything + message).not.toContain('s3cret');
		},
	);

	it('a server that has ended is not taken for one that wants TLS or has no room', async () => {
		await server.close();
		let message = '';
		await until(async () => {
			const reply = await engine.run('info');
			message = reply.ok ? '' : reply.message;
			return message.includes('refuses connections');
		}, 'an error that tells why');
		expect(message).toContain(shown);
		expect(message).not.toContain('TLS');
	});
});

describe('maskProxyAddress', () => {
	it('replaces the address and the URL of the proxy by those of the server', async () => {
		const target = {host: 'cache.example', port: 6380};
		const proxy = await startFaultProxy({target});
		const address = `127.0.0.1:${proxy.port}`;
		const tcp = maskProxyAddress({
			proxy,
			target,
			proxyUrl: `rediss://u:p@${address}/3`,
			shownUrl: 'rediss://***@cache.example:6380/3',
		});
		expect(tcp(`Cannot connect to rediss://***@${address}/3: connect ECONNREFUSED ${address}`)).toBe(
			'Cannot connect to rediss://***@cache.example:6380/3: connect ECONNREFUSED cache.example:6380',
		);
		expect(tcp('without an address')).toBe('without an address');
		const unix = maskProxyAddress({
			proxy,
			target: {path: '/run/redis.sock'},
			proxyUrl: `redis://${address}/1`,
			shownUrl: 'unix:///run/redis.sock?db=1',
		});
		expect(unix(`Connection to redis://${address}/1 was lost: read ECONNRESET ${address}`)).toBe(
			'Connection to unix:///run/redis.sock?db=1 was lost: read ECONNRESET /run/redis.sock',
		);
		await proxy.close();
	});
});
