import {Redis} from 'ioredis';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {startTap, type Tap} from '../../../source/tap/tap.js';
import {type RedisProcess, startRedisProcess} from '../../support/redis-process.js';
import {until} from '../../support/until.js';

let server: RedisProcess;
beforeAll(async () => {
	server = await startRedisProcess();
});
afterAll(() => server.close());

const tapped = async (): Promise<{readonly tap: Tap; connect(): Redis}> => {
	const tap = await startTap({target: server, listen: {host: '127.0.0.1', port: 0}});
	const clients: Redis[] = [];
	onTestFinished(async () => {
		for (const client of clients) client.disconnect();
		await tap.close();
	});
	return {
		tap,
		connect() {
			const client = new Redis({host: tap.proxy.host, port: tap.proxy.port});
			client.on('error', () => {});
			clients.push(client);
			return client;
		},
	};
};

const idsOf = (tap: Tap): readonly string[] => tap.snapshot().findings.map(({id}) => id);

it('finds what is wrong with a naive application', async () => {
	const {tap, connect} = await tapped();
	const [client, other, ...more] = Array.from({length: 8}, () => connect());
	if (client === undefined || other === undefined) throw new Error('no clients');
	const cached = async (on: Redis, key: string): Promise<void> => {
		if ((await on.get(key)) === null) await on.set(key, 'a secret value');
	};
	// The front page is loaded by everybody.
	await Promise.all([client, other, ...more].map((one) => one.get('page:1')));
	await Promise.all([client, other, ...more].map((one) => one.set('page:1', 'a secret value')));
	// Users are loaded one after the other, and stay for ever.
	for (let user = 0; user < 60; user++) await cached(client, `user:${user}`);
	// Reading them one after the other is a loop, unless a busy machine takes its time for each.
	await until(async () => {
		for (let user = 0; user < 60; user++) await client.get(`user:${user}`);
		return idsOf(tap).includes('round-trips');
	}, 'the loop found');
	// Another process deletes a user who is being loaded.
	await client.get('user:99');
	await other.del('user:99');
	await client.set('user:99', 'a secret value');
	// A page lists all keys, and opens a connection each time.
	for (let page = 0; page < 22; page++) {
		const own = connect();
		await own.get('page:1');
		await own.quit();
	}
	await client.keys('user:*');
	await client.set('report:1', 'x'.repeat(1_500_000));
	await client.get('report:1');
	await until(() => idsOf(tap).includes('connection-churn'), 'the churn of connections found');
	expect(idsOf(tap)).toEqual(
		expect.arrayContaining(['stampede', 'stale-fill', 'no-ttl', 'blocking-command', 'big-value']),
	);
	expect(JSON.stringify(tap.snapshot().findings)).not.toContain('secret');
});

it('finds nothing wrong with a sound one', async () => {
	const {tap, connect} = await tapped();
	const [client, worker, subscriber] = [connect(), connect(), connect()];
	const ttl = (): number => 240 + Math.floor(Math.random() * 120);
	const cached = async (key: string): Promise<void> => {
		if ((await client.get(key)) === null) await client.set(key, 'value', 'EX', ttl());
	};
	const job = worker.brpop('queue', 1);
	await subscriber.subscribe('news');
	const request = async (number: number): Promise<void> => {
		await client
			.multi()
			.incr(`rate:${number % 5}`)
			.expire(`rate:${number % 5}`, 60)
			.exec();
		await client.set(`session:${number}`, 'state', 'EX', 1800);
		await Promise.all([cached(`sound:${number % 40}`), cached(`item:${number % 30}`)]);
		await client.mget('item:1', 'item:2', 'item:3');
		if ((await client.set(`lock:${number % 3}`, 'me', 'PX', 1000, 'NX')) === 'OK')
			await client.eval('return redis.call("del", KEYS[1])', 1, `lock:${number % 3}`);
		if (number % 9 === 0) await client.del(`sound:${number % 40}`);
	};
	for (let number = 0; number < 300; number += 10)
		await Promise.all(Array.from({length: 10}, (_, at) => request(number + at)));
	await client.lpush('queue', 'job');
	await job;
	expect(tap.snapshot().commands.total).toBeGreaterThan(1500);
	expect(tap.snapshot().findings).toEqual([]);
});
