import {expect, it} from 'vitest';
import type {CacheOptions} from '../../../source/cache/api/types.js';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {Chance} from '../../soak/chance.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {untilTracking} from '../support/states.js';

const fixture = redisFixture();

const givenSeed = process.env.COHERENCE_SEED;
const seed = givenSeed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(givenSeed);
const bursts = Number(process.env.COHERENCE_BURSTS ?? 25);

const namespaces = ['default', 'second'];
/** So few that most are changed by several caches between two reads of one of them. */
const keys = ['k0', 'k1', 'k2'];
const tags = ['t0', 't1', 't2'];
const ttl: CacheOptions['ttl'] = {default: '1h', jitter: 0};

/** What a cache has under all keys. */
const valuesOf = async (cache: RedisCache): Promise<string> => {
	const found: unknown[] = [];
	for (const name of namespaces) found.push([...(await cache.namespace(name).getMany(keys))]);
	return JSON.stringify(found);
};

type Caches = {
	readonly tracked: RedisCache;
	/** With the default. */
	readonly auto: RedisCache;
	/** Goes from one way to another. */
	readonly switching: RedisCache;
	readonly broadcast: RedisCache;
	/** Asks Redis for each read. */
	readonly bypassing: RedisCache;
	/** Without a memory tier: it has what Redis has. */
	readonly bare: RedisCache;
};

const openCaches = async (): Promise<Caches> => {
	const caches = {
		tracked: await fixture.open({ttl, memory: {coherence: 'tracked'}, pool: {lanes: 3}}),
		auto: await fixture.open({ttl}),
		switching: await fixture.open({ttl}),
		broadcast: await fixture.open({ttl, memory: {coherence: 'broadcast'}}),
		bypassing: await fixture.open({ttl, memory: {coherence: 'broadcast'}}),
		bare: await fixture.open({ttl, memory: false}),
	};
	const {tracked, auto, switching, broadcast, bypassing} = caches;
	bypassing.internals.parts.tracking.use('bypass');
	await Promise.all([tracked, auto, switching, broadcast, bypassing].map(untilTracking));
	return caches;
};

/**
 * Makes calls of all caches at random, some of them at the same time, and disturbs them.
 *
 * @param next Values are counted from here. @returns The same for the next burst.
 */
const burst = async (caches: Caches, chance: Chance, next: number): Promise<number> => {
	const all = Object.values(caches);
	let value = next;
	const tagged = () => (chance.is(1 / 3) ? {tags: [chance.of(tags)]} : {});

	const act = (): Promise<unknown> => {
		const cache = chance.of(all).namespace(chance.of(namespaces));
		const key = chance.of(keys);
		const row = ++value;
		switch (
			chance.weighted({
				...{set: 6, setMany: 1, delete: 1, softDelete: 1, expire: 1, touch: 1, rawDelete: 1, get: 4, getMany: 1},
				...{load: 3, reload: 1, tags: 1, softTags: 1, clear: 0.3, softClear: 0.3},
			})
		) {
			case 'set':
				return cache.set(key, row, tagged());
			case 'setMany':
				return cache.setMany(keys.map((each) => [each, row] as const));
			case 'delete':
				return cache.delete(key);
			case 'softDelete':
				return cache.delete(key, {soft: true});
			case 'expire':
				return cache.expire(key, chance.of([1, '1h']));
			case 'touch':
				return cache.touch(key);
			case 'rawDelete':
				return fixture.raw.del(`rct:${chance.of(namespaces)}:${key}`);
			case 'get':
				return cache.get(key);
			case 'getMany':
				return cache.getMany(keys);
			case 'load':
				return cache.getOrSet(key, () => row, tagged());
			case 'reload':
				return cache.getOrSet(key, async () => row, {...tagged(), fresh: true});
			case 'tags':
				return cache.invalidateTags([chance.of(tags), chance.of(tags)]);
			case 'softTags':
				return cache.invalidateTags([chance.of(tags)], {soft: true});
			case 'clear':
				return cache.clear();
			case 'softClear':
				return cache.clear({soft: true});
		}
	};

	const disturb = async (): Promise<void> => {
		switch (chance.weighted({flush: 1, resize: 1, switch: 3, reset: 1, evictMarker: 1})) {
			case 'flush':
				await fixture.raw.flushall();
				break;
			case 'resize':
				await caches.tracked.internals.pool.resize(chance.whole(1, 4));
				break;
			case 'switch': {
				const {tracking} = caches.switching.internals.parts;
				tracking.use(chance.of(['broadcast', 'tracked', 'bypass'] as const));
				break;
			}
			case 'reset':
				chance.of(chance.of(all).internals.pool.lanes).reset('the test does it');
				break;
			case 'evictMarker': {
				const markers = (await fixture.raw.keys('rct:!*')).sort();
				if (markers.length > 0) await fixture.raw.del(chance.of(markers));
				break;
			}
		}
	};

	// With a small table Redis announces nearly all that it remembers, which would hide what it does not announce.
	await fixture.raw.config('SET', 'tracking-table-max-keys', chance.is(1 / 4) ? '10' : '1000000');
	const steps = chance.whole(5, 45);
	const disturbedAt = chance.is(1 / 2) ? chance.whole(0, steps) : -1;
	const calls: Promise<unknown>[] = [];
	for (let step = 0; step < steps; step++) {
		if (step === disturbedAt) calls.push(disturb());
		calls.push(act().catch(() => {}));
		if (chance.is(1 / 3)) await new Promise((resolve) => setImmediate(resolve));
		if (chance.is(1 / 4)) await chance.of(calls);
	}
	await Promise.all(calls);
	return value;
};

/** @returns The caches that go on having something else than Redis after a burst; '': none. */
const differencesAfter = async (caches: Caches, count: number, timeoutMs: number): Promise<string> => {
	const chance = new Chance(seed);
	let next = 0;
	for (let index = 0; index < count; index++) {
		next = await burst(caches, chance, next);
		let differing = '';
		const areSame = async () => {
			const values = await Promise.all(
				Object.entries(caches).map(async ([name, cache]) => [name, await valuesOf(cache)] as const),
			);
			const inRedis = values.at(-1)?.[1];
			differing = values.flatMap(([name, has]) => (has === inRedis ? [] : [`${name} has ${has}\n`])).join('');
			if (differing !== '') differing = `burst ${index}: ${differing}Redis has ${inRedis}`;
			return differing === '';
		};
		await until(areSame, 'all have what Redis has', {timeoutMs}).catch(() => {});
		if (differing !== '') return differing;
	}
	return '';
};

it(`caches in every way have what Redis has after random changes (seed ${seed})`, {timeout: 120_000}, async () => {
	expect(await differencesAfter(await openCaches(), bursts, 15_000)).toBe('');
});

it(`the check finds values that nobody announces (seed ${seed})`, {timeout: 120_000}, async () => {
	const caches = await openCaches();
	// Switches a mechanism off: own writes leave entries verified.
	for (const cache of Object.values(caches))
		Object.defineProperty(cache.internals.parts.tracking, 'trustsOwnWrites', {get: () => true});
	expect(await differencesAfter(caches, 300, 2000)).toMatch(/ has /);
});
