import {createServer} from 'node:net';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {NodePorts} from '../../source/proxy/node-ports.js';
import {type PeerServer, startPeerServer} from '../support/peer-server.js';
import {RawConnection} from '../support/raw-connection.js';
import {until} from '../support/until.js';

describe('the ports of a proxy for nodes', () => {
	let servers: PeerServer[] = [];
	let connections: RawConnection[] = [];
	let proxy: FaultProxy;
	let ports: NodePorts;

	/** Addresses of servers that send back what they receive. */
	const addressOf = (index: number) => `127.0.0.1:${servers[index]?.port}`;

	const open = ({port}: {readonly port: number}) => {
		const opened = new RawConnection(port);
		connections.push(opened);
		return opened;
	};

	/** A connection through the proxy whose way to the server is known to be open. */
	const reach = async (index: number) => {
		const opened = open(ports.endpointOf(addressOf(index)));
		await opened.ask('hello', 'hello');
		return opened;
	};

	/** The error of a connection to a node. */
	const refusal = async (index: number) => {
		const refused = open(ports.endpointOf(addressOf(index)));
		await refused.untilClosed();
		return refused.ended();
	};

	beforeEach(async () => {
		servers = [await startPeerServer(), await startPeerServer()];
		proxy = await startFaultProxy({});
		ports = await NodePorts.open(proxy);
	});

	afterEach(async () => {
		for (const connection of connections) connection.close();
		connections = [];
		await proxy.close();
		for (const server of servers) await server.close();
	});

	it('lead to each node, always on the same port, and its own port leads nowhere', async () => {
		const [first, second] = [ports.endpointOf(addressOf(0)), ports.endpointOf(addressOf(1))];
		expect(first.port).not.toBe(second.port);
		expect(ports.endpointOf(addressOf(0)).port).toBe(first.port);
		await reach(0);
		await reach(1);
		expect(servers.map((server) => server.connections())).toEqual([1, 1]);
		await open(proxy).untilClosed();
		expect(proxy.accepted()).toBe(2);
	});

	it('break the connections to one node, and leave those to the other alone', async () => {
		const [broken, healthy] = [await reach(0), await reach(1)];
		proxy.add({kind: 'stall', node: addressOf(0)});
		broken.send('held');
		await healthy.ask('still', 'still');
		expect(broken.text()).toBe('hello');
		proxy.heal();
		await until(() => broken.text() === 'helloheld', 'what was held');
		proxy.add({kind: 'reset', node: addressOf(0)});
		await broken.untilClosed();
		await healthy.ask('again', 'again');
	});

	it('refuse connections to one node only, and accept them again when the fault is lifted', async () => {
		const cut = await reach(0);
		const {id} = proxy.add({kind: 'refuse', node: addressOf(0)});
		await cut.untilClosed();
		expect(await refusal(0)).toBe('ECONNREFUSED');
		await reach(1);
		proxy.lift(id);
		await reach(0);
	});

	it('all have the faults that name no node, also those that are opened meanwhile', async () => {
		proxy.add({kind: 'refuse'});
		for (const index of [0, 1]) expect(await refusal(index)).toBe('ECONNREFUSED');
		proxy.heal();
		await reach(0);
		await reach(1);
	});

	it('are there at a later attempt when more nodes turn up in one turn than ports are open', async () => {
		const addresses = Array.from({length: 40}, (_, index) => `10.0.0.7:${7000 + index}`);
		const first = addresses.map((address) => ports.endpointOf(address).port);
		expect(first.filter((port) => port === proxy.port).length).toBeGreaterThan(0);
		await until(
			() => addresses.every((address) => ports.endpointOf(address).port !== proxy.port),
			'a port for each node',
		);
		const last = addresses.map((address) => ports.endpointOf(address).port);
		expect(new Set(last).size).toBe(addresses.length);
		for (const [index, port] of first.entries()) if (port !== proxy.port) expect(last[index]).toBe(port);
	});

	it('are shown by the addresses of the nodes behind them', () => {
		const {host, port} = ports.endpointOf('10.0.0.7:7000');
		expect(ports.mask(`connect ECONNREFUSED ${host}:${port}`)).toBe('connect ECONNREFUSED 10.0.0.7:7000');
		expect(ports.mask('10.0.0.8:7000')).toBe('10.0.0.8:7000');
	});

	it('are kept for a node that is also told by its IP address', () => {
		const {port} = ports.endpointOf('node.example:7000', '10.0.0.7:7000');
		expect(ports.endpointOf('10.0.0.7:7000').port).toBe(port);
		const {port: other} = ports.endpointOf('10.0.0.8:7000');
		expect(ports.endpointOf('other.example:7000', '10.0.0.8:7000').port).toBe(other);
		expect(other).not.toBe(port);
		expect(ports.mask(`no answer from 127.0.0.1:${port}`)).toBe('no answer from node.example:7000');
	});

	it('are there for any number of nodes that are announced before', async () => {
		const addresses = Array.from({length: 40}, (_, index) => `10.0.0.7:${7000 + index}`);
		await ports.reserve(addresses);
		const reserved = addresses.map((address) => ports.endpointOf(address).port);
		expect(new Set(reserved).size).toBe(addresses.length);
		expect(reserved).not.toContain(proxy.port);
	});

	it('say which node a connection leads to', async () => {
		const seen: (readonly [client: string, node: string])[] = [];
		ports = await NodePorts.open(proxy, {
			observe(client, node) {
				seen.push([client, node]);
				return {request() {}, reply() {}, closed() {}};
			},
		});
		const clients = [await reach(1), await reach(0)];
		expect(seen).toEqual(clients.map(({socket}, index) => [`127.0.0.1:${socket.localPort}`, addressOf(1 - index)]));
	});

	it('ask for the way of TLS to each node', async () => {
		const asked: string[] = [];
		ports = await NodePorts.open(proxy, {
			tls(node) {
				asked.push(node);
				return {rejectUnauthorized: false};
			},
		});
		const connection = open(ports.endpointOf(addressOf(0)));
		connection.send('PING\r\n');
		// The server of this test has no TLS: it sees a handshake.
		await until(() => servers[0]?.received().startsWith('\x16\x03') === true, 'a handshake of TLS');
		expect(asked).toEqual([addressOf(0)]);
	});

	it('follow on a given port, in the order in which nodes appear, and leave out one that is taken', async () => {
		const first = await freeRange(4);
		const taken = await proxy.openPort({listen: {host: '127.0.0.1', port: first + 2}});
		ports = await NodePorts.open(proxy, {listen: {host: '127.0.0.1', port: first}});
		const opened = ['10.0.0.7:7000', addressOf(1), '10.0.0.7:7002'].map((address) => ports.endpointOf(address).port);
		expect([opened[0], opened[2]]).toEqual([first + 1, first + 3]);
		expect(opened[1]).not.toBe(taken.port);
		await reach(1);
	});
});

/** The first of some ports in a row that are free. */
async function freeRange(count: number): Promise<number> {
	for (;;) {
		const first = 12_000 + Math.floor(Math.random() * 7000);
		const isFree = await Promise.all(Array.from({length: count}, (_, index) => canListen(first + index)));
		if (isFree.every(Boolean)) return first;
	}
}

function canListen(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}
