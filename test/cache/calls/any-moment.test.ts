import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {RedisCache} from '../../../source/cache/redis-cache.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {gate} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilFallback} from '../support/states.js';

const fixture = redisFixture();

/** Nothing else settles a call that is forgotten. */
const patient = {deadline: '20s', loader: {hardTimeout: '1h'}} as const;

/** A call that waits for the end of another process's lease would settle after ten seconds. */
const beforeItsLeaseEnds = {timeout: 8000} as const;

/**
 * Calls of every kind, some of which wait for the loads of another process. No two change the same key: `close` would wait for
 * the deadline of the first.
 */
const calls: Readonly<Record<string, (cache: RedisCache) => Promise<unknown>>> = {
	get: (cache) => cache.get('a'),
	'get of another': (cache) => cache.get('held'),
	getMany: (cache) => cache.getMany(['a', 'b', 'held']),
	'getOrSet of what another loads': (cache) => cache.getOrSet('held', () => 1),
	'getOrSet of what another loads, for the second time': (cache) => cache.getOrSet('held', () => 1),
	'fresh getOrSet of what another loads': (cache) => cache.getOrSet('held, too', () => 1, {fresh: true}),
	'getOrSetMany of what another loads': (cache) =>
		cache.getOrSetMany(['held', 'held, too', 'c'], ({keys}) => new Map(keys.map((key) => [key, 1]))),
	'getOrSet with a tag': (cache) => cache.getOrSet('tagged', () => 1, {tags: ['t']}),
	set: (cache) => cache.set('a', 1),
	'set with a tag': (cache) => cache.set('b', 1, {tags: ['t']}),
	setMany: (cache) =>
		cache.setMany([
			['c', 1],
			['d', 2],
		]),
	delete: (cache) => cache.delete('e'),
	expire: (cache) => cache.expire('f', 1000),
	touch: (cache) => cache.touch('d'),
	ttl: (cache) => cache.ttl('d'),
	invalidateTags: (cache) => cache.invalidateTags(['t']),
	'clear of a namespace': (cache) => cache.namespace('other').clear(),
	withConnection: (cache) => cache.withConnection((connection) => connection.send('PING')),
};

/** Starts all calls, and passes some turns of the event loop; returns the names of those that have not settled yet. */
const start = async (cache: RedisCache, order: readonly string[], turns: number): Promise<Set<string>> => {
	const open = new Set(order);
	for (const name of order) {
		const done = () => open.delete(name);
		void calls[name]?.(cache).then(done, done);
	}
	for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
	return open;
};

const order = fc.shuffledSubarray(Object.keys(calls), {minLength: 1});
const turns = fc.integer({min: 0, max: 60});
const memory = fc.constantFrom({}, {memory: false} as const);
const outage = fc.constantFrom('refuse' as const, 'blackhole' as const);

describe('every call settles', () => {
	it('when the cache is closed, at any moment', async () => {
		const owner = await fixture.open(patient);
		const {promise, open: endLoads} = gate();
		const loads = ['held', 'held, too'].map((key) => owner.getOrSet(key, () => promise));
		await until(() => owner.stats().loads.running === 2, 'the loads of the other process run');
		await fc.assert(
			fc.asyncProperty(order, turns, memory, async (names, passed, options) => {
				const cache = await fixture.open({...patient, ...options});
				const left = await start(cache, names, passed);
				await cache.close();
				await expect.poll(() => [...left], beforeItsLeaseEnds).toEqual([]);
			}),
			{numRuns: 150},
		);
		endLoads();
		await Promise.all(loads);
	});

	it('when Redis goes away, at any moment', async () => {
		const owner = await fixture.open({loader: {hardTimeout: '1h'}});
		const {promise, open: endLoads} = gate();
		const loads = ['held', 'held, too'].map((key) => owner.getOrSet(key, () => promise));
		await until(() => owner.stats().loads.running === 2, 'the loads of the other process run');
		await fc.assert(
			fc.asyncProperty(order, turns, memory, outage, async (names, passed, options, kind) => {
				const proxy = await fixture.proxy();
				const cache = await fixture.openBehind(proxy, {deadline: 50, loader: {hardTimeout: '1h'}, ...options});
				const left = await start(cache, names, passed);
				proxy.add({kind});
				await untilFallback(cache);
				await expect.poll(() => [...left], beforeItsLeaseEnds).toEqual([]);
				await cache.close();
				await proxy.close();
			}),
			{numRuns: 8},
		);
		endLoads();
		await Promise.all(loads);
	});
});
