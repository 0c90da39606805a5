import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {languages} from '../applications/support/languages.js';
import type {Frame} from '../support/frame-reader.js';
import {RawConnection} from '../support/raw-connection.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';
import {addressesIn, keyOn, masterOf, mastersOf, portsIn, questionsFor} from './support/cluster-facts.js';
import {clusterClients, type OpenClient, type OtherClient, runnable} from './support/other-clients.js';
import {type ProxiedTopology, startProxiedTopology} from './support/proxied-topology.js';

const keys = Array.from({length: 60}, (_, index) => `key:${index}`);

const clients = runnable(clusterClients);

describeReal('clients of others that are given one port of a proxied cluster', () => {
	let cluster: ProxiedTopology;
	let masters: readonly string[];

	beforeAll(async () => {
		cluster = await startProxiedTopology('cluster');
		masters = mastersOf(cluster);
	});

	afterAll(() => cluster?.close());

	const open = async (openClient: OpenClient): Promise<OtherClient> => {
		const client = await openClient(cluster.seed, cluster.password, '');
		onTestFinished(() => client.close());
		return client;
	};

	const round = async (client: OtherClient, value: string) => {
		for (const key of keys) await client.set(key, value);
		for (const key of keys) expect(await client.get(key)).toBe(value);
	};

	/** No connection leads around the proxy. */
	const expectNoneAround = async () => {
		await until(
			async () => (await cluster.connections()) === cluster.proxy.connections(),
			'as many connections of clients as the proxy has',
			{everyMs: 100},
		);
		expect(cluster.proxy.connections()).toBeGreaterThan(0);
	};

	it.each(clients)('reach all masters through the proxy: %s', async (_name, openClient) => {
		const before = cluster.reached.length;
		const client = await open(openClient);
		await round(client, 'first');
		for (const master of masters) expect(cluster.reached.slice(before)).toContain(master);
		await expectNoneAround();
	});

	it.each(clients)('follow ASK and MOVED to other ports of the proxy: %s', async (name, openClient) => {
		const client = await open(openClient);
		await round(client, 'before');
		const key = `moved-by-${name}`;
		await client.set(key, 'here');
		const slot = String(await cluster.ask(masters[0] ?? '', 'CLUSTER', 'KEYSLOT', key));
		const from = await masterOf(cluster, slot);
		const to = masters[(masters.indexOf(from) + 1) % masters.length] ?? '';
		const [fromId, toId] = [
			String(await cluster.ask(from, 'CLUSTER', 'MYID')),
			String(await cluster.ask(to, 'CLUSTER', 'MYID')),
		];
		const before = cluster.sent().length;
		await cluster.ask(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
		await cluster.ask(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
		const [host = '', port = ''] = to.split(':');
		await cluster.ask(from, 'MIGRATE', host, port, key, '0', '5000', 'AUTH', cluster.password);
		expect(await client.get(key)).toBe('here');
		for (const address of [to, from]) await cluster.ask(address, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId);
		// A client without a map of slots is sent on by the node that it has asked last.
		await client.get(await keyOn(cluster, from, keys));
		await client.set(key, 'there');
		expect(await client.get(key)).toBe('there');
		const sent = cluster.sent().slice(before);
		for (const kind of ['ASK', 'MOVED'] as const) {
			const told = addressesIn(sent, kind);
			expect(told.length).toBeGreaterThan(0);
			for (const address of told) expect(cluster.addresses).not.toContain(address);
		}
		await round(client, 'after');
		await expectNoneAround();
	});

	const connect = async (address: string, resp: 2 | 3) => {
		const url = `redis://:${cluster.password}@127.0.0.1`;
		const connection = await RawConnection.open({port: cluster.portOf(address), url}, resp);
		onTestFinished(() => connection.close());
		return connection;
	};

	const expectOnlyPortsOfTheProxy = (reply: Frame) => {
		const named = portsIn(reply.text);
		const own = cluster.addresses.map(cluster.portOf);
		expect(named.length, reply.text).toBeGreaterThan(0);
		expect(
			named.filter((port) => !own.includes(port)),
			reply.text,
		).toEqual([]);
	};

	it.skipIf(languages['redis-benchmark'].isMissing)(
		'see the whole cluster through the proxy: redis-cli --cluster',
		async () => {
			const {port} = cluster.seed;
			const words = ['--cluster', 'check', `127.0.0.1:${port}`, '-a', cluster.password, '--no-auth-warning'];
			const {stdout} = await promisify(execFile)('redis-cli', words);
			expect(stdout).toContain('[OK] All 16384 slots covered.');
			const named = new Set(portsIn(stdout));
			expect([...named].sort()).toEqual(cluster.addresses.map(cluster.portOf).sort());
		},
	);

	it.each([2, 3] as const)('are told ports of the proxy in every reply of a server: RESP%i', async (resp) => {
		for (const address of [cluster.addresses[0] ?? '', cluster.addresses[5] ?? '']) {
			const connection = await connect(address, resp);
			const asked = await questionsFor(cluster, address);
			for (const words of asked) expectOnlyPortsOfTheProxy(await connection.call(words));
			await connection.call(['MULTI']);
			for (const words of asked) await connection.call(words);
			const exec = await connection.call(['EXEC']);
			expect(exec.items.length).toBe(asked.length);
			for (const reply of exec.items) expectOnlyPortsOfTheProxy(reply);
		}
	});

	it('stay behind the proxy while slots move and after a failover: all clients', async () => {
		const opened = await Promise.all(clients.map(async ([, openClient]) => open(openClient)));
		for (const client of opened) await round(client, 'before');
		let isMoving = true;
		const traffic = opened.map(async (client, index) => {
			const own = keys.map((key) => `${key}:${index}`);
			while (isMoving) {
				for (const key of own) await client.set(key, String(index));
				for (const key of own) expect(await client.get(key)).toBe(String(index));
			}
		});
		const undo = await cluster.topology.together.reshard?.();
		await undo?.();
		isMoving = false;
		await Promise.all(traffic);
		await expectNoneAround();

		await cluster.topology.together.failover();
		for (const client of opened) {
			// A client may learn of a failover by an error.
			await until(
				() =>
					round(client, 'after').then(
						() => true,
						() => false,
					),
				'a round without errors after the failover',
				{everyMs: 100},
			);
		}
		await expectNoneAround();
		expect(cluster.reached.some((address) => !masters.includes(address))).toBe(true);
	});

	it('stay behind the proxy when nodes are told by their names: all clients', async () => {
		for (const address of cluster.addresses) {
			await cluster.ask(address, 'CONFIG', 'SET', 'cluster-announce-hostname', 'localhost');
			await cluster.ask(address, 'CONFIG', 'SET', 'cluster-preferred-endpoint-type', 'hostname');
		}
		const isNamed = async () => {
			const replies = await Promise.all(cluster.addresses.map((each) => cluster.ask(each, 'CLUSTER', 'SLOTS')));
			// An endpoint, and the IP address beside it.
			return replies.every((reply) => !/\?|(?<!ip,)127\.0\.0\.1/.test(String(reply)));
		};
		await until(isNamed, 'the names of all nodes', {everyMs: 100});
		const before = cluster.sent().length;
		for (const [, openClient] of clients) await round(await open(openClient), 'named');
		await expectNoneAround();
		const connection = await connect(cluster.addresses[0] ?? '', 2);
		for (const words of await questionsFor(cluster, cluster.addresses[0] ?? ''))
			expectOnlyPortsOfTheProxy(await connection.call(words));
		// They were known by their IP addresses before, and are the same nodes.
		expect(cluster.reached.filter((address) => !cluster.addresses.includes(address))).toEqual([]);
		expect(cluster.sent().slice(before)).not.toContain('localhost');
	});
});
