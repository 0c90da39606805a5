import {afterEach, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {createPool} from '../../../source/pool/create-pool.js';
import {blockLoop} from '../../support/block-loop.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {openChild} from '../../support/open-child.js';
import {until} from '../../support/until.js';
import {untilConnected} from '../support/states.js';

/** A process that is blocked, or suspended, in front of a Redis that answers at once. */
const fixture = redisFixture();

/** Long enough for a machine that is busy with other things. */
const deadlineMs = 100;

/** Blocks the event loop for longer than a deadline. */
const block = (ms = 1.5 * deadlineMs): void => {
	blockLoop(ms);
};

/** Everything that a cache says about an outage. */
const complaintsOf = (cache: RedisCache): readonly string[] => {
	const complaints: string[] = [];
	cache.on('mode', ({mode, reason}) => {
		if (mode === 'fallback') complaints.push(reason);
	});
	cache.on('error', ({operation, error}) => complaints.push(`${operation}: ${error.message}`));
	cache.on('pool', ({type, reason}) => {
		if (type !== 'ready') complaints.push(reason);
	});
	return complaints;
};

const moments: readonly (readonly [name: string, (block: () => void) => void])[] = [
	['at once', (now) => now()],
	['in a microtask', (now) => queueMicrotask(now)],
	['after the call was queued', (now) => process.nextTick(now)],
	['in the next turn', (now) => void setImmediate(now)],
	['when a timer fires', (now) => void setTimeout(now, 1)],
];

it.each(moments)('calls are answered by Redis although the event loop is blocked %s', async (_name, later) => {
	const cache = await fixture.open({memory: false, strict: true, deadline: deadlineMs, ttl: '1h'});
	await cache.set('k', 0);
	const complaints = complaintsOf(cache);
	// One after the other in callbacks of sockets, without a turn between them.
	for (let round = 1; round <= 2; round++) {
		const reading = cache.get('k');
		later(block);
		expect(await reading).toBe(round - 1);
		const writing = cache.set('k', round);
		later(block);
		expect(await writing).toEqual({stored: 'redis'});
		const loading = cache.getOrSet(`l${round}`, () => round);
		later(block);
		expect(await loading).toBe(round);
	}
	expect(complaints).toEqual([]);
});

it('many calls in one turn are answered by Redis although the event loop is blocked between turns', async () => {
	const cache = await fixture.open({memory: false, strict: true, deadline: deadlineMs, ttl: '1h'});
	const keys = Array.from({length: 1500}, (_, index) => `k${index}`);
	await (await fixture.open({deadline: '5s', ttl: '1h'})).setMany(keys.map((key) => [key, key]));
	const complaints = complaintsOf(cache);
	const blocker = setInterval(() => block(), 1);
	try {
		expect((await cache.getMany(keys)).size).toBe(keys.length);
	} finally {
		clearInterval(blocker);
	}
	expect(complaints).toEqual([]);
});

it('a start reports no outage although the event loop is blocked, once or again and again', async () => {
	const complaints: (readonly string[])[] = [];
	const startMs = 250;
	const open = (): RedisCache => {
		const cache = fixture.create({deadline: startMs, pool: {connectTimeout: startMs}});
		complaints.push(complaintsOf(cache));
		return cache;
	};
	const once = open();
	block(3 * startMs);
	await once.ready(30_000);
	const often = open();
	const blocker = setInterval(() => block(startMs), 1);
	try {
		await often.ready('30s');
	} finally {
		clearInterval(blocker);
	}
	expect(complaints.flat()).toEqual([]);
});

it('an error about silence says how long this process was blocked', async () => {
	const pool = createPool({url: fixture.redis.url, lanes: 1, deadlineMs});
	await pool.ready(30_000);
	fixture.redis.pause();
	const asking = pool.lanes[0]?.send('PING', []);
	await new Promise((resolve) => setTimeout(resolve, 5));
	block();
	await expect(asking).rejects.toThrow(
		/^PING was not answered within 100 ms, not counting \d+ ms in which this process/,
	);
	fixture.redis.resume();
	await pool.close();
});

const signals: {pid: number}[] = [];
afterEach(() => {
	for (const {pid} of signals.splice(0)) process.kill(pid, 'SIGCONT');
});

it('a process that was suspended comes back without an outage', async () => {
	const child = await openChild(new URL('../children/sleeper.ts', import.meta.url));
	signals.push(child);
	await child.call('open', {url: fixture.redis.url, deadline: 200});
	const calling = child.call<string[]>('callAllTheTime');
	await until(async () => (await fixture.raw.exists('rct:default:k50')) === 1, 'it calls');
	process.kill(child.pid, 'SIGSTOP');
	await new Promise((resolve) => setTimeout(resolve, 1500));
	process.kill(child.pid, 'SIGCONT');
	await child.call('stop');
	expect(await calling).toEqual([]);
	expect(await child.call('complaints')).toEqual([]);
});

it('a Redis that is silent is still noticed by a process that is blocked again and again', async () => {
	const cache = await fixture.open({deadline: deadlineMs});
	fixture.redis.pause();
	const blocker = setInterval(() => block(25), 1);
	try {
		await until(() => {
			void cache.get('k');
			return cache.stats().mode.mode === 'fallback';
		}, 'it falls back');
	} finally {
		clearInterval(blocker);
		fixture.redis.resume();
	}
	await untilConnected(cache);
});

it('a Redis that is silent is noticed within a few turns, however long each of them is', async () => {
	const cache = await fixture.open({memory: false, deadline: 3 * deadlineMs});
	await cache.get('k');
	fixture.redis.pause();
	let turns = 0;
	const blocker = setInterval(() => {
		turns++;
		block();
	}, 1);
	try {
		await new Promise((resolve) => setTimeout(resolve, 2 * deadlineMs));
		const before = turns;
		await cache.get('k');
		// Each turn lasts half a deadline. In loop time alone it would take fifteen.
		expect(turns - before).toBeLessThan(11);
	} finally {
		clearInterval(blocker);
		fixture.redis.resume();
	}
	await untilConnected(cache);
});
