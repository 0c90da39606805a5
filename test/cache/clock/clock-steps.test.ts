import {afterAll, afterEach, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {leaseScript} from '../../../source/cache/scripts/lease-scripts.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {canSetClocks, createServerClock, describeClocks} from '../../support/server-clock.js';
import {until} from '../../support/until.js';
import {
	untilConnected,
	untilConnectedAndReconciled,
	untilEnsured,
	untilFallback,
	untilInvalidated,
	untilReconciled,
} from '../support/states.js';

const clock = canSetClocks ? createServerClock() : undefined;
const fixture = redisFixture(clock === undefined ? {} : {env: clock.env});
const setClock = (ms: number): void => clock?.set(ms);

afterEach(() => setClock(0));
afterAll(() => clock?.close());

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}, deadline: '1s'};
const keys = Array.from({length: 20}, (_, index) => `k${index}`);

/** Opens two caches that have twenty values in memory, and sets the server's clock. */
const stepAfterReading = async (ms: number): Promise<{readonly cache: RedisCache; readonly other: RedisCache}> => {
	const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
	await cache.setMany(
		keys.map((key) => [key, 'old']),
		{tags: ['t']},
	);
	for (const each of [cache, other]) expect((await each.getMany(keys)).size).toBe(20);
	setClock(ms);
	return {cache, other};
};

describeClocks.each([-800, -20_000, 800, 20_000])('after a step of the server clock by %d ms', (ms) => {
	for (const [what, invalidate] of [
		['clear', (cache) => cache.clear()],
		['invalidateTags', (cache) => cache.invalidateTags(['t'])],
	] as const satisfies readonly (readonly [string, (cache: RedisCache) => Promise<unknown>])[])
		it(`${what} makes all values misses, here and in other processes`, async () => {
			const {cache, other} = await stepAfterReading(ms);
			await invalidate(cache);
			expect((await cache.getMany(keys)).size).toBe(0);
			// A step ahead lets the first script arrive too late.
			await untilReconciled(cache);
			await untilInvalidated(other, fixture.raw);
			expect((await other.getMany(keys)).size).toBe(0);
			expect((await (await fixture.open()).getMany(keys)).size).toBe(0);
			expect((await cache.getMany(keys)).size).toBe(0);
			await cache.set('k0', 'new', {tags: ['t']});
			expect(await cache.get('k0')).toBe('new');
			expect(await (await fixture.open()).get('k0')).toBe('new');
		});

	it('what soft invalidations have made stale before stays stale, here and in other processes', async () => {
		const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
		await cache.set('k', 'old', {ttl: '10m', grace: '1h'});
		await cache.set('tagged', 'old', {ttl: '10m', grace: '1h', tags: ['t']});
		expect((await other.getMany(['k', 'tagged'])).size).toBe(2);
		await cache.delete('k', {soft: true});
		await cache.invalidateTags(['t'], {soft: true});
		setClock(ms);
		const late = await fixture.open(steady);
		for (const each of [cache, other, late])
			for (const key of ['k', 'tagged']) {
				expect(await each.get(key)).toBeUndefined();
				expect((await each.getEntry(key))?.stale).not.toBe(false);
			}
		expect(await late.expire('k', '1h')).toEqual({stored: 'redis', applied: false});
		expect(await late.getOrSet('k', () => Promise.reject(new Error('no database')))).toBe('old');
	});

	it('a loader that has read the old row before does not store it after a clear', async () => {
		const [cache, other] = [await fixture.open(steady), await fixture.open(steady)];
		const {promise, open} = gate<string>();
		let begun = false;
		const load = cache.getOrSet(
			'k',
			() => {
				begun = true;
				return promise;
			},
			{tags: ['t']},
		);
		await until(() => begun, 'the loader has read the row');
		setClock(ms);
		await other.invalidateTags(['t']);
		await untilReconciled(other);
		open('old');
		expect(await load).toBe('old');
		expect(await other.get('k')).toBeUndefined();
		expect(await cache.get('k')).toBeUndefined();
	});

	it('what was deleted in an outage does not come back', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, steady);
		const writer = await fixture.open(steady);
		await cache.get('k');
		await writer.set('k', 'old');
		const asOf = Number(await fixture.raw.getrange('rct:default:k', 24, 39));
		setClock(ms);
		// The step is noticed: from here on the bounds are those of the new time.
		await cache.delete('other');
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		// The entry is no longer from the future, and still newer than the delete by the new time.
		const serverMicros = async () => {
			const [seconds, micros] = await fixture.raw.time();
			return Number(seconds) * 1e6 + Number(micros);
		};
		if (ms === -800) await until(async () => (await serverMicros()) > asOf, 'the clock has caught up');
		proxy.heal();
		await untilConnectedAndReconciled(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});

	it('a set is not answered with the value before it, here or in other processes', async () => {
		const {cache, other} = await stepAfterReading(ms);
		await cache.setMany(
			keys.map((key) => [key, 'new']),
			{tags: ['t']},
		);
		expect([...(await cache.getMany(keys)).values()]).toEqual(keys.map(() => 'new'));
		await untilReconciled(cache);
		await untilInvalidated(other, fixture.raw);
		for (const each of [other, await fixture.open(steady), cache, other])
			expect([...(await each.getMany(keys)).values()]).not.toContain('old');
		// A process that takes the new value for an old one removes it once, and not what is set after that.
		await untilReconciled(other);
		await cache.set('k0', 'newest', {tags: ['t']});
		for (const each of [cache, other, await fixture.open(steady)]) expect(await each.get('k0')).toBe('newest');
	});

	it('it is told once, in an event', async () => {
		const cache = await fixture.open(steady);
		const steps: number[] = [];
		cache.on('clockStep', (step) => steps.push(step.ms));
		await cache.delete('k');
		setClock(ms);
		await cache.delete('k');
		await untilReconciled(cache);
		for (let round = 0; round < 5; round++) expect(await cache.delete('k')).toEqual({stored: 'redis'});
		expect(steps).toHaveLength(1);
		expect(Math.abs((steps[0] ?? 0) - ms)).toBeLessThan(100);
		expect(cache.stats().counters.clockSteps).toBe(1);
	});
});

describeClocks('after the server clock was set back', () => {
	it('what was written while it was ahead is read, and lives no longer than its TTL', async () => {
		setClock(3_600_000);
		const writer = await fixture.open(steady);
		await writer.set('k', 'ahead', {ttl: '1m'});
		setClock(0);
		const reader = await fixture.open();
		expect(await fixture.raw.pttl('rct:default:k')).toBeGreaterThan(3_500_000);
		expect(await reader.get('k')).toBe('ahead');
		await until(async () => (await fixture.raw.pttl('rct:default:k')) <= 60_000, 'its life is cut');
		expect(await (await fixture.open()).get('k')).toBe('ahead');
		expect(await (await fixture.open()).ttl('k')).toBeLessThanOrEqual(60_000);
	});

	it('values are stored and read in a namespace that was made while it was ahead', async () => {
		setClock(20_000);
		const cache = await fixture.open(steady);
		await cache.set('k', 'ahead', {tags: ['t']});
		setClock(0);
		const other = await fixture.open(steady);
		expect(await other.set('l', 'now', {tags: ['t']})).toEqual({stored: 'redis'});
		expect(await (await fixture.open()).getMany(['k', 'l'])).toEqual(
			new Map([
				['k', 'ahead'],
				['l', 'now'],
			]),
		);
	});

	it('a lease of a process that has died does not last longer', async () => {
		const [gone, cache] = [await fixture.open(), await fixture.open()];
		const lease = await gone.internals.parts.scripts.run(leaseScript, 'rct:default:k', [400, 0, 0, 60_000, -2]);
		expect(lease.status).toBe('done');
		setClock(-60_000);
		const began = performance.now();
		expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(await cache.getOrSet('k', () => 'loaded again')).toBe('loaded');
		expect(performance.now() - began).toBeLessThan(5000);
	});

	it('a set that timed out does not take effect later, once the step is noticed', async () => {
		const proxy = await fixture.proxy();
		const options: CacheOptions = {memory: false, breaker: {consecutive: 1}, pool: {lanes: 1, missedDeadlines: 1000}};
		const cache = await fixture.openBehind(proxy, options);
		await cache.set('warm', 1);
		setClock(-20_000);
		await untilEnsured(cache);
		await cache.set('warm', 2);
		proxy.add({kind: 'stall', direction: 'up'});
		expect(await cache.set('k', 'old')).toEqual({stored: 'memory'});
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		await new Promise((resolve) => setTimeout(resolve, 50));
		proxy.heal();
		await untilConnected(cache);
		expect(await cache.get('k')).toBeUndefined();
		expect(await fixture.raw.exists('rct:default:k')).toBe(0);
	});
});
