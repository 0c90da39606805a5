import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, vi} from 'vitest';
import type {PoolSnapshot} from '../../source/metrics/pool-snapshot.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {itReal} from '../support/real-redis.js';
import {freePort, type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {startTap} from '../support/tap.js';
import {until} from '../support/until.js';

const servers: RedisProcess[] = [];
let master: RedisProcess;
let replica: RedisProcess;
let sentinels: RedisProcess[];
let url: string;

const keep = async (starting: Promise<RedisProcess>): Promise<RedisProcess> => {
	const server = await starting;
	servers.push(server);
	return server;
};

const startSentinel = async (port: number, ...more: readonly string[]): Promise<RedisProcess> => {
	const lines = [
		`sentinel monitor main 127.0.0.1 ${port} 2`,
		'sentinel down-after-milliseconds main 1000',
		'sentinel failover-timeout main 5000',
		...more,
	];
	return keep(
		startRedisProcess({
			port: await freePort(),
			sentinel: true,
			prepare: (directory) => writeFile(join(directory, 'sentinel.conf'), `${lines.join('\n')}\n`),
		}),
	);
};

/** Sends one command over a separate pool. */
const ask = async (server: RedisProcess, command: string, ...args: readonly string[]): Promise<unknown> => {
	const pool = createPool({url: server.url, lanes: 1, deadlineMs: 2000});
	try {
		await pool.ready(30_000);
		return await pool.lanes[0]?.send(command, args);
	} finally {
		await pool.close();
	}
};

const fieldsOf = (reply: unknown): Readonly<Record<string, string>> => {
	const flat = (reply as Buffer[]).map(String);
	return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : [])));
};

beforeAll(async () => {
	master = await keep(startRedisProcess());
	replica = await keep(startRedisProcess({args: ['--replicaof', '127.0.0.1', String(master.port)]}));
	sentinels = await Promise.all([0, 1, 2].map(() => startSentinel(master.port)));
	url = `redis+sentinel://${sentinels.map(({port}) => `127.0.0.1:${port}`).join(',')}/main/0`;
	await until(
		async () => {
			for (const sentinel of sentinels) {
				const fields = fieldsOf(await ask(sentinel, 'sentinel', 'master', 'main'));
				if (fields['num-slaves'] !== '1' || fields['num-other-sentinels'] !== '2') return false;
			}
			return true;
		},
		'the sentinels know each other and the replica',
		{everyMs: 200},
	);
});

afterAll(() => Promise.all(servers.map((server) => server.close())));

const portOf = async (pool: Pool): Promise<number> =>
	Number(/tcp_port:(\d+)/.exec(String(await pool.lanes[0]?.send('info', ['server'])))?.[1]);

itReal('with new credentials every connection to the master logs in, and traffic loses no call', async () => {
	for (const user of ['ann', 'bob']) await ask(master, 'acl', 'setuser', user, 'on', '>pass', '~*', '&*', '+@all');
	let username = 'ann';
	const pool = createPool({
		url,
		lanes: 2,
		deadlineMs: 3000,
		clientName: 'rotating',
		credentials: () => ({username, password: 'pass', expiresAt: Date.now() + 300}),
	});
	const users = async () => {
		const list = String(await ask(master, 'client', 'list'));
		return [...list.matchAll(/ name=rotating .* user=(\S+)/g)].map(([, user]) => user);
	};
	try {
		await pool.ready(30_000);
		const states: string[] = [];
		pool.subscriber({
			onReady: () => states.push('ready'),
			onLost: () => states.push('lost'),
			onInvalidate: () => {},
		});
		await until(() => states.length === 1, 'it is subscribed');
		let isOver = false;
		let calls = 0;
		const traffic = Array.from({length: 8}, async (_, caller) => {
			for (let round = 0; !isOver; round++) {
				const key = `rotating:${caller}`;
				await pool.laneOf(key).send('set', [key, round]);
				expect(Number(await pool.laneOf(key).send('get', [key]))).toBe(round);
				calls++;
			}
		});
		expect(new Set(await users())).toEqual(new Set(['ann']));
		username = 'bob';
		await until(async () => new Set(await users()).has('ann') === false, 'all are bob');
		await ask(master, 'acl', 'deluser', 'ann');
		const before = calls;
		await until(() => calls > before + 40, 'traffic goes on');
		isOver = true;
		await Promise.all(traffic);
		expect(pool.snapshot().lanes.map(({reconnects}) => reconnects)).toEqual([0, 0]);
		expect(states).toEqual(['ready', 'lost', 'ready']);
		expect(await users()).toEqual(['bob', 'bob', 'bob']);
	} finally {
		await pool.close();
		await ask(master, 'acl', 'deluser', 'ann', 'bob');
	}
});

itReal(
	'finds the master, follows a failover within seconds although the old master still answers, and prints nothing',
	async () => {
		const print = vi.spyOn(console, 'error');
		// A user who may not ask for the epoch follows the announcements.
		const rights = ['on', '>pass', '&*', '+@all', '-sentinel|master'];
		for (const sentinel of sentinels) await ask(sentinel, 'acl', 'setuser', 'listener', ...rights);
		const listener = createPool({url: `${url}?sentinelUser=listener&sentinelPassword=pass`, lanes: 1});
		await listener.ready(30_000);
		const pool = createPool({url, lanes: 2});
		await pool.ready(30_000);
		expect(pool.topology).toBe('standalone');
		expect(await portOf(pool)).toBe(master.port);
		await pool.laneOf('k').send('set', ['k', 'v']);
		const checkout = await pool.acquire();
		const begin = performance.now();
		await ask(sentinels[0] as RedisProcess, 'sentinel', 'failover', 'main');
		await until(async () => (await portOf(pool).catch(() => 0)) === replica.port, 'the lanes are with the new master');
		const ms = performance.now() - begin;
		expect(ms).toBeLessThan(6000);
		const hasFollowed = async () => (await portOf(listener).catch(() => 0)) === replica.port;
		await until(hasFollowed, 'the one that listens has followed');
		await listener.close();
		await pool.ready(30_000);
		await pool.laneOf('k').send('set', ['k', 'after']);
		await expect(checkout.send('ping', [])).rejects.toMatchObject({code: 'ERR_CLOSED'});
		// The pool works without one of the sentinels.
		await sentinels[2]?.kill();
		await pool.laneOf('k').send('get', ['k']);
		await pool.close();
		expect(print).not.toHaveBeenCalled();
		print.mockRestore();
	},
);

itReal(
	'learns of a failover that was announced while the sentinels were out of reach, and believes none that is behind',
	async () => {
		const [before, after] = [replica, master];
		// It hears nothing of the others, and so names the old master for ever.
		const deaf = ['on', '>pass', '~*', '+@all', '-replicaof', '-slaveof'];
		for (const server of [before, after]) await ask(server, 'acl', 'setuser', 'deaf', 'resetchannels', ...deaf);
		const login = ['sentinel auth-user main deaf', 'sentinel auth-pass main pass'];
		const behind = await startSentinel(before.port, ...login);
		const taps = await Promise.all(sentinels.slice(0, 2).map((sentinel) => startTap(sentinel)));
		const hosts = [`127.0.0.1:${behind.port}`, ...taps.map((tap) => tap.url.replace('redis://', ''))];
		const pool = createPool({url: `redis+sentinel://${hosts.join(',')}/main`, lanes: 2});
		try {
			await pool.ready(30_000);
			expect(await portOf(pool)).toBe(before.port);
			// The old master obeys no sentinel, and answers as a master for ever.
			await ask(before, 'acl', 'setuser', 'default', '-replicaof', '-slaveof');
			for (const tap of taps) {
				tap.closed = true;
				tap.cutAll();
			}
			const failover = () => ask(sentinels[0] as RedisProcess, 'sentinel', 'failover', 'main');
			// The replica of the last failover is a good one only after some time.
			await until(() => failover().then(Boolean, () => false), 'a failover can be made');
			const named = (sentinel: RedisProcess) => ask(sentinel, 'sentinel', 'get-master-addr-by-name', 'main');
			const portNamed = async (sentinel: RedisProcess) => Number(((await named(sentinel)) as readonly unknown[])[1]);
			await until(async () => (await portNamed(sentinels[1] as RedisProcess)) === after.port, 'the failover');
			expect(await portNamed(behind)).toBe(before.port);
			expect(await portOf(pool)).toBe(before.port);
			const serversOf = ({lanes}: PoolSnapshot) => lanes.map(({node}) => node);
			expect(serversOf(pool.snapshot())).toEqual(Array.from({length: 2}, () => `127.0.0.1:${before.port}`));
			for (const tap of taps) tap.closed = false;
			await until(async () => (await portOf(pool).catch(() => 0)) === after.port, 'the lanes are with the new master');
			await pool.resize(4);
			await pool.ready(30_000);
			for (const lane of pool.lanes)
				expect(String(await lane.send('info', ['server']))).toContain(`tcp_port:${after.port}`);
			expect(serversOf(pool.snapshot())).toEqual(Array.from({length: 4}, () => `127.0.0.1:${after.port}`));
		} finally {
			await pool.close();
			await ask(before, 'acl', 'setuser', 'default', '+replicaof', '+slaveof');
		}
	},
);

itReal('reports that no sentinel answers', async () => {
	const port = await freePort();
	const pool = createPool({url: `redis+sentinel://127.0.0.1:${port}/main`, lanes: 1});
	await expect(pool.ready(800)).rejects.toMatchObject({
		message: expect.stringMatching(/no sentinel could tell where the master is/) as string,
	});
	await pool.close();
});

itReal('reports that the sentinels do not know the master', async () => {
	const pool = createPool({url: `redis+sentinel://127.0.0.1:${sentinels[0]?.port}/nobody`, lanes: 1});
	await expect(pool.ready(800)).rejects.toMatchObject({
		message: expect.stringMatching(/No such master|check its name in the URL/) as string,
	});
	await pool.close();
});
