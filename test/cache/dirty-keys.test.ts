import {describe, expect, it} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import type {SafetySwitches} from '../../source/cache/outage/safety-switches.js';
import type {RedisCache} from '../../source/cache/redis-cache.js';
import {reconcileScript} from '../../source/cache/scripts/key-scripts.js';
import type {FaultProxy} from '../../source/proxy/fault-proxy.js';
import {redisFixture} from '../support/cache-fixture.js';
import {itReal} from '../support/real-redis.js';
import {until} from '../support/until.js';

/**
 * What a process changed during an outage must not come back after it. Each scenario returns what is read afterwards; without
 * dirty keys it is the old value.
 */
const fixture = redisFixture();

type Outage = {
	readonly cache: RedisCache;
	/** Another process, which goes on reaching Redis. */
	readonly other: RedisCache;
	readonly proxy: FaultProxy;
	heal(): Promise<void>;
};

const outage = async (mechanisms: Partial<SafetySwitches>, options: CacheOptions, before: Prepare): Promise<Outage> => {
	const proxy = await fixture.proxy();
	const cache = await fixture.openBehind(proxy, options, mechanisms);
	const other = await fixture.open({}, mechanisms);
	await before(cache);
	proxy.add({kind: 'refuse'});
	await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
	return {
		cache,
		other,
		proxy,
		heal: async () => {
			proxy.heal();
			await until(() => cache.stats().mode.mode === 'connected', 'connected again', {timeoutMs: 10_000});
		},
	};
};

type Prepare = (cache: RedisCache) => Promise<unknown>;

const scenarios: Readonly<Record<string, (mechanisms: Partial<SafetySwitches>) => Promise<unknown>>> = {
	'a delete': async (mechanisms) => {
		const {cache, other, heal} = await outage(mechanisms, {}, (before) => before.set('k', 'old'));
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBeUndefined();
		await heal();
		expect(await other.get('k')).toBe(await cache.get('k'));
		return cache.get('k');
	},
	'a set': async (mechanisms) => {
		const {cache, other, heal} = await outage(mechanisms, {memory: false}, (before) => before.set('k', 'old'));
		await cache.set('k', 'new');
		await heal();
		expect(await other.get('k')).toBe(await cache.get('k'));
		return cache.get('k');
	},
	'a clear': async (mechanisms) => {
		const {cache, heal} = await outage(mechanisms, {memory: false}, (before) => before.set('k', 'old'));
		await cache.clear();
		await heal();
		// What this process has cleared it knows by heart: another one has not heard of it.
		return (await fixture.open()).get('k');
	},
	'an invalidation of a tag': async (mechanisms) => {
		const {cache, heal} = await outage(mechanisms, {memory: false}, (before) => before.set('k', 'old', {tags: ['t']}));
		await cache.invalidateTags(['t']);
		await heal();
		return (await fixture.open()).get('k');
	},
	'a shorter life': async (mechanisms) => {
		const {cache, heal} = await outage(mechanisms, {memory: false}, (before) => before.set('k', 'old', {ttl: '1h'}));
		await cache.expire('k', 1);
		await heal();
		return cache.get('k');
	},
	'a set of a value that had expired before the outage was over': async (mechanisms) => {
		const {cache, heal} = await outage(mechanisms, {}, (before) => before.set('k', 'old', {ttl: '1h'}));
		await cache.set('k', 'new', {ttl: 50});
		await until(async () => (await cache.get('k')) === undefined, 'the new value has expired');
		await new Promise((resolve) => setTimeout(resolve, 100));
		await heal();
		return cache.get('k');
	},
	'more deletes than the journal holds': async (mechanisms) => {
		const keys = Array.from({length: 40}, (_, index) => `k${index}`);
		const {cache, other, heal} = await outage(mechanisms, {journal: {maxKeys: 7}}, (before) =>
			before.setMany(keys.map((key) => [key, 'old'])),
		);
		await cache.deleteMany(keys);
		expect((await cache.getMany(keys)).size).toBe(0);
		await heal();
		const found = new Set([...(await cache.getMany(keys)).values(), ...(await other.getMany(keys)).values()]);
		return [...found][0];
	},
	'a delete that was lost on its way, with Redis still in use': async (mechanisms) => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(
			proxy,
			{memory: false, pool: {missedDeadlines: 1000}, breaker: {consecutive: 1000}},
			mechanisms,
		);
		await cache.set('k', 'old');
		const fault = proxy.add({kind: 'error', error: 'CLUSTERDOWN'});
		expect(await cache.delete('k')).toEqual({stored: 'memory'});
		proxy.lift(fault.id);
		expect(cache.stats().mode.mode).toBe('connected');
		return cache.get('k');
	},
};

describe('what was changed during an outage does not come back', () => {
	for (const [change, scenario] of Object.entries(scenarios)) {
		it(change, async () => {
			expect(await scenario({})).toBeUndefined();
		});

		it(`${change}: it would without dirty keys`, async () => {
			expect(await scenario({dirtyKeys: false})).toBe('old');
		});
	}
});

/** The mechanism switched off: every key of the journal is removed, however new what Redis has of it. */
const forgetAges = (cache: RedisCache): void => {
	const {scripts} = cache.internals.parts;
	const run = scripts.run.bind(scripts);
	scripts.run = (script, key, args, ...rest) =>
		run(script, key, script === reconcileScript ? [Number.MAX_SAFE_INTEGER] : args, ...rest);
};

describe('reconciling', () => {
	/** What is read of `a`, deleted here, and of `b`, set here, when another process has set both later. */
	const afterNewerValues = async (remembersAges: boolean) => {
		const {cache, other, heal} = await outage({}, {}, (before) =>
			before.setMany([
				['a', 'old'],
				['b', 'old'],
			]),
		);
		if (!remembersAges) forgetAges(cache);
		await cache.delete('a');
		await cache.set('b', 'mine');
		await new Promise((resolve) => setTimeout(resolve, 250));
		await other.set('a', 'newer');
		await other.set('b', 'newer');
		const rounds: {readonly keys: number; readonly kept: number}[] = [];
		cache.on('reconcile', (round) => rounds.push(round));
		await heal();
		return {read: await cache.getMany(['a', 'b']), rounds};
	};

	it('lets live what another process has set since', async () => {
		const {read, rounds} = await afterNewerValues(true);
		expect(read).toEqual(
			new Map([
				['a', 'newer'],
				['b', 'newer'],
			]),
		);
		expect(rounds).toMatchObject([{keys: 2, kept: 2}]);
	});

	it('would take it away, if it did not look at what is there', async () => {
		const {read, rounds} = await afterNewerValues(false);
		expect(read).toEqual(new Map());
		expect(rounds).toMatchObject([{keys: 2, kept: 0}]);
	});

	it('removes what another process had loaded before the change, although it was written later', async () => {
		const {cache, other, heal} = await outage({}, {}, async () => {});
		let release: (row: string) => void = () => {};
		let begun = false;
		const load = other.getOrSet('k', () => {
			begun = true;
			return new Promise<string>((resolve) => {
				release = resolve;
			});
		});
		await until(() => begun, 'the other process has read the old row');
		await cache.delete('k');
		await new Promise((resolve) => setTimeout(resolve, 20));
		release('old');
		expect(await load).toBe('old');
		expect(await other.get('k')).toBe('old');
		await heal();
		expect(await cache.get('k')).toBeUndefined();
		await until(async () => (await other.get('k')) === undefined, 'the other process hears of it');
	});

	it('after an overflow empties its own namespace and no other', async () => {
		const {cache, heal} = await outage({}, {journal: {maxKeys: 3}}, async (before) => {
			await before.set('k', 'old');
			await before.namespace('spared').set('k', 'kept');
		});
		for (let index = 0; index < 10; index++) await cache.delete(`x${index}`);
		expect(cache.stats().journal).toMatchObject({size: 1, overflowed: 1, limit: 3});
		expect(await cache.set('k', 'mine')).toEqual({stored: 'memory'});
		expect(await cache.get('k')).toBe('mine');
		await heal();
		expect(await cache.get('k')).toBeUndefined();
		expect(await cache.namespace('spared').get('k')).toBe('kept');
	});

	it('bounds the tags that are remembered, too', async () => {
		const {cache, heal} = await outage({}, {journal: {maxKeys: 50}}, (before) =>
			before.set('k', 'old', {tags: ['tag 0']}),
		);
		for (let index = 0; index < 500; index++) await cache.invalidateTags([`tag ${index}`]);
		expect(cache.stats().journal.max).toBeLessThanOrEqual(51);
		expect(await cache.get('k')).toBeUndefined();
		await heal();
		expect(await (await fixture.open()).get('k')).toBeUndefined();
	});

	itReal('is not brought to a halt by a server that refuses it, nor asks it without a pause', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {breaker: {consecutive: 1000, minimum: 100_000}});
		await cache.set('k', 'old');
		await fixture.raw.call('ACL', 'SETUSER', 'default', '-evalsha', '-eval');
		const stored = await cache.delete('k');
		const before = cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.commands, 0);
		await new Promise((resolve) => setTimeout(resolve, 500));
		const asked = cache.stats().pool.lanes.reduce((sum, lane) => sum + lane.commands, 0) - before;
		await fixture.raw.call('ACL', 'SETUSER', 'default', '+@all');
		expect(stored).toEqual({stored: 'memory'});
		expect(asked).toBeLessThan(30);
		await until(() => cache.stats().journal.size === 0, 'reconciled once it may');
		expect(await cache.get('k')).toBeUndefined();
	});
});

describe('reads in a long outage', () => {
	it('do not fill the journal, with sliding TTLs', async () => {
		const {cache} = await outage({}, {ttl: {default: '2s', sliding: true, jitter: 0}}, async (before) => {
			for (let index = 0; index < 20; index++) await before.set(`k${index}`, index);
		});
		await new Promise((resolve) => setTimeout(resolve, 1100));
		for (let index = 0; index < 20; index++) expect(await cache.get(`k${index}`)).toBe(index);
		expect(cache.stats().journal.size).toBe(0);
		await new Promise((resolve) => setTimeout(resolve, 1100));
		expect(await cache.get('k0')).toBe(0);
	});

	it('never bring back what an invalidated tag was on, however many tags there have been since', async () => {
		const {cache} = await outage({}, {journal: {maxKeys: 100_000}}, (before) =>
			before.set('k', 'old', {tags: ['first']}),
		);
		await cache.invalidateTags(['first']);
		expect(await cache.get('k')).toBeUndefined();
		await cache.set('other', 'old', {tags: ['first']});
		await cache.invalidateTags(['first']);
		for (let round = 0; round < 330; round++)
			await cache.invalidateTags(Array.from({length: 64}, (_, index) => `${round}:${index}`));
		expect(await cache.get('other')).toBeUndefined();
	});
});
