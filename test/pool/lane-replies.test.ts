import fc from 'fast-check';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {createPool} from '../../source/pool/create-pool.js';
import {DeadlineError, RedisCacheError} from '../../source/pool/errors.js';
import {loopNow} from '../../source/pool/loop-clock.js';
import type {Pool} from '../../source/pool/types.js';
import {type FaultProxy, startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';

let redis: RedisProcess;
let proxy: FaultProxy;
let pool: Pool;

beforeAll(async () => {
	redis = await startRedisProcess();
	proxy = await startFaultProxy({target: {host: redis.host, port: redis.port}});
	pool = createPool({
		url: `redis://${proxy.host}:${proxy.port}`,
		lanes: 2,
		capacity: 5000,
		missedDeadlines: 200,
		reconnect: {minMs: 1, maxMs: 5},
	});
	await pool.ready(30_000);
});

afterAll(async () => {
	await pool.close();
	await proxy.close();
	await redis.close();
});

/**
 * Generous, since the machine of a test run is busy: it must catch calls that never settle, or settle by another
 * deadline.
 */
const marginMs = 1000;

const step = fc.record({
	sends: fc.integer({min: 1, max: 60}),
	deadlineMs: fc.integer({min: 1, max: 80}),
	delayMs: fc.integer({min: 0, max: 40}),
	jitterMs: fc.integer({min: 0, max: 20}),
	afterwards: fc.oneof(
		{weight: 20, arbitrary: fc.constant('nothing')},
		{weight: 1, arbitrary: fc.constantFrom('reset', 'abandon', 'blackhole')},
	),
	pauseMs: fc.integer({min: 0, max: 10}),
});

let serial = 0;
let sent = 0;
let answered = 0;

const call = async (deadlineMs: number): Promise<void> => {
	const text = `call ${serial++}`;
	const begin = performance.now();
	// The time in which this process does not run is not the lane's.
	const loopBegin = loopNow();
	try {
		const reply = await pool.laneOf(text).send('echo', [text], {deadlineMs});
		answered++;
		expect(String(reply)).toBe(text);
	} catch (error) {
		if (error instanceof DeadlineError) expect(performance.now() - begin).toBeGreaterThan(deadlineMs - 2);
		else if (!(error instanceof RedisCacheError) && (error as Error).message !== 'given up') throw error;
	}
	expect(loopNow() - loopBegin).toBeLessThan(deadlineMs + marginMs);
};

it('settles each of ten thousand sends by its own deadline, and gives none the reply of another', async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(step, {minLength: 8, maxLength: 24}), async (steps) => {
			const calls: Promise<void>[] = [];
			for (const {sends, deadlineMs, delayMs, jitterMs, afterwards, pauseMs} of steps) {
				proxy.heal();
				if (delayMs > 0) proxy.add({kind: 'latency', delayMs, jitterMs});
				for (let index = 0; index < sends; index++) calls.push(call(deadlineMs));
				sent += sends;
				if (afterwards === 'reset') proxy.add({kind: 'reset'}, {forMs: 5});
				if (afterwards === 'blackhole') proxy.add({kind: 'blackhole'}, {forMs: 20});
				if (afterwards === 'abandon') for (const lane of pool.lanes) lane.abandon(new Error('given up'));
				await new Promise((resolve) => setTimeout(resolve, pauseMs));
			}
			await Promise.all(calls);
			proxy.heal();
			await pool.ready(30_000);
		}),
		{numRuns: 30},
	);
	expect(sent).toBeGreaterThan(10_000);
	expect(answered).toBeGreaterThan(sent / 20);
}, 120_000);

it('counts correctly when thousands of sends with different deadlines expire', async () => {
	proxy.add({kind: 'stall'});
	const calls = Array.from({length: 3000}, (_, index) => call(1 + ((index * 7919) % 150)));
	await Promise.all(calls);
	proxy.heal();
	await pool.ready(30_000);
	expect(String(await pool.laneOf('x').send('echo', ['own'], {deadlineMs: 5000}))).toBe('own');
});
