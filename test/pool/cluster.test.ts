import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {clusterSlot} from '../../source/pool/cluster-slot.js';
import {createPool} from '../../source/pool/create-pool.js';
import {ConnectionLostError, DeadlineError, NotConnectedError, ServerError} from '../../source/pool/errors.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {Pool} from '../../source/pool/types.js';
import {errorWithin} from '../support/call-errors.js';
import {describeReal, itReal, realRedisVersion} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

const ranges = [
	[0, 5460],
	[5461, 10_922],
	[10_923, 16_383],
] as const;

let nodes: RedisProcess[];
let pool: Pool;

/** Sends one command to one node. */
const ask = async (
	node: RedisProcess | undefined,
	command: string,
	...args: readonly (string | number)[]
): Promise<unknown> => {
	const direct = createPool({url: node?.url ?? '', lanes: 1, deadlineMs: 3000});
	try {
		await direct.ready(30_000);
		return await direct.lanes[0]?.send(command, args);
	} finally {
		await direct.close();
	}
};

const nodeOf = (key: string): RedisProcess => {
	const slot = clusterSlot(key);
	return nodes[ranges.findIndex(([from, to]) => slot >= from && slot <= to)] as RedisProcess;
};

const keys = Array.from({length: 60}, (_, index) => `key:${index}`);

beforeAll(async () => {
	const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no'];
	nodes = await Promise.all([0, 1, 2].map(() => startRedisProcess({args})));
	for (const [index, [from, to]] of ranges.entries()) await ask(nodes[index], 'cluster', 'addslotsrange', from, to);
	for (const node of nodes.slice(1)) await ask(nodes[0], 'cluster', 'meet', node.host, node.port);
	await until(
		async () => {
			for (const node of nodes) {
				if (
					!/cluster_state:ok[\s\S]*cluster_slots_ok:16384[\s\S]*cluster_known_nodes:3/.test(
						String(await ask(node, 'cluster', 'info')),
					)
				)
					return false;
			}
			return true;
		},
		'the cluster is whole',
		{everyMs: 100},
	);
	pool = createPool({
		url: `redis+cluster://127.0.0.1:${nodes[0]?.port},127.0.0.1:${nodes[1]?.port}`,
		lanes: 2,
		deadlineMs: 300,
	});
	await pool.ready(30_000);
});

afterAll(async () => {
	await pool.close();
	await Promise.all(nodes.map((node) => node.close()));
});

itReal('sends each key to its node', async () => {
	expect(pool.topology).toBe('cluster');
	await Promise.all(keys.map((key) => pool.laneOf(key).send('set', [key, `value of ${key}`])));
	for (const node of nodes) expect(Number(await ask(node, 'dbsize'))).toBeGreaterThan(5);
	const replies = await Promise.all(keys.map((key) => pool.laneOf(key).send('get', [key])));
	expect(replies.map(String)).toEqual(keys.map((key) => `value of ${key}`));
	const script = "return redis.call('get', KEYS[1])";
	expect(String(await pool.laneOf('key:1').send('eval', [script, 1, 'key:1']))).toBe('value of key:1');
});

itReal('answers an MGET of keys of one slot', async () => {
	for (const key of keys) expect(clusterSlot(key)).toBe(Number(await ask(nodes[0], 'cluster', 'keyslot', key)));
	await pool.laneOf('{u}a').send('set', ['{u}a', '1']);
	expect(clusterSlot('{u}a')).toBe(clusterSlot('{u}b'));
	expect(await pool.laneOf('{u}a').send('mget', ['{u}a', '{u}b'])).toEqual([Buffer.from('1'), null]);
	await expect(pool.laneOf('a').send('mget', ['key:1', 'key:2', 'key:3'])).rejects.toBeInstanceOf(ServerError);
});

itReal('follows a slot that moves to another node', async () => {
	const key = keys.find((candidate) => nodeOf(candidate) === nodes[0]) ?? '';
	const slot = clusterSlot(key);
	const staying = keys.find((candidate) => nodeOf(candidate) === nodes[0] && candidate !== key) ?? '';
	const lane = pool.laneOf(key);
	const both = [`value of ${key}`, `value of ${staying}`];
	const target = String(await ask(nodes[1], 'cluster', 'myid'));
	const source = String(await ask(nodes[0], 'cluster', 'myid'));
	await ask(nodes[1], 'cluster', 'setslot', slot, 'importing', source);
	await ask(nodes[0], 'cluster', 'setslot', slot, 'migrating', target);
	expect(String(await pool.laneOf(key).send('get', [key]))).toBe(`value of ${key}`);
	await ask(nodes[0], 'migrate', '127.0.0.1', nodes[1]?.port ?? 0, key, 0, 1000);
	nodes[1]?.pause();
	try {
		await expect(lane.send('get', [key])).rejects.toThrow(/^get was not answered within \d+ ms(,|$)/i);
	} finally {
		nodes[1]?.resume();
	}
	// During the move, the old node replies ASK.
	expect((await lane.sendEach('get', [[key], [staying]])).map(String)).toEqual(both);
	const unfollowed = await lane.sendEach('get', [[key], [staying]], {redirects: 'none'});
	expect(unfollowed).toEqual([expect.objectContaining({prefix: 'ASK'}), Buffer.from(`value of ${staying}`)]);
	expect(String(await pool.laneOf(key).send('get', [key]))).toBe(`value of ${key}`);
	for (const node of [nodes[1], nodes[0], nodes[2]]) await ask(node, 'cluster', 'setslot', slot, 'node', target);
	expect((await lane.sendEach('get', [[key], [staying]])).map(String)).toEqual(both);
	expect(String(await pool.laneOf(key).send('get', [key]))).toBe(`value of ${key}`);
});

itReal('settles by the deadline when a node stops, still serves the keys of the others, and recovers', async () => {
	const [stopped, other] = [nodes[2] as RedisProcess, nodes[1] as RedisProcess];
	const lost = keys.find((key) => nodeOf(key) === stopped) ?? '';
	const kept = keys.find((key) => nodeOf(key) === other) ?? '';
	stopped.pause();
	try {
		for (let round = 0; round < 8; round++) {
			const error = await errorWithin(200, pool.laneOf(lost).send('get', [lost], {deadlineMs: 100}));
			expect(
				[DeadlineError, ConnectionLostError, NotConnectedError, ServerError].some((kind) => error instanceof kind),
			).toBe(true);
			expect(String(await pool.laneOf(kept).send('get', [kept]))).toBe(`value of ${kept}`);
		}
	} finally {
		stopped.resume();
	}
	await until(
		async () =>
			String(
				await pool
					.laneOf(lost)
					.send('get', [lost])
					.catch(() => ''),
			) === `value of ${lost}`,
		'the node answers again',
	);
});

itReal('counts bytes, and reconnects after a reset of all nodes', async () => {
	const lane = pool.lanes[0];
	const before = pool.snapshot().lanes[0];
	expect(before?.bytesRead).toBeGreaterThan(0);
	lane?.reset('for the test');
	await until(() => lane?.state === 'ready', 'the lane is ready again');
	expect(String(await pool.laneOf('key:5').send('get', ['key:5']))).toBe('value of key:5');
	expect(pool.snapshot().lanes[0]?.reconnects).toBe((before?.reconnects ?? 0) + 1);
});

itReal('reports that no node can be reached', async () => {
	const lonely = createPool({url: 'redis+cluster://127.0.0.1:1', lanes: 1});
	await expect(lonely.ready(300)).rejects.toMatchObject({
		message: expect.stringMatching(/ECONNREFUSED|no node could be reached/) as string,
	});
	await lonely.close();
});

itReal('nodes take new credentials while they are in use, and so do those that are connected later', async () => {
	for (const node of nodes)
		for (const user of ['ann', 'bob']) await ask(node, 'acl', 'setuser', user, 'on', '>pass', '~*', '&*', '+@all');
	let username = 'ann';
	const expiresAt = () => Date.now() + 300;
	const rotating = createPool({
		url: `redis+cluster://${nodes.map(({port}) => `127.0.0.1:${port}`).join(',')}`,
		lanes: 1,
		deadlineMs: 3000,
		clientName: 'rotating',
		credentials: () => ({username, password: 'pass', expiresAt: expiresAt()}),
	});
	const users = async () => {
		const lists = await Promise.all(nodes.map((node) => ask(node, 'client', 'list')));
		return [...lists.join('').matchAll(/ name=rotating .* user=(\S+)/g)].map(([, user]) => user);
	};
	try {
		await rotating.ready(30_000);
		const [lane] = rotating.lanes;
		for (const key of keys) await lane?.send('set', [key, '1']);
		expect(new Set(await users())).toEqual(new Set(['ann']));
		let isOver = false;
		let calls = 0;
		const traffic = Array.from({length: 8}, async (_, caller) => {
			for (let round = caller; !isOver; round += 8) {
				const key = keys[round % keys.length] as string;
				expect(String(await lane?.send('get', [key]))).toBe('1');
				calls++;
			}
		});
		username = 'bob';
		await until(async () => !(await users()).includes('ann'), 'all are bob');
		for (const node of nodes) await ask(node, 'acl', 'deluser', 'ann');
		const before = calls;
		await until(() => calls > before + 40, 'traffic goes on');
		isOver = true;
		await Promise.all(traffic);
		for (const key of keys) expect(String(await lane?.send('get', [key]))).toBe('1');
		expect(rotating.snapshot().lanes[0]?.reconnects).toBe(0);
	} finally {
		await rotating.close();
		for (const node of nodes) await ask(node, 'acl', 'deluser', 'ann', 'bob');
	}
});

describeReal('nodes that announce names which lead nowhere', () => {
	const nameOf = (index: number) => `node-${index}.invalid`;
	const announce = async (of: (index: number) => string, type: 'hostname' | 'ip') => {
		for (const [index, node] of nodes.entries()) {
			await ask(node, 'config', 'set', 'cluster-announce-hostname', of(index));
			await ask(node, 'config', 'set', 'cluster-preferred-endpoint-type', type);
		}
		await until(async () => {
			const slots = await Promise.all(nodes.map((node) => ask(node, 'cluster', 'slots')));
			return slots.every((ranges) => nodes.every((_, index) => namesIn(ranges).includes(of(index) || '127.0.0.1')));
		}, 'all nodes know the names');
	};
	const namesIn = (ranges: unknown) =>
		(ranges as readonly (readonly [number, number, readonly [Buffer, number]])[]).map(([, , [host]]) => String(host));
	const seed = () => `127.0.0.1:${nodes[0]?.port}`;
	const open = async (options: PoolOptions) => {
		const opened = createPool({
			url: `redis+cluster://${seed()}`,
			lanes: 1,
			deadlineMs: 1000,
			connectMs: 1000,
			...options,
		});
		try {
			await opened.ready(30_000);
			const replies = await Promise.all(keys.map((key) => opened.laneOf(key).send('set', [key, '1'])));
			expect(replies.map(String)).toEqual(keys.map(() => 'OK'));
			return opened.nodes.map(({address}) => address).sort();
		} finally {
			await opened.close();
		}
	};

	beforeAll(() => announce(nameOf, 'hostname'));
	afterAll(() => announce(() => '', 'ip'));

	itReal('are reached by natMap, as a table or as a function', async () => {
		const names = nodes.map(({port}, index) => `${nameOf(index)}:${port}`);
		const natMap = Object.fromEntries(nodes.map(({host, port}, index) => [names[index], {host, port}]));
		expect(await open({natMap})).toEqual([...names].sort());
		expect(await open({natMap: (address) => natMap[address]})).toEqual([...names].sort());
	});

	itReal('are reached by natMap for a checkout, too', async () => {
		const natMap = Object.fromEntries(nodes.map(({host, port}, index) => [`${nameOf(index)}:${port}`, {host, port}]));
		const opened = createPool({url: `redis+cluster://${nameOf(0)}:${nodes[0]?.port}`, lanes: 1, natMap});
		onTestFinished(() => opened.close());
		await opened.ready(30_000);
		const checkout = await opened.acquire();
		expect(String(await checkout.send('PING', []))).toBe('PONG');
		checkout.release();
	});

	itReal('are reached by dnsLookup, which is asked at each connect', async () => {
		const asked: string[] = [];
		await open({
			dnsLookup(host) {
				asked.push(host);
				return Promise.resolve('127.0.0.1');
			},
		});
		expect(new Set(asked)).toEqual(new Set(nodes.map((_, index) => nameOf(index))));
	});

	itReal('are named, with the reason, if the lookup fails', async () => {
		const failing = createPool({
			url: 'redis+cluster://nowhere.invalid:7000',
			lanes: 1,
			dnsLookup() {
				throw new Error('no such service');
			},
		});
		await expect(failing.ready(300)).rejects.toMatchObject({
			message: expect.stringContaining('dnsLookup has failed for nowhere.invalid: no such service') as string,
		});
		await failing.close();
	});
});

itReal(
	'finds out that a slot has moved, for which it has sent no command, and hears of its keys from the new node',
	async () => {
		const key = 'moved:1';
		const slot = clusterSlot(key);
		const from = nodeOf(key);
		const to = nodes.find((node) => node !== from) as RedisProcess;
		const ids = new Map<RedisProcess, string>();
		for (const node of nodes) ids.set(node, String(await ask(node, 'cluster', 'myid')));
		const move = async (source: RedisProcess, target: RedisProcess) => {
			// A node that has imported a slot takes a new epoch.
			await ask(target, 'cluster', 'setslot', slot, 'importing', ids.get(source) ?? '');
			for (const node of [target, source]) await ask(node, 'cluster', 'setslot', slot, 'node', ids.get(target) ?? '');
			await until(() => {
				pool.checkNodes();
				return pool.nodeOf(key)?.address === `127.0.0.1:${target.port}`;
			}, 'the pool knows the new node');
		};
		const heard: string[] = [];
		let ready = 0;
		const subscriber = pool.subscriber({
			node: `127.0.0.1:${to.port}`,
			trackPrefix: 'moved:',
			onReady: () => ready++,
			onLost() {},
			onInvalidate: (changed) => heard.push(...(changed ?? []).map(String)),
		});
		try {
			await until(() => ready === 1, 'the new node is heard');
			await pool.laneOf(key).send('set', [key, '1']);
			await pool.laneOf(key).send('del', [key]);
			await move(from, to);
			expect(heard).toEqual([]);
			await pool.laneOf(key).send('set', [key, '2']);
			await until(() => heard.length > 0, 'the change is announced');
			expect(heard).toEqual([key]);
		} finally {
			subscriber.close();
			await pool.laneOf(key).send('del', [key]);
			await move(to, from);
		}
	},
);

// From 7.2 on a node tells the others whom it has been told to forget, so that all of them do.
it.skipIf(realRedisVersion === undefined || Number.parseFloat(realRedisVersion) >= 7.2)(
	'does not believe a node that is cut off, and does not know all others',
	async () => {
		const [forgotten, cutOff] = [nodes[0] as RedisProcess, nodes[1] as RedisProcess];
		await ask(cutOff, 'config', 'set', 'cluster-require-full-coverage', 'yes');
		await ask(cutOff, 'cluster', 'forget', String(await ask(forgotten, 'cluster', 'myid')));
		await until(
			async () => /cluster_state:fail/.test(String(await ask(cutOff, 'cluster', 'info'))),
			'the node says that its cluster is down',
		);
		// At first there is no other node to ask.
		const other = createPool({url: `redis+cluster://127.0.0.1:${cutOff.port}`, lanes: 1, deadlineMs: 1000});
		try {
			await until(() => other.nodes.length === 3, 'a node that knows all others was asked');
			const counts = new Set<number>();
			other.onNodes(() => counts.add(other.nodes.length));
			const key = keys.find((candidate) => other.nodeOf(candidate)?.address.endsWith(`:${cutOff.port}`)) ?? '';
			const asksFor = async () =>
				/cmdstat_cluster\|slots:calls=(\d+)/.exec(String(await ask(nodes[2], 'info', 'commandstats')))?.[1];
			const before = Number(await asksFor());
			await until(async () => {
				// Each refusal makes the pool ask for the nodes again.
				await other
					.laneOf(key)
					.send('get', [key])
					.catch(() => {});
				return Number(await asksFor()) > before + 15;
			}, 'nodes were asked many times');
			expect([...counts]).toEqual([]);
		} finally {
			await other.close();
		}
	},
);
