import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import {localNow} from '../../../source/cache/clock/local-now.js';
import type {SafetySwitches} from '../../../source/cache/outage/safety-switches.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {setScript} from '../../../source/cache/scripts/key-scripts.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {startLateForwarder} from '../../support/late-forwarder.js';
import {startTap} from '../../support/tap.js';
import {until} from '../../support/until.js';
import {resetLanes, untilConnectedAndReconciled, untilEnsured, untilReconciled} from '../support/states.js';

/**
 * A command whose caller has got a timeout may still be in a socket, or in a paused server. Each scenario leaves a set in
 * such a place, deletes the key, lets the set through, and returns the value that is read after the recovery. There must be
 * none; without deadlines in server time it is the old one.
 */
type Scenario = (switches: Partial<SafetySwitches>) => Promise<unknown>;

const fixture = redisFixture();

/** One lane, so that the set is stuck in a known place; the first failure opens the breaker. */
const options: CacheOptions = {memory: false, breaker: {consecutive: 1}, pool: {lanes: 1, missedDeadlines: 1000}};

/** A set that times out, then a delete that cannot be sent. */
const setThenDelete = async (cache: RedisCache): Promise<void> => {
	expect(await cache.set('k', 'old')).toEqual({stored: 'memory'});
	expect(cache.stats().mode.mode).not.toBe('connected');
	expect(await cache.delete('k')).toEqual({stored: 'memory'});
	// A command that arrives from now on is later than both, by any clock.
	await new Promise((resolve) => setTimeout(resolve, 50));
};

const fromTheSocketBuffer: Scenario = async (switches) => {
	const proxy = await fixture.proxy();
	const cache = await fixture.openBehind(proxy, options, switches);
	await cache.set('warm', 1);
	await untilEnsured(cache);
	proxy.add({kind: 'stall', direction: 'up'});
	await setThenDelete(cache);
	proxy.heal();
	await untilConnectedAndReconciled(cache);
	return cache.get('k');
};

const fromAServerThatWasPaused: Scenario = async (switches) => {
	const cache = await fixture.open(options, switches);
	await cache.set('warm', 1);
	await untilEnsured(cache);
	await fixture.raw.call('CLIENT', 'PAUSE', 600, 'ALL');
	await setThenDelete(cache);
	await fixture.raw.ping();
	await untilConnectedAndReconciled(cache);
	return cache.get('k');
};

const fromAServerThatWasStopped: Scenario = async (switches) => {
	const cache = await fixture.open(options, switches);
	await cache.set('warm', 1);
	await untilEnsured(cache);
	fixture.redis.pause();
	await setThenDelete(cache);
	fixture.redis.resume();
	await untilConnectedAndReconciled(cache);
	return cache.get('k');
};

/** The bytes of the old connection arrive after the key was reconciled over a new one. */
const afterAReconnect: Scenario = async (switches) => {
	const forwarder = await startLateForwarder(fixture.redis);
	const cache = await fixture.open({...options, url: `redis://127.0.0.1:${forwarder.port}`}, switches);
	await cache.set('warm', 1);
	await untilEnsured(cache);
	forwarder.holdExisting();
	await setThenDelete(cache);
	resetLanes(cache);
	await untilConnectedAndReconciled(cache);
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

		it(`${where}: without deadlines in server time it does`, async () => {
			expect(await scenario({fencing: false})).toBe('old');
		});
	}
});

describe('a write that reaches Redis after its deadline', () => {
	it('does nothing there, is counted, and is reconciled', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, memory: false});
		await cache.set('k', 'old');
		await untilEnsured(cache);
		const [seconds, micros] = await fixture.raw.time();
		// The reply of a script that does nothing, each time that it is sent.
		tap.answer(`:${Number(seconds) * 1_000_000 + Number(micros)}\r\n`, setScript.sha);
		expect(await cache.set('k', 'new')).toEqual({stored: 'memory'});
		expect(cache.stats().counters.lateWrites).toBe(1);
		expect(await cache.get('k')).toBeUndefined();
		await untilReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
	});

	it('is sent once more if its reply is in time', async () => {
		const cache = await fixture.open({memory: false, deadline: '5s'});
		await cache.set('k', 'old');
		await untilEnsured(cache);
		// As if the server clock had been set ahead by ten seconds since the last sample.
		const now = localNow();
		cache.internals.parts.clocks.at(undefined).sample(now, (now - 10_000) * 1000, now);
		expect(await cache.set('k', 'new')).toEqual({stored: 'redis'});
		expect(cache.stats().counters.lateWrites).toBe(0);
		expect(await cache.get('k')).toBe('new');
	});
});
