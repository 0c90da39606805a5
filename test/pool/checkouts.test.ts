import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {
	AcquireTimeoutError,
	ClosedError,
	ConnectionLostError,
	DeadlineError,
	OverloadError,
	ServerError,
} from '../../source/pool/errors.js';
import {loopNow} from '../../source/pool/loop-clock.js';
import type {PoolOptions} from '../../source/pool/pool-options.js';
import type {Checkout, Pool} from '../../source/pool/types.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let redis: RedisProcess;
let proxy: FaultProxy;
const pools: Pool[] = [];

const open = (checkouts: PoolOptions['checkouts'] = {}, options: PoolOptions = {}): Pool => {
	const pool = createPool({url: `redis://${proxy.host}:${proxy.port}`, lanes: 1, checkouts, ...options});
	pools.push(pool);
	return pool;
};

const clientId = async (checkout: Checkout): Promise<number> => Number(await checkout.send('client', ['id']));

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

describe('checkouts', () => {
	it('run a transaction, with the errors of its commands in the reply', async () => {
		const checkout = await open().acquire();
		await checkout.send('watch', ['k']);
		await checkout.send('multi', []);
		expect(String(await checkout.send('set', ['k', 'v']))).toBe('QUEUED');
		await checkout.send('lpush', ['k', 'x']);
		const [ok, error] = (await checkout.send('exec', [])) as unknown[];
		expect(String(ok)).toBe('OK');
		expect(error).toBeInstanceOf(ServerError);
		checkout.release();
	});

	it('are lent again after they were released', async () => {
		const pool = open();
		const first = await pool.acquire();
		const id = await clientId(first);
		first.release();
		const second = await pool.acquire();
		expect(await clientId(second)).toBe(id);
		second.release();
		expect(pool.snapshot().checkouts).toMatchObject({open: 1, busy: 0, acquired: 2});
	});

	it('cannot be used by the borrower who has released them', async () => {
		const pool = open();
		const first = await pool.acquire();
		first.release();
		const second = await pool.acquire();
		await expect(first.send('ping', [])).rejects.toBeInstanceOf(ClosedError);
		first.release();
		first.destroy('again');
		expect(String(await second.send('ping', []))).toBe('PONG');
	});

	it('are lent to waiting callers in order, never more than max at a time', async () => {
		const pool = open({max: 2}, {deadlineMs: 1000});
		const order: number[] = [];
		let busy = 0;
		let most = 0;
		await Promise.all(
			Array.from({length: 20}, async (_, index) => {
				const checkout = await pool.acquire({purpose: `job ${index}`, timeoutMs: 5000});
				order.push(index);
				most = Math.max(most, ++busy);
				await checkout.send('ping', []);
				busy--;
				checkout.release();
			}),
		);
		expect(order).toEqual(Array.from({length: 20}, (_, index) => index));
		expect(most).toBe(2);
		expect(pool.snapshot().checkouts).toMatchObject({acquired: 20, busy: 0, open: 2});
		expect(pool.snapshot().checkouts.wait.count).toBe(20);
	});

	it('show waiting callers with their purpose in the snapshot', async () => {
		const pool = open({max: 1});
		const held = await pool.acquire({purpose: 'scan'});
		const waiting = [pool.acquire({purpose: 'first'}), pool.acquire({purpose: 'second'})];
		const {checkouts} = pool.snapshot();
		expect(checkouts.waiting.map(({purpose}) => purpose)).toEqual(['first', 'second']);
		expect(checkouts.connections).toMatchObject([{state: 'busy', purpose: 'scan'}]);
		held.release();
		for (const next of waiting) (await next).release();
	});

	it('are refused with an OverloadError when maxWaiters callers wait', async () => {
		const pool = open({max: 1, maxWaiters: 1});
		const held = await pool.acquire();
		const waiting = pool.acquire();
		await expect(pool.acquire()).rejects.toBeInstanceOf(OverloadError);
		expect(pool.snapshot().checkouts).toMatchObject({refused: 1});
		held.release();
		(await waiting).release();
	});

	it('time out for a caller that waits too long, which then leaves the queue', async () => {
		const pool = open({max: 1, acquireMs: 60});
		// It has to connect first.
		const held = await pool.acquire({purpose: 'long', timeoutMs: 5000});
		const begin = loopNow();
		await expect(pool.acquire({purpose: 'short'})).rejects.toMatchObject({
			code: 'ERR_ACQUIRE_TIMEOUT',
			message: expect.stringMatching(/"short" within 60 ms: all 1 are in use/) as string,
		});
		expect(loopNow() - begin).toBeLessThan(150);
		const next = pool.acquire({timeoutMs: 2000});
		held.release();
		(await next).release();
		expect(pool.snapshot().checkouts).toMatchObject({acquireTimeouts: 1, waiting: []});
	});

	it('can be aborted by a signal, before and while waiting', async () => {
		const pool = open({max: 1});
		const held = await pool.acquire();
		const reason = new Error('changed my mind');
		await expect(pool.acquire({signal: AbortSignal.abort(reason)})).rejects.toBe(reason);
		const controller = new AbortController();
		const waiting = pool.acquire({signal: controller.signal});
		const behind = pool.acquire();
		controller.abort(reason);
		await expect(waiting).rejects.toBe(reason);
		held.release();
		(await behind).release();
		// Aborting after it was served has no effect.
		const late = new AbortController();
		const checkout = await pool.acquire({signal: late.signal});
		late.abort(reason);
		expect(String(await checkout.send('ping', []))).toBe('PONG');
		checkout.release();
	});

	it.each<[string, (checkout: Checkout) => Promise<unknown>]>([
		['a transaction is open', (checkout) => checkout.send('multi', [])],
		['keys are watched', (checkout) => checkout.send('WATCH', ['k'])],
		['it is subscribed', (checkout) => checkout.send('subscribe', ['news'])],
		['another database is selected', (checkout) => checkout.send('select', ['1'])],
		['tracking is on', (checkout) => checkout.send('client', ['tracking', 'on'])],
		[
			'a command is in flight',
			async (checkout) => {
				checkout.send('blpop', ['nothing', '0'], {deadlineMs: 10_000}).catch(() => {});
				await checkout.send('nonsense', [], {deadlineMs: 10}).catch(() => {});
			},
		],
		[
			'a command was not answered in time',
			async (checkout) => {
				await expect(checkout.send('blpop', ['nothing', '0.1'], {deadlineMs: 20})).rejects.toBeInstanceOf(
					DeadlineError,
				);
			},
		],
	])('are destroyed instead of lent again when %s', async (_title, spoil) => {
		const pool = open();
		const checkout = await pool.acquire();
		const id = await clientId(checkout);
		await spoil(checkout);
		checkout.release();
		const next = await pool.acquire();
		expect(await clientId(next)).not.toBe(id);
		expect(String(await next.send('ping', []))).toBe('PONG');
		next.release();
	});

	it('are lent again after a finished transaction', async () => {
		const pool = open();
		const checkout = await pool.acquire();
		const id = await clientId(checkout);
		for (const command of ['multi', 'discard', 'multi', 'exec']) await checkout.send(command, []);
		await checkout.send('watch', ['k']);
		await checkout.send('unwatch', []);
		checkout.release();
		const next = await pool.acquire();
		expect(await clientId(next)).toBe(id);
		next.release();
	});

	it('wait as long as the deadline of a blocking command', async () => {
		const pool = open();
		await pool.ready(30_000);
		const checkout = await pool.acquire();
		const popped = checkout.send('blpop', ['queue', '5'], {deadlineMs: 5000});
		await pool.laneOf('queue').send('rpush', ['queue', 'job']);
		expect(await popped).toEqual([Buffer.from('queue'), Buffer.from('job')]);
		checkout.release();
	});

	it('are closed after idleMs, down to min', async () => {
		const pool = open({min: 1, max: 4, idleMs: 40});
		await until(() => pool.snapshot().checkouts.open === 1, 'min is open from the start');
		const held = await Promise.all(Array.from({length: 4}, () => pool.acquire()));
		for (const checkout of held) checkout.release();
		expect(pool.snapshot().checkouts.open).toBe(4);
		await until(() => pool.snapshot().checkouts.open === 1, 'those over min are closed');
	});

	it('are not lent after their maximum lifetime, and min stay open', async () => {
		const pool = open({min: 1, maxLifetimeMs: 80});
		const checkout = await pool.acquire();
		const id = await clientId(checkout);
		await until(
			() => Date.now() - (pool.snapshot().checkouts.connections[0]?.openedAt ?? Date.now()) > 100,
			'it grows old',
		);
		expect(await clientId(checkout)).toBe(id);
		checkout.release();
		const next = await pool.acquire();
		expect(await clientId(next)).not.toBe(id);
		next.release();
	});

	it('reject everything in flight when the connection is lost, and make room for another', async () => {
		const pool = open({max: 1});
		const checkout = await pool.acquire();
		const pending = checkout.send('blpop', ['nothing', '0'], {deadlineMs: 10_000});
		const waiting = pool.acquire({timeoutMs: 3000});
		const reset = proxy.add({kind: 'reset'});
		await expect(pending).rejects.toBeInstanceOf(ConnectionLostError);
		await expect(checkout.send('ping', [])).rejects.toBeInstanceOf(ClosedError);
		proxy.lift(reset.id);
		(await waiting).release();
		checkout.release();
	});

	it('time out with the reason during an outage', async () => {
		const pool = open({acquireMs: 500});
		await pool.ready(30_000);
		const idle = await pool.acquire();
		idle.release();
		proxy.add({kind: 'refuse'});
		await until(() => pool.lanes[0]?.state === 'waiting', 'the outage is noticed');
		const begin = performance.now();
		const results = await Promise.allSettled(Array.from({length: 20}, () => pool.acquire()));
		// One after another they would take ten seconds.
		expect(performance.now() - begin).toBeLessThan(5000);
		for (const result of results) {
			expect(result).toMatchObject({
				reason: expect.any(AcquireTimeoutError) as Error,
			});
			expect(String((result as PromiseRejectedResult).reason)).toMatch(/ECONNREFUSED|other side/);
		}
		proxy.heal();
		(await pool.acquire({timeoutMs: 3000})).release();
	});

	it('that were idle during a black hole are not lent again', async () => {
		const pool = open({}, {deadlineMs: 60});
		await pool.ready(30_000);
		(await pool.acquire()).release();
		proxy.add({kind: 'blackhole'});
		for (let call = 0; call < 3; call++)
			await pool
				.laneOf('k')
				.send('get', ['k'])
				.catch(() => {});
		await until(() => pool.snapshot().checkouts.open === 0, 'the idle one is dropped with the lane');
		proxy.heal();
		const checkout = await pool.acquire({timeoutMs: 3000});
		expect(String(await checkout.send('ping', []))).toBe('PONG');
		checkout.release();
	});

	it('close with the pool: waiting callers and everything in flight are rejected at once', async () => {
		const pool = open({max: 1});
		const checkout = await pool.acquire();
		const pending = checkout.send('blpop', ['nothing', '0'], {deadlineMs: 10_000});
		const waiting = pool.acquire({timeoutMs: 10_000});
		const settled = Promise.allSettled([pending, waiting]);
		await pool.close();
		expect(await settled).toMatchObject([
			{reason: expect.any(ConnectionLostError) as Error},
			{reason: expect.any(ClosedError) as Error},
		]);
		await expect(pool.acquire()).rejects.toBeInstanceOf(ClosedError);
	});
});
