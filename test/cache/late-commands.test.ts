import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import {localNow} from '../../source/cache/clock/local-now.js';
import type {SafetySwitches} from '../../source/cache/outage/safety-switches.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {startLateForwarder} from '../support/late-forwarder.js';
import {until} from '../support/until.js';

/**
 * A command whose caller was told "timed out" may still be in a socket, or in a paused server. Each scenario sets a value
 * into such a place, deletes the key afterwards, lets the set through, and returns what is read once all is well again.
 * Nothing may be there; without deadlines in server time the old value is.
 */
type Scenario = (mechanisms: Partial<SafetySwitches>) => Promise<unknown>;

const fixture = redisFixture();
/** One lane, so that there is one place to get stuck in; the mode follows the first failure. */
const options: CacheOptions = {memory: false, breaker: {consecutive: 1}, pool: {lanes: 1, missedDeadlines: 1000}};

const connectedAgain = (cache: RedisCache) =>
	until(() => cache.stats().mode.mode === 'connected' && cache.stats().journal.size === 0, 'connected and reconciled', {
		timeoutMs: 10_000,
	});

/** Sets, which times out, and then deletes, which cannot be sent. */
const setThenDelete = async (cache: RedisCache): Promise<void> => {
	expect(await cache.set('k', 'old')).toEqual({stored: 'memory'});
	expect(cache.stats().mode.mode).not.toBe('connected');
	expect(await cache.delete('k')).toEqual({stored: 'memory'});
	// So that what arrives now is later than both, by any clock.
	await new Promise((resolve) => setTimeout(resolve, 50));
};

const fromTheSocketBuffer: Scenario = async (mechanisms) => {
	const proxy = await fixture.proxy();
	const cache = await fixture.openBehind(proxy, options, mechanisms);
	await cache.set('warm', 1);
	proxy.add({kind: 'stall', direction: 'up'});
	await setThenDelete(cache);
	proxy.heal();
	await connectedAgain(cache);
	return cache.get('k');
};

const fromAServerThatWasPaused: Scenario = async (mechanisms) => {
	const cache = await fixture.open(options, mechanisms);
	await cache.set('warm', 1);
	await fixture.raw.call('CLIENT', 'PAUSE', 600, 'ALL');
	await setThenDelete(cache);
	await fixture.raw.ping();
	await connectedAgain(cache);
	return cache.get('k');
};

const fromAServerThatWasStopped: Scenario = async (mechanisms) => {
	const cache = await fixture.open(options, mechanisms);
	await cache.set('warm', 1);
	fixture.redis.pause();
	await setThenDelete(cache);
	fixture.redis.resume();
	await connectedAgain(cache);
	return cache.get('k');
};

/** The old connection's bytes arrive when the new one has long been in use, and the key has been reconciled. */
const afterAReconnect: Scenario = async (mechanisms) => {
	const forwarder = await startLateForwarder(fixture.redis);
	const cache = await fixture.open({...options, url: `redis://127.0.0.1:${forwarder.port}`}, mechanisms);
	await cache.set('warm', 1);
	forwarder.holdExisting();
	await setThenDelete(cache);
	for (const lane of cache.internals.pool.lanes) lane.reset('a test says so');
	await connectedAgain(cache);
	expect(await cache.get('k')).toBeUndefined();
	const {total_commands_processed: before} = await stats();
	forwarder.release();
	await until(async () => (await stats()).total_commands_processed > before + 2, 'the held bytes have arrived');
	return cache.get('k');
};

const stats = async () => ({
	total_commands_processed: Number(/total_commands_processed:(\d+)/.exec(await fixture.raw.info('stats'))?.[1]),
});

describe('a set that timed out does not take effect after a later delete', () => {
	for (const [where, scenario] of Object.entries({
		'from the socket buffer of a stalled connection': fromTheSocketBuffer,
		'from a server whose clients were paused': fromAServerThatWasPaused,
		'from a server process that was stopped': fromAServerThatWasStopped,
		'from a connection that has been replaced': afterAReconnect,
	})) {
		it(where, async () => {
			expect(await scenario({})).toBeUndefined();
		});

		it(`${where}: it would without deadlines in server time`, async () => {
			expect(await scenario({fencing: false})).toBe('old');
		});
	}
});

describe('a write that comes too late', () => {
	it('is refused by Redis, counted, and reconciled', async () => {
		const cache = await fixture.open({memory: false});
		await cache.set('k', 'old');
		// As if the server's clock had been set ahead by ten seconds since it was last looked at.
		const now = localNow();
		cache.internals.parts.clock.sample(now, (now - 10_000) * 1000, now);
		expect(await cache.set('k', 'new')).toEqual({stored: 'memory'});
		expect(cache.stats().counters.lateWrites).toBe(1);
		expect(await cache.get('k')).toBeUndefined();
		await until(() => cache.stats().journal.size === 0, 'reconciled once the clock is known again');
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.set('k', 'newer')).toEqual({stored: 'redis'});
		expect(await cache.get('k')).toBe('newer');
	});
});
