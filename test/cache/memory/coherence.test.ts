import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {openChild} from '../../support/open-child.js';
import {until} from '../../support/until.js';
import {untilConnected, untilTracking} from '../support/states.js';

const fixture = redisFixture();

const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}};

const script = new URL('../children/looper.ts', import.meta.url);

/** Reads until the value is served from memory. */
const untilInMemory = (cache: RedisCache, key: string) =>
	until(async () => (await cache.getEntry(key))?.source === 'memory', `${key} is served from memory`);

/** Switches the mechanism off: a gap leaves entries verified. */
const forgetGaps = (cache: RedisCache): void => {
	const {tier} = cache.internals.parts.namespaces.open('default');
	if (tier !== undefined) tier.markAllUnverified = () => {};
};

describe('an entry in memory', () => {
	for (const [what, change, expected] of [
		['set', (other) => other.set('k', 'new'), 'new'],
		['delete', (other) => other.delete('k'), undefined],
		['clear', (other) => other.clear(), undefined],
		['invalidateTags', (other) => other.invalidateTags(['t']), undefined],
		['expire', (other) => other.expire('k', 1), undefined],
		['FLUSHALL by someone else', () => fixture.raw.flushall(), undefined],
		['DEL by someone else', () => fixture.raw.del('rct:default:k'), undefined],
	] as const satisfies readonly (readonly [string, (other: RedisCache) => Promise<unknown>, unknown])[]) {
		it(`is not served after ${what} elsewhere`, async () => {
			const cache = await fixture.open(steady);
			const other = await fixture.open(steady);
			await untilTracking(cache);
			await other.set('k', 'old', {tags: ['t']});
			await untilInMemory(cache, 'k');
			await change(other);
			await until(async () => (await cache.get('k')) === expected, 'the change is seen', {timeoutMs: 500});
		});
	}

	const afterRestart = async (remembersGaps: boolean): Promise<unknown> => {
		const cache = await fixture.open(steady);
		const other = await fixture.open(steady);
		await untilTracking(cache);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		if (!remembersGaps) forgetGaps(cache);
		await fixture.redis.kill();
		await fixture.redis.start();
		await Promise.all([cache.ready('10s'), other.ready('10s')]);
		await until(() => cache.internals.isConnected && other.internals.isConnected, 'both are connected again');
		await untilTracking(cache);
		return cache.get('k');
	};

	it('is not served after Redis has restarted empty', async () => {
		expect(await afterRestart(true)).toBeUndefined();
	});

	it('would be served after Redis has restarted empty, if gaps did not make entries unverified', async () => {
		expect(await afterRestart(false)).toBe('old');
	});

	it('is out of date in another process for a few milliseconds at most', async () => {
		const [watcher, writer] = await Promise.all([openChild(script), fixture.open(steady)]);
		await watcher.call('open', {url: fixture.redis.url});
		const lags: number[] = [];
		for (let round = 0; round < 40; round++) {
			await writer.set('k', round);
			await until(async () => (await watcher.call('get', {key: 'k'})) === round, 'the watcher has it');
			const seen = watcher.call<number>('watch', {key: 'k', old: round});
			await watcher.call('get', {key: 'other'});
			await writer.set('k', -1);
			const acknowledged = Number(process.hrtime.bigint()) / 1e6;
			lags.push(Math.max(0, (await seen) - acknowledged));
		}
		lags.sort((a, b) => a - b);
		process.stdout.write(`coherence lag in ms: median ${lags[20]?.toFixed(2)}, worst ${lags.at(-1)?.toFixed(2)}\n`);
		// The median: a busy machine may delay a process at any time.
		expect(lags[20]).toBeLessThan(100);
		expect(lags.at(-1)).toBeLessThan(500);
	});

	it('is out of date for two pings and a deadline at most if invalidations are lost silently', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, steady);
		const other = await fixture.open(steady);
		await untilTracking(cache);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		proxy.add({kind: 'blackhole', direction: 'down'});
		await other.set('k', 'new');
		const begun = performance.now();
		// There are only memory hits: no command of a caller notices it.
		await until(
			() => cache.internals.parts.tracking.state.kind !== 'tracking' || !cache.internals.isConnected,
			'the silence is noticed',
		);
		expect(performance.now() - begun).toBeLessThan(1500);
		proxy.heal();
		await untilConnected(cache);
		await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
	});
});

describe('a cache without a memory tier', () => {
	it('is announced markers, and neither entries nor the beats of other caches', async () => {
		const cache = await fixture.open({...steady, memory: false});
		const other = await fixture.open({...steady, heartbeat: '100ms'});
		await untilTracking(other);
		const {hub, tracking} = cache.internals.parts;
		await until(() => tracking.state.kind === 'tracking', 'markers are announced');
		await other.set('first', 1, {tags: ['t']});
		const beats = async () => (await fixture.raw.mget(...other.internals.parts.rollback.beatKeys)).join();
		const first = await beats();
		const {announced} = hub.announcements;
		await until(
			async () => {
				await other.set('k', 1);
				return (await beats()) !== first;
			},
			'a beat',
			{timeoutMs: 10_000, everyMs: 20},
		);
		await other.invalidateTags(['t']);
		await until(() => hub.announcements.announced > announced, 'the marker of the tag is announced');
		// The counter and the tag.
		expect(hub.announcements.announced - announced).toBeLessThanOrEqual(2);
	});
});

describe('a subscriber that reconnects', () => {
	const scenario = async (remembersGaps: boolean): Promise<unknown> => {
		const cache = await fixture.open(steady);
		const other = await fixture.open(steady);
		await untilTracking(cache);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		if (!remembersGaps) forgetGaps(cache);
		await fixture.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
		await until(() => cache.internals.parts.tracking.state.kind === 'gap', 'the subscription is lost');
		await other.set('k', 'new');
		await untilTracking(cache);
		return cache.get('k');
	};

	it('makes entries unverified', async () => {
		expect(await scenario(true)).toBe('new');
	});

	it('would leave them stale, if gaps did not make entries unverified', async () => {
		expect(await scenario(false)).toBe('old');
	});

	it('does not take Redis out of use', async () => {
		const cache = await fixture.open(steady);
		for (let round = 0; round < 5; round++) {
			await fixture.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
			await cache.set('k', round);
			expect(await cache.get('k')).toBe(round);
		}
		expect(cache.stats().mode.mode).toBe('connected');
		await untilTracking(cache);
	});
});
