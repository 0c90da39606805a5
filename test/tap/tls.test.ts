import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {type AddressInfo, connect} from 'node:net';
import {createServer} from 'node:tls';
import {describe, expect, it, onTestFinished} from 'vitest';
import {startTap} from '../../source/tap/tap.js';
import {hasOpenssl, makeCertificates} from '../support/certificates.js';
import {RawConnection} from '../support/raw-connection.js';
import {request} from '../support/resp.js';
import {until} from '../support/until.js';
import {TapFixture} from './support/tap-fixture.js';

describe('a tap in front of a server with TLS', () => {
	const fixture = new TapFixture();

	it.runIf(hasOpenssl)('speaks TLS to it, and plain to the application', async () => {
		const certificates = makeCertificates();
		const {cert, key} = certificates.server;
		const server = createServer({cert: readFileSync(cert), key: readFileSync(key)}, (client) => {
			const redis = connect(fixture.redis.port, '127.0.0.1');
			client.on('error', () => redis.destroy());
			redis.on('error', () => client.destroy());
			client.pipe(redis).pipe(client);
		}).listen(0, '127.0.0.1');
		server.on('tlsClientError', () => undefined);
		await once(server, 'listening');
		const address = {host: 'localhost', port: (server.address() as AddressInfo).port};
		const listen = {host: '127.0.0.1', port: 0};
		const ca = readFileSync(certificates.authority);
		const tap = await startTap({target: {...address, tls: {ca}}, listen});
		const suspicious = await startTap({target: {...address, tls: {}}, listen});
		onTestFinished(async () => {
			await Promise.all([tap.close(), suspicious.close()]);
			server.close();
			certificates.remove();
		});

		const connection = await RawConnection.open(tap.proxy.port);
		const value = 'v'.repeat(200_000);
		await connection.ask(request('SET', 'a', value), '+OK\r\n');
		await connection.ask(request('GET', 'a'), `$${value.length}\r\n${value}\r\n`);
		expect(tap.snapshot()).toMatchObject({reads: {hits: 1, misses: 0}, connections: {open: 1, unreadable: 0}});
		tap.proxy.add({kind: 'reset'}, {forMs: 10});
		await until(() => connection.ended() !== undefined, 'the fault to end the connection');
		await until(() => tap.snapshot().connections.open === 0, 'the connection to be gone');

		const refused = new RawConnection(suspicious.proxy.port);
		await until(() => refused.ended() !== undefined, 'the end of a connection to a server that is not trusted');
	});

	it.skipIf(hasOpenssl)('SKIPPED: there is no openssl to make a certificate with', () => {});
});
