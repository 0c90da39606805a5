import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {openSeedPort} from '../../source/tap/seed-port.js';
import {RawConnection} from '../support/raw-connection.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {request} from '../support/resp.js';

const servers: RedisProcess[] = [];

beforeAll(async () => {
	servers.push(await startRedisProcess(), await startRedisProcess());
});

afterAll(async () => {
	await Promise.all(servers.map((server) => server.close()));
});

const addresses = () => servers.map(({port}) => `127.0.0.1:${port}`);

describe('a port that stands for several servers', () => {
	const open = async () => {
		const proxy = await startFaultProxy({});
		onTestFinished(() => proxy.close());
		const leads: string[] = [];
		const port = await openSeedPort(proxy, {
			servers: {seeds: addresses, known: addresses()},
			observe(_, node) {
				leads.push(node);
				return {request() {}, reply() {}, closed() {}};
			},
		});
		const connect = async () => {
			const connection = await RawConnection.open(port.port);
			await connection.ask(request('PING'), '+PONG\r\n');
			connection.close();
		};
		return {proxy, port, leads, connect};
	};

	it('leads to each in turn, and tells where', async () => {
		const {port, leads, connect} = await open();
		for (let times = 0; times < 4; times++) await connect();
		expect(port.accepted()).toBe(4);
		expect([...leads].sort()).toEqual([...addresses(), ...addresses()].sort());
	});

	it('leads to another one than a fault names, as a client goes on to its next seed', async () => {
		const {proxy, leads, connect} = await open();
		const [first = '', second = ''] = addresses();
		const {id} = proxy.add({kind: 'refuse', node: first});
		for (let times = 0; times < 3; times++) await connect();
		expect(leads).toEqual([second, second, second]);
		proxy.lift(id);
		for (let times = 0; times < 2; times++) await connect();
		expect(leads.slice(3).sort()).toEqual(addresses().sort());
	});

	it('is refused while all of them are', async () => {
		const {proxy, port, connect} = await open();
		for (const node of addresses()) proxy.add({kind: 'refuse', node});
		await expect(RawConnection.open(port.port)).rejects.toThrow();
		proxy.heal();
		await connect();
	});
});
