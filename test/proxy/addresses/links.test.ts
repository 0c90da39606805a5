import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {maxReplyBytes} from '../../../source/proxy/addresses/reply-rewriter.js';
import {type FaultProxy, type FaultProxyEvent, startFaultProxy} from '../../../source/proxy/fault-proxy.js';
import type {ProxyPortOptions} from '../../../source/proxy/types.js';
import {type PeerServer, startPeerServer} from '../../support/peer-server.js';
import {RawConnection} from '../../support/raw-connection.js';
import {bulk, request} from '../../support/resp.js';
import {until} from '../../support/until.js';

/*
 * The server sends back what it receives, so a reply is sent as a request: an inline command that reads as an error, or a
 * command that reads as a list.
 */

const moved = '-MOVED 1 10.0.0.7:7000\r\n';

describe('connections on which addresses are rewritten', () => {
	const events: FaultProxyEvent[] = [];
	let server: PeerServer;
	let proxy: FaultProxy;
	let connections: RawConnection[] = [];

	beforeEach(async () => {
		server = await startPeerServer();
		events.length = 0;
		proxy = await startFaultProxy({
			target: {host: '127.0.0.1', port: server.port},
			onEvent: (event) => events.push(event),
		});
	});

	afterEach(async () => {
		for (const connection of connections) connection.close();
		connections = [];
		await proxy.close();
		await server.close();
	});

	const open = async (options: ProxyPortOptions = {}, host = '127.0.0.1') => {
		const {port} = await proxy.openPort({rewrite: () => ({host, port: 6380}), ...options});
		const connection = new RawConnection(port);
		connections.push(connection);
		return connection;
	};

	it('are those of the ports that are asked to, and no others', async () => {
		await (await open()).ask(moved, '-MOVED 1 127.0.0.1:6380\r\n');
		const other = new RawConnection((await proxy.openPort({})).port);
		connections.push(other);
		await other.ask(moved, moved);
	});

	it('tell the host that the client has connected to, where the port listens on every interface', async () => {
		const connection = await open({listen: {host: '0.0.0.0', port: 0}}, '0.0.0.0');
		await connection.ask(moved, '-MOVED 1 127.0.0.1:6380\r\n');
	});

	it('take the host of the server for one that it leaves out', async () => {
		const asked: string[] = [];
		const connection = await open({
			rewrite(address) {
				asked.push(address);
				return {host: '127.0.0.1', port: 6380};
			},
		});
		await connection.ask('-ASK 1 :7000\r\n', '-ASK 1 127.0.0.1:6380\r\n');
		expect(asked).toEqual(['127.0.0.1:7000']);
	});

	it('show observers what the client is told', async () => {
		let seen = '';
		const connection = await open({
			observe: () => ({
				request() {},
				reply(bytes) {
					seen += bytes.toString('latin1');
				},
				closed() {},
			}),
		});
		await connection.ask(moved, '-MOVED 1 127.0.0.1:6380\r\n');
		expect(seen).toBe('-MOVED 1 127.0.0.1:6380\r\n');
	});

	it('pass on the beginning of a reply when the server ends in the middle of it', async () => {
		const connection = await open();
		connection.send(moved.slice(0, -4));
		connection.socket.end();
		expect(await connection.untilClosed()).toBe(moved.slice(0, -4));
	});

	it('say once that a reply was too long', async () => {
		const connection = await open();
		const words = ['CLUSTER', 'NODES'];
		const long = request(...words, '10.0.0.7:7000 '.repeat(maxReplyBytes / 14 + 1));
		for (let time = 0; time < 2; time++) {
			connection.send(long);
			await until(() => connection.received === (time + 1) * long.length, 'the reply');
		}
		expect(events).toEqual([{type: 'long reply', limit: maxReplyBytes}]);
	});

	it('pass everything on where the client speaks TLS, and say so', async () => {
		const connection = await open();
		const handshake = '\x16\x03\x01\x00\x05\n\n\n\n\n';
		await connection.ask(handshake, handshake);
		await connection.ask(moved, moved);
		expect(events).toEqual([{type: 'opaque'}]);
	});

	it('have the faults of the proxy, which act on what the client is told', async () => {
		const connection = await open();
		await connection.ask(bulkList('PING'), bulkList('PING'));
		proxy.add({kind: 'limit', bytes: '-MOVED 1 127'.length, direction: 'down'});
		connection.send(moved);
		expect(await connection.untilClosed()).toBe(`${bulkList('PING')}-MOVED 1 127`);
	});
});

function bulkList(word: string): string {
	return `*1\r\n${bulk(word)}`;
}
