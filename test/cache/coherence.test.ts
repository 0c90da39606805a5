import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {redisFixture} from '../support/cache-fixture.js';
import {openChild} from '../support/open-child.js';
import {describeReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

const fixture = redisFixture();
const steady: CacheOptions = {ttl: {default: '1h', jitter: 0}};
const script = new URL('children/looper.ts', import.meta.url);

/** Reads until the value comes from memory: Redis has been asked, and nothing has changed since. */
const untilInMemory = (cache: RedisCache, key: string) =>
	until(async () => (await cache.getEntry(key))?.source === 'memory', `${key} is believed in memory`);

const tracked = (cache: RedisCache) => until(() => cache.stats().memory.coherence === 'tracking', 'told of changes');

/** The mechanism switched off: a gap raises no epoch. */
const forgetGaps = (cache: RedisCache): void => {
	const {tier} = cache.internals.parts.namespaces.open('default');
	if (tier !== undefined) tier.markAllUnverified = () => {};
};

describe('what one cache has in memory', () => {
	for (const [what, change, expected] of [
		['set', (other) => other.set('k', 'new'), 'new'],
		['delete', (other) => other.delete('k'), undefined],
		['clear', (other) => other.clear(), undefined],
		['invalidateTags', (other) => other.invalidateTags(['t']), undefined],
		['expire', (other) => other.expire('k', 1), undefined],
		['FLUSHALL by someone else', () => fixture.raw.flushall(), undefined],
		['DEL by someone else', () => fixture.raw.del('rct:default:k'), undefined],
	] as const satisfies readonly (readonly [string, (other: RedisCache) => Promise<unknown>, unknown])[]) {
		it(`is not served after ${what} in another`, async () => {
			const cache = await fixture.open(steady);
			const other = await fixture.open(steady);
			await tracked(cache);
			await other.set('k', 'old', {tags: ['t']});
			await untilInMemory(cache, 'k');
			await change(other);
			await until(async () => (await cache.get('k')) === expected, 'the change is seen', {timeoutMs: 500});
		});
	}

	const afterRestart = async (remembersGaps: boolean): Promise<unknown> => {
		const cache = await fixture.open(steady);
		const other = await fixture.open(steady);
		await tracked(cache);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		if (!remembersGaps) forgetGaps(cache);
		await fixture.redis.kill();
		await fixture.redis.start();
		await Promise.all([cache.ready('10s'), other.ready('10s')]);
		await until(() => cache.internals.isConnected && other.internals.isConnected, 'both are connected again', {
			timeoutMs: 10_000,
		});
		await tracked(cache);
		return cache.get('k');
	};

	it('is not served after Redis restarted empty', async () => {
		expect(await afterRestart(true)).toBeUndefined();
	});

	it('would be served after Redis restarted empty, if gaps were not remembered', async () => {
		expect(await afterRestart(false)).toBe('old');
	});

	it('is out of date for no more than a few milliseconds across processes', async () => {
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
		// Half of all times: a busy machine may hold up a process at any time.
		expect(lags[20]).toBeLessThan(25);
		expect(lags.at(-1)).toBeLessThan(500);
	});

	it('is out of date no longer than two pings and a deadline when messages are lost in silence', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, steady);
		const other = await fixture.open(steady);
		await tracked(cache);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		proxy.add({kind: 'blackhole', direction: 'down'});
		await other.set('k', 'new');
		const begun = performance.now();
		// Nothing but hits in memory: no command of a caller finds out.
		await until(
			() => cache.internals.parts.tracking.state.kind !== 'tracking' || !cache.internals.isConnected,
			'the silence is noticed',
		);
		expect(performance.now() - begun).toBeLessThan(1500);
		proxy.heal();
		await until(() => cache.stats().mode.mode === 'connected', 'connected');
		await until(async () => (await cache.get('k')) === 'new', 'the change is seen');
	});
});

describe('a subscriber that missed changes', () => {
	const scenario = async (remembersGaps: boolean): Promise<unknown> => {
		const cache = await fixture.open(steady);
		const other = await fixture.open(steady);
		await tracked(cache);
		await other.set('k', 'old');
		await untilInMemory(cache, 'k');
		if (!remembersGaps) forgetGaps(cache);
		await fixture.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
		await until(() => cache.internals.parts.tracking.state.kind === 'gap', 'the subscription is lost');
		await other.set('k', 'new');
		await tracked(cache);
		return cache.get('k');
	};

	it('does not let memory be believed', async () => {
		expect(await scenario(true)).toBe('new');
	});

	it('would, if gaps were not remembered', async () => {
		expect(await scenario(false)).toBe('old');
	});

	it('does not keep the cache from working', async () => {
		const cache = await fixture.open(steady);
		for (let round = 0; round < 5; round++) {
			await fixture.raw.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
			await cache.set('k', round);
			expect(await cache.get('k')).toBe(round);
		}
		expect(cache.stats().mode.mode).toBe('connected');
		await tracked(cache);
	});
});

describe('a mark that Redis evicted', () => {
	/** Evicts by Redis's own choice, for want of memory: the only key with an expiry is the mark. */
	const evictMark = async (): Promise<void> => {
		const {raw} = fixture;
		await raw.persist('rct:default:k');
		const used = Number(/used_memory:(\d+)/.exec(await raw.info('memory'))?.[1]);
		await raw.config('SET', 'maxmemory-policy', 'volatile-random');
		await raw.config('SET', 'maxmemory', used + 1_000_000);
		for (let round = 0; (await raw.exists('rct:!default')) === 1 && round < 100; round++)
			await raw.set(`filler:${round}`, 'x'.repeat(100_000)).catch(() => {});
		await raw.config('SET', 'maxmemory', 0);
		expect(await raw.exists('rct:!default', 'rct:default:k')).toBe(1);
	};

	it('does not bring back what was cleared', async () => {
		const cache = await fixture.open({...steady, memory: false});
		await cache.set('k', 'cleared');
		await cache.clear();
		await evictMark();
		const other = await fixture.open(steady);
		expect(await cache.get('k')).toBeUndefined();
		expect(await other.get('k')).toBeUndefined();
		// Made anew for the next entry, it is newer than what is there.
		await other.set('l', 1);
		expect(await other.get('k')).toBeUndefined();
		expect(await other.getOrSet('k', () => 'loaded')).toBe('loaded');
		expect(await cache.get('k')).toBe('loaded');
	});

	it('would, if a missing mark were taken for one that never moved', async () => {
		const cache = await fixture.open({...steady, memory: false});
		await cache.set('k', 'cleared');
		await cache.clear();
		await evictMark();
		await fixture.raw.set('rct:!default', 'rctm0000000000000001');
		expect(await (await fixture.open(steady)).get('k')).toBe('cleared');
	});
});

describeReal('where the server does not tell of changes', () => {
	const without: CacheOptions = {...steady, memory: {trust: 200}};
	const openUntold = async (): Promise<RedisCache> => {
		await fixture.raw.call('ACL', 'SETUSER', 'untold', 'on', 'nopass', '~*', '&*', '+@all', '-client|tracking');
		const cache = await fixture.open({...without, url: `redis://untold:any@127.0.0.1:${fixture.redis.port}`});
		await until(() => cache.internals.parts.tracking.state.kind === 'ttl', 'the refusal is taken for one');
		return cache;
	};

	it('says so, and serves from memory for a short time', async () => {
		const cache = await openUntold();
		expect(cache.stats().memory.coherence).toBe('ttl');
		await cache.set('k', 1);
		await untilInMemory(cache, 'k');
	});

	for (const [what, change] of [
		['a set', (other) => other.set('k', 'new')],
		['a delete', (other) => other.delete('k')],
		['a clear', (other) => other.clear()],
		['an invalidated tag', (other) => other.invalidateTags(['t'])],
	] as const satisfies readonly (readonly [string, (other: RedisCache) => Promise<unknown>])[]) {
		it(`sees ${what} of another process after that time`, async () => {
			const cache = await openUntold();
			const other = await fixture.open(steady);
			await other.set('k', 'old', {tags: ['t']});
			await untilInMemory(cache, 'k');
			await change(other);
			await new Promise((resolve) => setTimeout(resolve, 220));
			expect(await cache.get('k')).not.toBe('old');
		});
	}
});

describe('two processes', () => {
	it('that delete and load one key in a loop hold each other up no longer than a load', async () => {
		const children = await Promise.all([openChild(script), openChild(script)]);
		await Promise.all(children.map((child) => child.call('open', {url: fixture.redis.url})));
		const results = await Promise.all(
			children.map((child) => child.call<{worstMs: number; loads: number}>('loop', {key: 'k', rounds: 150, loadMs: 2})),
		);
		for (const {worstMs, loads} of results) {
			expect(loads).toBeGreaterThan(0);
			// A wake-up that is lost costs a lease, 400 ms; several in a row would show.
			expect(worstMs).toBeLessThan(1000);
		}
	});

	it('wake those who wait for the load of the other as soon as it is there', async () => {
		const loading = await fixture.open(steady);
		const waiting = await fixture.open(steady);
		await Promise.all([tracked(loading), tracked(waiting)]);
		const waits: number[] = [];
		for (let round = 0; round < 20; round++) {
			let loadedAt = 0;
			let begun = false;
			const load = loading.getOrSet(`k${round}`, async () => {
				begun = true;
				await new Promise((resolve) => setTimeout(resolve, 60));
				loadedAt = performance.now();
				return round;
			});
			await until(() => begun, 'the load runs');
			expect(await waiting.getOrSet(`k${round}`, () => 'loaded twice')).toBe(round);
			waits.push(performance.now() - loadedAt);
			await load;
		}
		waits.sort((a, b) => a - b);
		// Polling alone would take up to 80 ms at this point.
		expect(waits[10]).toBeLessThan(20);
	});
});
