import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {ConnectionLostError, DeadlineError, NotConnectedError, RedisCacheError} from '../../source/pool/errors.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {Lane, LaneEvent, Pool} from '../../source/pool/types.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {errorAtOnce, errorOf, errorWithin} from '../support/call-errors.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let redis: RedisProcess;
let proxy: FaultProxy;
const pools: Pool[] = [];

const open = (options: PoolOptions = {}): Pool => {
	const pool = createPool({url: `redis://${proxy.host}:${proxy.port}`, lanes: 1, ...options});
	pools.push(pool);
	return pool;
};

const laneOf = (pool: Pool): Lane => pool.laneOf('any');

beforeAll(async () => {
	redis = await startRedisProcess();
});

beforeEach(async () => {
	proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
});

afterEach(async () => {
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
	await proxy.close();
});

afterAll(() => redis.close());

describe('in a black hole', () => {
	it('settles every send by its deadline, and replaces the socket when it is silent for another', async () => {
		const pool = open({deadlineMs: 100, missedDeadlines: 3});
		const events: LaneEvent['type'][] = [];
		pool.onLane(({type}) => events.push(type));
		await pool.ready(30_000);
		proxy.add({kind: 'blackhole'});
		const begin = performance.now();
		const sent = Array.from({length: 50}, () => errorWithin(150, laneOf(pool).send('get', ['a'])));
		await Promise.race(sent);
		expect(performance.now() - begin).toBeGreaterThan(99);
		for (const error of await Promise.all(sent)) expect(error).toBeInstanceOf(DeadlineError);
		expect(events, 'one silence, however many commands it holds up').toEqual(['ready']);
		await until(() => events.includes('reset'), 'the socket is given up');
		expect(pool.snapshot().lanes[0]).toMatchObject({timeouts: 50, failures: 0, inFlight: 0});
		expect(await errorAtOnce(laneOf(pool).send('get', ['a']))).toBeInstanceOf(NotConnectedError);
		proxy.heal();
		await until(() => laneOf(pool).state === 'ready', 'ready after healing');
	});

	it('keeps the socket as long as some replies come', async () => {
		const pool = open({deadlineMs: 150, missedDeadlines: 3});
		const events: LaneEvent['type'][] = [];
		const other = open();
		await Promise.all([pool.ready(30_000), other.ready(30_000)]);
		pool.onLane(({type}) => events.push(type));
		// Each BLPOP blocks the lane and misses its deadline; the PING after it is answered in time.
		for (let round = 0; round < 4; round++) {
			const blocked = laneOf(pool).send('blpop', ['queue', 0], {deadlineMs: 50});
			await expect(blocked).rejects.toBeInstanceOf(DeadlineError);
			const answered = laneOf(pool).send('ping', [], {deadlineMs: 30_000});
			await other.laneOf('queue').send('rpush', ['queue', 'an item'], {deadlineMs: 30_000});
			await answered;
		}
		expect(events).toEqual([]);
		expect(pool.snapshot().lanes[0]).toMatchObject({timeouts: 4, reconnects: 0});
	});

	it('counts deadlines missed in a row', async () => {
		const pool = open({deadlineMs: 50, missedDeadlines: 3});
		const events: LaneEvent['type'][] = [];
		await pool.ready(30_000);
		pool.onLane(({type}) => events.push(type));
		proxy.add({kind: 'blackhole'});
		await errorOf(laneOf(pool).send('get', ['a']));
		await errorOf(laneOf(pool).send('get', ['a']));
		expect(events).toEqual([]);
		await errorOf(laneOf(pool).send('get', ['a']));
		expect(events).toEqual(['reset']);
	});

	it('counts missed deadlines of abandoned commands, so that they cannot fill a lane for ever', async () => {
		const pool = open({deadlineMs: 50, missedDeadlines: 3, capacity: 5});
		await pool.ready(30_000);
		proxy.add({kind: 'blackhole'});
		const sent = Array.from({length: 5}, () => laneOf(pool).send('get', ['a']));
		laneOf(pool).abandon(new Error('given up'));
		await Promise.allSettled(sent);
		expect(laneOf(pool).inFlight).toBe(5);
		await until(() => laneOf(pool).inFlight === 0, 'the socket is given up');
	});
});

describe('when the connection is reset', () => {
	it('rejects everything in flight at once', async () => {
		const pool = open({deadlineMs: 600_000});
		await pool.ready(30_000);
		proxy.add({kind: 'stall'});
		const sent = Array.from({length: 20}, () => errorOf(laneOf(pool).send('get', ['a'])));
		await until(() => proxy.bytes().up > 450, 'the commands have left');
		proxy.add({kind: 'reset'});
		for (const error of await Promise.all(sent)) {
			expect(error).toBeInstanceOf(ConnectionLostError);
			expect((error as Error).message).toContain('GET');
			expect((error as Error).message).not.toContain('\n');
		}
		expect(pool.snapshot().lanes[0]).toMatchObject({failures: 20, timeouts: 0});
	});

	it('rejects sends at once with the reason while the port refuses, and recovers after that', async () => {
		const pool = open();
		await pool.ready(30_000);
		proxy.add({kind: 'refuse'});
		await until(() => laneOf(pool).state === 'waiting', 'the refusal is noticed');
		await until(async () => /ECONNREFUSED/.test(String(await errorOf(laneOf(pool).send('get', ['a'])))), 'it says why');
		expect(await errorAtOnce(laneOf(pool).send('get', ['a']))).toBeInstanceOf(NotConnectedError);
		await expect(pool.ready(50)).rejects.toMatchObject({
			code: 'ERR_NOT_CONNECTED',
			message: expect.stringMatching(/within 50 ms: .*ECONNREFUSED/) as string,
		});
		proxy.heal();
		await pool.ready(30_000);
		expect(String(await laneOf(pool).send('ping', []))).toBe('PONG');
	});

	it('reconnects many times without accumulating listeners, timers or connections', async () => {
		const pool = open({lanes: 4, reconnect: {minMs: 5, maxMs: 10}});
		await pool.ready(30_000);
		const count = (): number => process.getActiveResourcesInfo().length;
		const before = count();
		const warnings: Error[] = [];
		const onWarning = (warning: Error): void => void warnings.push(warning);
		process.on('warning', onWarning);
		for (let round = 0; round < 25; round++) {
			for (const lane of pool.lanes) lane.reset('for the test');
			await pool.ready(30_000);
		}
		process.off('warning', onWarning);
		expect(warnings).toEqual([]);
		await until(() => count() <= before + 2, 'nothing of past connections is left');
		await until(() => proxy.connections() === 4, 'one connection for each lane');
		expect(pool.snapshot().lanes.map(({reconnects}) => reconnects)).toEqual([25, 25, 25, 25]);
	});
});

describe('with a stopped server', () => {
	it('misses deadlines, and gets replies again when the server continues', async () => {
		const pool = open({deadlineMs: 100});
		await pool.ready(30_000);
		redis.pause();
		try {
			expect(await errorWithin(150, laneOf(pool).send('get', ['a']))).toBeInstanceOf(DeadlineError);
		} finally {
			redis.resume();
		}
		await until(async () => (await errorOf(laneOf(pool).send('get', ['a']))) === undefined, 'it answers again');
	});
});

describe('when the handshake hangs', () => {
	let silent: Server;
	let port: number;
	const sockets = new Set<Socket>();

	beforeEach(async () => {
		silent = createServer((socket) => {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.on('close', () => sockets.delete(socket));
			socket.resume();
		});
		await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
		const address = silent.address();
		port = typeof address === 'object' && address !== null ? address.port : 0;
	});

	afterEach(async () => {
		for (const socket of sockets) socket.destroy();
		await new Promise((resolve) => silent.close(resolve));
	});

	it.each(['redis', 'rediss'])('aborts the attempt after connectMs and tries again, over %s', async (scheme) => {
		const pool = open({url: `${scheme}://127.0.0.1:${port}`, connectMs: 80, reconnect: {minMs: 10, maxMs: 20}});
		let seen = 0;
		silent.on('connection', () => seen++);
		await until(() => seen >= 3, 'three attempts');
		await until(() => sockets.size <= 2, 'the sockets of earlier attempts are closed');
		await until(
			async () => /handshake within 80 ms/.test(String(await errorOf(pool.ready(10)))),
			'it says why, once an attempt got as far as the handshake',
		);
		expect(await errorAtOnce(laneOf(pool).send('get', ['a']))).toBeInstanceOf(NotConnectedError);
	});

	it('does not count the time in which this process is blocked', async () => {
		let seen = 0;
		silent.on('connection', (socket) => {
			seen++;
			const onward = connect(redis.port, redis.host).on('error', () => {});
			socket.pipe(onward).pipe(socket);
		});
		const pool = open({url: `redis://127.0.0.1:${port}`, connectMs: 300});
		// The socket exists after a few microtasks, and is connected before anybody is told.
		for (let count = 0; count < 20; count++) await Promise.resolve();
		const end = performance.now() + 900;
		while (performance.now() < end);
		await pool.ready(30_000);
		expect(seen).toBe(1);
	});

	it('rejects a server with another protocol', async () => {
		silent.on('connection', (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
		const pool = open({url: `redis://127.0.0.1:${port}`, connectMs: 100});
		const error = await errorOf(pool.ready(400));
		expect(error).toBeInstanceOf(NotConnectedError);
		expect(String(error)).toMatch(/: what answers there does not speak the Redis protocol$/);
	});
});

it('rejects only with its own errors while the connection flaps', async () => {
	const pool = open({lanes: 4, deadlineMs: 100, reconnect: {minMs: 5, maxMs: 20}});
	await pool.ready(30_000);
	const flaky = proxy.add({kind: 'flaky', probability: 0.5, everyMs: 20});
	let settled = 0;
	let good = 0;
	const end = performance.now() + 1500;
	const callers = Array.from({length: 32}, async (_, caller) => {
		for (let call = 0; performance.now() < end; call++) {
			const key = `${caller}:${call}`;
			try {
				const reply = await pool.laneOf(key).send('echo', [key]);
				expect(String(reply)).toBe(key);
				good++;
			} catch (error) {
				expect(error).toBeInstanceOf(RedisCacheError);
				await new Promise((resolve) => setTimeout(resolve, 2));
			}
			settled++;
		}
	});
	await Promise.all(callers);
	expect(good).toBeGreaterThan(0);
	expect(settled).toBeGreaterThan(good);
	proxy.lift(flaky.id);
	await pool.ready(30_000);
});

it('a reply that this process fails to handle costs the connection, and the server is not blamed for it', async () => {
	const pool = open();
	const reasons: (string | undefined)[] = [];
	pool.onLane((event) => event.type === 'lost' && reasons.push(event.reason));
	await pool.ready(30_000);
	const failing = {
		onReply: () => {
			throw new TypeError('the receiver has a fault');
		},
		onError: () => {},
	};
	laneOf(pool).sendFor(failing, 'PING', []);
	const error = await errorOf(laneOf(pool).send('BLPOP', ['nothing', 0], {deadlineMs: 30_000}));
	expect(error).toBeInstanceOf(ConnectionLostError);
	expect(error).toHaveProperty('cause', expect.any(TypeError));
	expect(reasons[0]).toContain('this process failed to handle a reply: the receiver has a fault');
	await pool.close();
});

describe('a server that does not keep to the protocol', () => {
	/** Answers what belongs to a handshake, then PING with `reply`. */
	const misbehaving = (reply: string): Promise<Server> =>
		new Promise((resolve) => {
			const server = createServer((socket) => {
				socket.on('error', () => {});
				socket.on('data', (data) => {
					for (const [, name] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g))
						socket.write(name?.toLowerCase() === 'ping' ? reply : name === 'hello' ? '*0\r\n' : '+OK\r\n');
				});
			}).listen(0, '127.0.0.1', () => resolve(server));
		});

	it.each([
		['bytes that are no reply', 'HTTP/1.1 400 Bad Request\r\n\r\n', /no reply/],
		['a length that would have the parser read the same bytes for ever', '+ABCDEFG\r\n$ \r\n', /no reply/],
		['a reply to no command', '+PONG\r\n+PONG\r\n', /a reply to no command/],
	])('loses its connection: %s', async (_, reply, why) => {
		const server = await misbehaving(reply);
		const {port} = server.address() as AddressInfo;
		const pool = open({url: `redis://127.0.0.1:${port}`, reconnect: {minMs: 60_000, maxMs: 60_000}});
		const reasons: (string | undefined)[] = [];
		pool.onLane((event) => event.type === 'lost' && reasons.push(event.reason));
		await pool.ready(30_000);
		await laneOf(pool)
			.send('ping', [])
			.catch(() => {});
		await until(() => reasons.length > 0, 'the connection is lost');
		expect(reasons[0]).toMatch(why);
		await pool.close();
		server.close();
	});
});
