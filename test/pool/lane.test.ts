import {inspect} from 'node:util';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {DeadlineError, NotConnectedError, OverloadError, ServerError} from '../../source/pool/errors.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {LaneEvent, Pool} from '../../source/pool/types.js';
import {blockLoop} from '../support/block-loop.js';
import {errorWithin} from '../support/call-errors.js';
import {realRedisVersion} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {patienceMs, until} from '../support/until.js';

let redis: RedisProcess;
const pools: Pool[] = [];

const open = async (options: PoolOptions = {}): Promise<Pool> => {
	const pool = createPool({url: redis.url, deadlineMs: patienceMs, ...options});
	pools.push(pool);
	await pool.ready(patienceMs);
	return pool;
};

beforeAll(async () => {
	redis = await startRedisProcess(realRedisVersion === undefined ? {} : {args: ['--enable-debug-command', 'local']});
});

afterEach(async () => {
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

afterAll(() => redis.close());

describe('a lane', () => {
	it('resolves with buffers, null and numbers, as Redis sent them', async () => {
		const pool = await open();
		const lane = pool.laneOf('a');
		expect(await lane.send('set', ['a', Buffer.from([0, 255])])).toEqual(Buffer.from('OK'));
		expect(await lane.send('GET', ['a'])).toEqual(Buffer.from([0, 255]));
		expect(await lane.send('mget', ['a', 'absent'])).toEqual([Buffer.from([0, 255]), null]);
		expect(await lane.send('incrby', ['n', 5])).toBe(5);
		await lane.send('hset', ['h', 'field', 'value']);
		expect(await lane.send('hgetall', ['h'])).toEqual([Buffer.from('field'), Buffer.from('value')]);
		expect(await lane.send('set', ['', ''])).toEqual(Buffer.from('OK'));
		expect(await lane.send('get', [''])).toEqual(Buffer.alloc(0));
	});

	it('is always the same for a key', async () => {
		const pool = await open({lanes: 8});
		for (const key of ['a', 'b', 'some:key', '']) expect(pool.laneOf(key)).toBe(pool.laneOf(key));
	});

	it('executes the commands of one key in the order they were sent', async () => {
		const pool = await open();
		const lane = pool.laneOf('list');
		await Promise.all(Array.from({length: 500}, (_, index) => lane.send('rpush', ['list', index])));
		const items = (await lane.send('lrange', ['list', 0, -1])) as Buffer[];
		expect(items.map(Number)).toEqual(Array.from({length: 500}, (_, index) => index));
	});

	it.each([
		['bug', 'WRONGTYPE', 'lpush', ['string', 'x']],
		['bug', 'ERR', 'nonsense', []],
		['bug', 'NOSCRIPT', 'evalsha', ['0'.repeat(40), 0]],
		['unavailable', 'LOADING', 'eval', ["return redis.error_reply('LOADING Redis is loading')", 0]],
		['unavailable', 'READONLY', 'eval', ["return redis.error_reply('READONLY You can not write')", 0]],
		['unavailable', 'CLUSTERDOWN', 'eval', ["return redis.error_reply('CLUSTERDOWN The cluster is down')", 0]],
		['full', 'OOM', 'eval', ["return redis.error_reply('OOM command not allowed')", 0]],
		['denied', 'NOPERM', 'eval', ["return redis.error_reply('NOPERM no permissions')", 0]],
	] as const)('rejects with a ServerError of kind %s for %s', async (kind, prefix, command, args) => {
		const pool = await open();
		const lane = pool.laneOf('string');
		await lane.send('set', ['string', 'x']);
		const error = await lane.send(command, args).catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(ServerError);
		expect(error).toMatchObject({kind, prefix, code: `ERR_SERVER_${prefix}`});
	});

	it('keeps arguments out of errors, since they may be secrets', async () => {
		const pool = await open();
		const error = await pool
			.laneOf('a')
			.send('auth', ['nobody', 'hunter2'])
			.catch((reason: unknown) => reason);
		expect(error).toMatchObject({kind: 'denied', prefix: 'WRONGPASS'});
		expect(inspect(error, {depth: 10, showHidden: true})).not.toContain('hunter2');
	});

	it('refuses commands over its capacity without sending them, and accepts more once replies are in', async () => {
		const pool = await open({lanes: 1, capacity: 10});
		const lane = pool.laneOf('n');
		const results = await Promise.allSettled(Array.from({length: 25}, () => lane.send('incr', ['shed'])));
		expect(results.filter(({status}) => status === 'fulfilled')).toHaveLength(10);
		for (const result of results.slice(10)) expect(result).toMatchObject({reason: expect.any(OverloadError) as Error});
		expect(await lane.send('get', ['shed'])).toEqual(Buffer.from('10'));
		expect(lane.inFlight).toBe(0);
	});

	it('neither refuses upkeep over its capacity nor counts it', async () => {
		const pool = await open({lanes: 1, capacity: 2});
		const lane = pool.laneOf('n');
		const upkeep = () => Promise.all(Array.from({length: 5}, () => lane.send('ping', [], {isUpkeep: true})));
		const first = upkeep();
		const replies = [lane.send('echo', ['a']), lane.send('echo', ['b'])];
		const refused = lane.send('echo', ['c']).catch((error: unknown) => error);
		const second = upkeep();
		expect(lane.inFlight).toBe(12);
		expect(pool.snapshot().utilisation).toBe(1);
		expect((await Promise.all(replies)).map(String)).toEqual(['a', 'b']);
		expect(await refused).toBeInstanceOf(OverloadError);
		expect([...(await first), ...(await second)].map(String)).toEqual(Array.from({length: 10}, () => 'PONG'));
		expect(lane.inFlight).toBe(0);
		expect(await lane.send('echo', ['d'])).toEqual(Buffer.from('d'));
	});

	it('has all of its room again after its connection was lost with upkeep in flight', async () => {
		const pool = await open({lanes: 1, capacity: 2});
		const lane = pool.laneOf('n');
		const upkeep = Promise.allSettled(Array.from({length: 5}, () => lane.send('ping', [], {isUpkeep: true})));
		lane.reset('the test does it');
		expect((await upkeep).map(({status}) => status)).toEqual(Array.from({length: 5}, () => 'rejected'));
		await pool.ready(30_000);
		const results = await Promise.allSettled(Array.from({length: 3}, () => lane.send('ping', [])));
		expect(results.map(({status}) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
	});

	it('prefers the deadline of the call over that of the pool', async () => {
		const pool = await open({deadlineMs: 5000, missedDeadlines: 100});
		const error = await errorWithin(250, pool.laneOf('x').send('debug', ['sleep', '0.3'], {deadlineMs: 50}));
		expect(error).toBeInstanceOf(DeadlineError);
		expect(error).toMatchObject({command: 'DEBUG', deadlineMs: 50});
		// The late reply is dropped: the next call gets its own.
		expect(await pool.laneOf('x').send('echo', ['mine'])).toEqual(Buffer.from('mine'));
	});

	it('checks deadlines only after it has read the socket when the event loop was blocked', async () => {
		const pool = await open({deadlineMs: 50});
		const lane = pool.laneOf('a');
		const reply = lane.send('echo', ['there']);
		await new Promise((resolve) => setTimeout(resolve, 1));
		blockLoop(200);
		expect(await reply).toEqual(Buffer.from('there'));
		const late = lane.send('echo', ['written after the block']);
		blockLoop(200);
		expect(await late).toEqual(Buffer.from('written after the block'));
		expect(pool.snapshot().lanes.every(({timeouts}) => timeouts === 0)).toBe(true);
	});

	it('settles everything in flight when it is abandoned, and drops the replies', async () => {
		const pool = await open({lanes: 1});
		const lane = pool.laneOf('x');
		const reason = new Error('given up');
		const sent = [lane.send('echo', ['1']), lane.send('echo', ['2'])];
		lane.abandon(reason);
		expect(await Promise.allSettled(sent)).toEqual([
			{status: 'rejected', reason},
			{status: 'rejected', reason},
		]);
		expect(await lane.send('echo', ['3'])).toEqual(Buffer.from('3'));
	});

	it('reconnects after a reset, with an event for each step', async () => {
		const pool = await open({lanes: 1});
		const events: LaneEvent['type'][] = [];
		pool.onLane(({type}) => events.push(type));
		const lane = pool.laneOf('x');
		const inFlight = lane.send('echo', ['1']);
		lane.reset('for the test');
		await expect(inFlight).rejects.toMatchObject({
			code: 'ERR_CONNECTION_LOST',
			message: expect.stringContaining('for the test') as string,
		});
		await expect(lane.send('echo', ['2'])).rejects.toBeInstanceOf(NotConnectedError);
		await until(() => lane.state === 'ready', 'the lane is ready again');
		expect(events).toEqual(['reset', 'ready']);
		expect(await lane.send('echo', ['3'])).toEqual(Buffer.from('3'));
	});

	it('continues when a listener throws', async () => {
		const pool = await open({lanes: 1});
		const warnings: Error[] = [];
		const onWarning = (warning: Error): void => void warnings.push(warning);
		process.on('warning', onWarning);
		pool.onLane(() => {
			throw new Error('a listener in trouble');
		});
		pool.lanes[0]?.reset('for the test');
		await until(() => pool.lanes[0]?.state === 'ready', 'the lane is ready again');
		await until(() => warnings.some(({message}) => message.includes('in trouble')), 'a warning');
		process.off('warning', onWarning);
	});

	it('counts commands, failures, bytes, rate and latency across reconnects', async () => {
		const pool = await open({lanes: 1});
		const lane = pool.laneOf('x');
		for (let index = 0; index < 20; index++) await lane.send('set', ['x', 'y'.repeat(1000)]);
		await lane.send('lpush', ['x', '1']).catch(() => {});
		const before = pool.snapshot();
		expect(before.lanes[0]).toMatchObject({
			state: 'ready',
			commands: 21,
			failures: 1,
			timeouts: 0,
			reconnects: 0,
			inFlight: 0,
		});
		expect(before.lanes[0]?.bytesWritten).toBeGreaterThan(20_000);
		expect(before.lanes[0]?.latency.count).toBe(20);
		expect(before.lanes[0]?.latency.p50).toBeGreaterThan(0);
		lane.reset('for the test');
		await until(() => lane.state === 'ready', 'the lane is ready again');
		const after = pool.snapshot().lanes[0];
		expect(after).toMatchObject({commands: 21, reconnects: 1});
		expect(after?.bytesWritten).toBeGreaterThan(before.lanes[0]?.bytesWritten ?? 0);
		expect(after?.readySince).toBeGreaterThanOrEqual(before.lanes[0]?.readySince ?? 0);
	});
});

describe('createPool', () => {
	it.each([
		{lanes: 0},
		{lanes: 65},
		{lanes: 1.5},
		{deadlineMs: 0},
		{deadlineMs: Number.NaN},
		{capacity: -1},
		{reconnect: {minMs: 100, maxMs: 50}},
		{checkouts: {max: 0}},
		{checkouts: {min: 9, max: 8}},
		{clientName: 'two words'},
		{url: 'redis://h:99999'},
	])('refuses %j', (options) => {
		expect(() => createPool(options)).toThrow(expect.objectContaining({code: 'ERR_INVALID_ARGUMENT'}) as Error);
	});

	it('shows its URL without credentials, and its name in CLIENT LIST', async () => {
		const pool = await open({url: `redis://default:any@127.0.0.1:${redis.port}/2`, clientName: 'some-name'});
		expect(pool.url).toBe(`redis://***@127.0.0.1:${redis.port}/2`);
		expect(String(await pool.lanes[0]?.send('client', ['info']))).toMatch(/name=some-name .*db=2/);
	});
});
