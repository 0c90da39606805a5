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

	/** How a connection to a node fails. */
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
});
