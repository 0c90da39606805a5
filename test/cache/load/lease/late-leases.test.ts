import {describe, expect, it} from 'vitest';
import {localNow} from '../../../../source/cache/clock/local-now.js';
import {LeaseLength, maxLeaseMs} from '../../../../source/cache/load/lease/lease-length.js';
import {renewRegularly} from '../../../../source/cache/load/lease/renew-regularly.js';
import type {RedisCache} from '../../../../source/cache/redis-cache.js';
import {fillScript, leaseScript, renewScript} from '../../../../source/cache/scripts/lease-scripts.js';
import {ensureScript} from '../../../../source/cache/scripts/marker-scripts.js';
import type {Script} from '../../../../source/cache/scripts/script.js';
import type {ScriptFailed} from '../../../../source/cache/scripts/script-call.js';
import {OverloadError} from '../../../../source/pool/errors.js';
import {loopNow} from '../../../../source/pool/loop-clock.js';
import {redisFixture} from '../../../support/cache-fixture.js';
import {gate} from '../../../support/gate.js';
import {startTap} from '../../../support/tap.js';
import {until} from '../../../support/until.js';

/** On a busy machine: commands reach Redis after the deadlines in them, although their answers are in time. */
const fixture = redisFixture();

/**
 * Sets keys of other lanes than that of `k` until a deadline was missed. Sets on its lane would have to be waited for, and
 * the other lanes would answer nothing meanwhile.
 */
const untilMissed = async (cache: RedisCache): Promise<void> => {
	const laneOf = (key: string) => cache.internals.parts.pool.laneOf(`rct:default:${key}`);
	const elsewhere = Array.from({length: 64}, (_, index) => `other ${index}`).filter(
		(key) => laneOf(key) !== laneOf('k'),
	);
	await until(async () => {
		await Promise.all(elsewhere.slice(0, 16).map((key) => cache.set(key, 1)));
		return cache.stats().counters.timeouts > 0;
	}, 'a missed deadline');
};

describe('a load is stored', () => {
	const late: readonly (readonly [string, Script])[] = [
		['the markers that it needs', ensureScript],
		['its lease', leaseScript],
		['its fill', fillScript],
	];
	it.each(late)('although %s reached Redis too late seven times', async (_what, {sha}) => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({url: tap.url, deadline: '10s'});
		if (sha !== ensureScript.sha) await cache.set('warm', 1);
		tap.makeLate(7, sha);
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		const other = await fixture.open();
		await until(async () => (await other.get('k')) === 'loaded', 'it is stored');
	});
});

describe('a lease', () => {
	it('is asked for eight times as long as commands take, and the less the longer that was ago', async () => {
		const length = new LeaseLength(400, () => 0);
		expect(length.ms).toBe(400);
		length.took(500);
		length.took(1);
		expect(length.ms).toBeGreaterThan(3000);
		expect(length.ms).toBeLessThanOrEqual(4000);
		const before = length.ms;
		await until(() => length.ms < before, 'it becomes shorter');
		length.took(3_600_000);
		expect(length.ms).toBeGreaterThan(maxLeaseMs - 100);
		await until(() => length.ms < maxLeaseMs, 'it becomes shorter, however long this process was suspended');
	});

	it('that is the longest is not cut by a process that asks for a short one', async () => {
		const [slow, quick] = [await fixture.open(), await fixture.open()];
		await slow.set('warm', 1);
		await slow.internals.parts.scripts.run(leaseScript, 'rct:default:k', [maxLeaseMs, 0, 0, 60_000, -1]);
		const endsAt = () => fixture.raw.getrange('rct:default:k', 72, 87);
		const before = await endsAt();
		const refused = await quick.internals.parts.scripts.run(leaseScript, 'rct:default:k', [400, 0, 0, 60_000, -2]);
		expect(refused.status === 'done' && refused.reply).toBeLessThan(-1_000_000);
		expect(await endsAt()).toBe(before);
	});

	it('is the longer the more keys this process loads at once', () => {
		expect(new LeaseLength(400, () => 200).ms).toBe(1000);
		expect(new LeaseLength(400, () => 100_000).ms).toBe(maxLeaseMs);
	});

	it('is granted again to a request that is repeated because its answer was lost, and to no other', async () => {
		const cache = await fixture.open();
		await cache.set('warm', 1);
		const ask = async (number: number) => {
			const outcome = await scripts.run(leaseScript, 'rct:default:k', [400, 0, 0, 60_000, number]);
			return outcome.status === 'done' ? outcome.reply : outcome.status;
		};
		const {scripts} = cache.internals.parts;
		const lost = await ask(-7);
		expect(await ask(-7), 'a first request').toBeLessThan(0);
		expect(await ask(8), 'a request with another number').toBeLessThan(0);
		const token = await ask(7);
		expect(token).toBeGreaterThan(lost as number);
		await scripts.run(renewScript, 'rct:default:k', [400, token]);
		expect(await ask(7), 'its answer was not lost: it was renewed').toBeLessThan(0);
	});

	it('is renewed no longer once it is gone', async () => {
		let renewals = 0;
		const end = renewRegularly({begunAt: localNow(), firstMs: 4}, new LeaseLength(4, () => 0), async () => {
			renewals++;
			return false;
		});
		await until(() => renewals > 0, 'a renewal');
		await new Promise((resolve) => setTimeout(resolve, 30));
		end();
		expect(renewals).toBe(1);
	});
});

describe('a lease request that missed its deadline', () => {
	/** A cache whose lane of the key `k` holds its replies from the next lease request on, and a way to have the others answer. */
	const openHeld = async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({
			url: tap.url,
			memory: false,
			pool: {missedDeadlines: 1000},
			breaker: {consecutive: 1000, rate: 1},
		});
		await cache.set('warm', 1);
		return {cache, held: tap.holdReply(leaseScript.sha)};
	};

	it('is repeated while Redis answers others, so that there is one load, and it is stored', async () => {
		const {cache, held} = await openHeld();
		let loads = 0;
		const value = cache.getOrSet('k', () => `load ${++loads}`);
		await held.passed;
		await untilMissed(cache);
		held.release();
		expect(await value).toBe('load 1');
		const other = await fixture.open();
		await until(async () => (await other.get('k')) === 'load 1', 'it is stored');
	});

	it('and then one that reached Redis too late is still that request: it gets the lease that it was granted', async () => {
		const cache = await fixture.open({deadline: '2s'});
		await cache.set('warm', 1);
		const {scripts} = cache.internals.parts;
		const {run} = scripts;
		const failures: ScriptFailed[] = [
			{status: 'in-doubt', error: new OverloadError('its answer was lost'), finalAt: 0, calls: 1},
			{status: 'refused', error: undefined, finalAt: 0, calls: 1},
		];
		let isFirst = true;
		scripts.run = async (...call) => {
			if (call[0] !== leaseScript) return run.apply(scripts, call);
			if (isFirst) await run.apply(scripts, call);
			isFirst = false;
			return failures.shift() ?? run.apply(scripts, call);
		};
		const begun = loopNow();
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(loopNow() - begun, 'less than a lease').toBeLessThan(900);
		const other = await fixture.open();
		await until(async () => (await other.get('k')) === 'loaded', 'it is stored');
	});

	it('is not repeated if Redis answers nothing meanwhile', async () => {
		const {cache, held} = await openHeld();
		const begun = loopNow();
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(loopNow() - begun).toBeLessThan(2 * 200);
		held.release();
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'the lease is given back');
	});
});

describe('a key whose read got no answer in time', () => {
	it('is loaded under a lease while Redis answers others', async () => {
		const tap = await startTap(fixture.redis);
		const cache = await fixture.open({
			url: tap.url,
			memory: false,
			// Eight commands have to be answered in it, on a busy machine too.
			deadline: '1s',
			pool: {lanes: 2, missedDeadlines: 1000},
			breaker: {consecutive: 1000, rate: 1},
		});
		await cache.set('warm', 1);
		const held = tap.holdReply('MGET', 'rct:default:k');
		const value = cache.getOrSet('k', () => 'loaded');
		await held.passed;
		await untilMissed(cache);
		held.release();
		expect(await value).toBe('loaded');
		const other = await fixture.open();
		await until(async () => (await other.get('k')) === 'loaded', 'it is stored');
	});
});

it('a fill that missed its deadline, and lost its connection, is sent again, so that others find the value', async () => {
	const tap = await startTap(fixture.redis);
	const cache = await fixture.open({
		url: tap.url,
		memory: false,
		pool: {missedDeadlines: 1000},
		breaker: {consecutive: 1000, rate: 1},
	});
	await cache.set('warm', 1);
	const held = tap.holdRequest(fillScript.sha);
	expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
	await held.passed;
	await until(() => cache.stats().counters.timeouts > 0, 'a missed deadline');
	held.cut();
	const other = await fixture.open();
	await until(async () => (await other.get('k')) === 'loaded', 'it is stored');
});

it('the time in which a request waits for its turn is none in which it waits for another load', async () => {
	const tap = await startTap(fixture.redis);
	const [loading, waiting] = [await fixture.open(), await fixture.open({url: tap.url, deadline: '10s'})];
	await loading.set('warm', 1);
	const end = gate<string>();
	const theirs = loading.getOrSet('k', () => end.promise);
	await until(() => fixture.raw.exists('rct:default:k').then(Boolean), 'the lease of the other');
	const held = tap.holdReply(leaseScript.sha);
	const begun = loopNow();
	const value = waiting.getOrSet('k', () => 'a second load', {hardTimeout: 300});
	await held.passed;
	await until(() => loopNow() - begun > 350, 'its time for a load is over');
	held.release();
	await until(() => waiting.stats().counters.misses > 0, 'it waits');
	end.open('the first load');
	expect(await theirs).toBe('the first load');
	expect(await value).toBe('the first load');
});
