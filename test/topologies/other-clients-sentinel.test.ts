import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {RawConnection} from '../support/raw-connection.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';
import {type OpenClient, type OtherClient, runnable, sentinelClients} from './support/other-clients.js';
import {type ProxiedTopology, startProxiedTopology} from './support/proxied-topology.js';

const clients = runnable(sentinelClients);

const masterName = 'private';

describeReal('clients of others that are given one port of a proxied Sentinel', () => {
	let servers: ProxiedTopology;

	beforeAll(async () => {
		servers = await startProxiedTopology('sentinel');
	});

	afterAll(() => servers?.close());

	const master = async () => {
		const reply = await servers.ask(servers.addresses[0] ?? '', 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
		return Array.isArray(reply) ? reply.join(':') : '';
	};

	const open = async (openClient: OpenClient): Promise<OtherClient> => {
		const client = await openClient(servers.seed, servers.password, masterName);
		onTestFinished(() => client.close());
		return client;
	};

	const works = async (client: OtherClient, value: string) => {
		await client.set('key', value);
		return (await client.get('key')) === value;
	};

	/** No connection leads around the proxy. */
	const expectNoneAround = async () => {
		await until(
			async () => (await servers.connections()) === servers.proxy.connections(),
			'as many connections of clients as the proxy has',
			{everyMs: 100},
		);
		expect(servers.proxy.connections()).toBeGreaterThan(0);
	};

	it.each(clients)('reach the master through the proxy: %s', async (_name, openClient) => {
		const before = servers.reached.length;
		const client = await open(openClient);
		expect(await works(client, 'before')).toBe(true);
		expect(servers.reached.slice(before)).toContain(await master());
		await expectNoneAround();
	});

	/** Subscribes to all that the Sentinel publishes. */
	const listen = async (resp: 2 | 3) => {
		const {port} = servers.seed;
		const listener = await RawConnection.open({port, url: `redis://:${servers.password}@127.0.0.1`}, resp);
		onTestFinished(() => listener.close());
		await listener.call(['PSUBSCRIBE', '*']);
		return listener;
	};

	it('follow a failover to another port of the proxy: all clients', async () => {
		const opened = await Promise.all(
			clients.map(async ([name, openClient]) => ({name, client: await open(openClient)})),
		);
		for (const {client} of opened) expect(await works(client, 'before')).toBe(true);
		const listeners = [await listen(2), await listen(3)];
		const former = await master();
		await servers.topology.together.failover();
		await until(async () => (await master()) !== former, 'another master');
		const next = await master();
		for (const {name, client} of opened) {
			const value = `after-the-failover-by-${name}`;
			const isAtNext = async () => {
				const isRight = await works(client, value).catch(() => false);
				return isRight && (await servers.ask(next, 'GET', 'key')) === value;
			};
			await until(isAtNext, `${name} writes to the new master`, {everyMs: 100});
		}
		expect(servers.reached).toContain(next);
		await expectNoneAround();
		// Events name data nodes and Sentinels.
		const known = [former, next, ...servers.addresses];
		for (const listener of listeners) {
			await until(() => listener.text().includes('+switch-master'), 'the event of the failover');
			expect(listener.text()).toContain('slave 127.0.0.1:');
		}
		for (const address of known) {
			expect(servers.sent()).not.toContain(address);
			expect(servers.sent()).not.toContain(address.replace(':', ' '));
		}
	});
});
