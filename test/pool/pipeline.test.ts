import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {
	ConnectionLostError,
	DeadlineError,
	NotConnectedError,
	OverloadError,
	ServerError,
} from '../../source/pool/errors.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {Lane, Pool} from '../../source/pool/types.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let redis: RedisProcess;
const pools: Pool[] = [];

const open = async (options: PoolOptions = {}): Promise<{pool: Pool; lane: Lane}> => {
	const pool = createPool({url: redis.url, lanes: 1, deadlineMs: 5000, ...options});
	pools.push(pool);
	await pool.ready(30_000);
	return {pool, lane: pool.laneOf('a')};
};

beforeAll(async () => {
	redis = await startRedisProcess();
});

afterEach(async () => {
	await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

afterAll(() => redis.close());

describe('commands that are sent as one unit', () => {
	it('are executed in their order, and each has its reply or its error', async () => {
		const {pool, lane} = await open();
		await lane.send('SET', ['text', 'x']);
		const first = lane.sendEach('RPUSH', [
			['list', 'a'],
			['text', 'b'],
			['list', Buffer.from([0, 255])],
			['list', 'ü', 7],
		]);
		const then = lane.send('LRANGE', ['list', 0, -1]);
		const replies = await first;
		expect(replies).toEqual([1, expect.any(ServerError), 2, 4]);
		expect(replies[1]).toMatchObject({prefix: 'WRONGTYPE'});
		expect(await then).toEqual([Buffer.from('a'), Buffer.from([0, 255]), Buffer.from('ü'), Buffer.from('7')]);
		expect(lane.inFlight).toBe(0);
		expect(pool.snapshot().lanes[0]).toMatchObject({failures: 1});
		expect(pool.errorReplies.kinds.get('WRONGTYPE')).toBe(1);
		expect(await lane.sendEach('GET', [])).toEqual([]);
	});

	it('count one by one: for the capacity of a lane and for its figures', async () => {
		const {pool, lane} = await open({capacity: 10});
		const before = pool.snapshot().lanes[0]?.commands ?? 0;
		const keys = (count: number) => Array.from({length: count}, (_, index) => [`k${index}`]);
		const fits = lane.sendEach('GET', keys(7));
		expect(lane.inFlight).toBe(7);
		const tooMany = await lane.sendEach('GET', keys(4));
		expect(tooMany).toHaveLength(4);
		for (const error of tooMany) expect(error).toBeInstanceOf(OverloadError);
		expect(await fits).toEqual(Array.from({length: 7}, () => null));
		expect(pool.snapshot().lanes[0]).toMatchObject({commands: before + 7, inFlight: 0});
	});

	it('keep the replies that have come in time, if the others miss the deadline', async () => {
		const {pool, lane} = await open();
		const other = await pool.acquire();
		await lane.send('DEL', ['queue']);
		const replies = lane.sendEach(
			'BLPOP',
			[
				['empty', '0.01'],
				['queue', 0],
				['empty', '0.01'],
			],
			{deadlineMs: 150},
		);
		expect(await replies).toEqual([null, expect.any(DeadlineError), expect.any(DeadlineError)]);
		expect(pool.snapshot().lanes[0]).toMatchObject({timeouts: 2});
		// The reply is still due, and goes to nobody else.
		const next = lane.send('ECHO', ['next']);
		await other.send('RPUSH', ['queue', 'late']);
		expect(await next).toEqual(Buffer.from('next'));
		expect(lane.inFlight).toBe(0);
		other.release();
	});

	it('all fail when the connection is lost, and when there is none', async () => {
		const {pool, lane} = await open({reconnect: {minMs: 1000, maxMs: 1000}});
		const replies = lane.sendEach('BLPOP', [
			['empty', 0],
			['empty', 0],
		]);
		await until(() => lane.inFlight === 2, 'they are in flight');
		lane.reset('test');
		expect(await replies).toEqual([expect.any(ConnectionLostError), expect.any(ConnectionLostError)]);
		expect(pool.snapshot().lanes[0]).toMatchObject({failures: 2});
		expect(lane.inFlight).toBe(0);
		expect(await lane.sendEach('GET', [['a']])).toEqual([expect.any(NotConnectedError)]);
		await pool.ready(30_000);
		expect(await lane.sendEach('ECHO', [['a'], ['b']])).toEqual([Buffer.from('a'), Buffer.from('b')]);
	});
});
