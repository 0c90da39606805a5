import {describe, expect, it} from 'vitest';
import {redisFixture} from '../../support/cache-fixture.js';
import {until} from '../../support/until.js';
import {untilFallback} from '../support/states.js';

describe('the TTL of a value', () => {
	const fixture = redisFixture();

	it('makes it a miss when it has passed, in memory and in Redis', async () => {
		const cache = await fixture.open({ttl: {default: 60, jitter: 0}});
		const other = await fixture.open();
		await cache.set('k', 'v');
		expect(await other.get('k')).toBe('v');
		await until(async () => (await cache.get('k')) === undefined, 'a miss here');
		expect(await other.get('k')).toBeUndefined();
		expect(await other.has('k')).toBe(false);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'Redis has dropped it');
	});

	it('with sliding, is restarted by reads, and passes without them', async () => {
		const cache = await fixture.open({ttl: {default: 400, jitter: 0, sliding: true}});
		await cache.set('k', 'v');
		await cache.set('alone', 'v');
		const end = performance.now() + 1200;
		while (performance.now() < end) {
			expect(await cache.get('k')).toBe('v');
			await new Promise((resolve) => setTimeout(resolve, 40));
		}
		expect(await cache.get('alone')).toBeUndefined();
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'it ends when nobody reads it');
	});

	it('with grace, lets a stale value be served if the loader fails or Redis is away, but not by a plain get', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {ttl: {default: 40, jitter: 0, grace: '1m'}});
		await cache.set('k', 'old');
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		expect(await cache.getOrSet('k', () => Promise.reject(new Error('no database')))).toBe('old');
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		expect(await cache.get('k')).toBe('old');
		expect(await cache.getEntry('k')).toMatchObject({value: 'old', source: 'memory', stale: true});
		expect((await cache.ttl('k')) ?? 0).toBeLessThan(0);
		expect(await cache.getOrSet('k', () => 'new')).toBe('new');
		expect(cache.stats().counters.hitsStale).toBeGreaterThanOrEqual(3);
	});

	it('with grace, leaves nothing to serve once grace has passed', async () => {
		const cache = await fixture.open({ttl: {default: 20, jitter: 0, grace: 60}});
		await cache.set('k', 'old');
		await new Promise((resolve) => setTimeout(resolve, 100));
		await expect(cache.getOrSet('k', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
	});

	it('with refreshAhead, makes a late hit reload in the background, once', async () => {
		const cache = await fixture.open({ttl: {default: 4000, jitter: 0, refreshAhead: 0.5}});
		let loads = 0;
		const load = () => `value ${++loads}`;
		expect(await cache.getOrSet('k', load)).toBe('value 1');
		expect(await cache.getOrSet('k', load)).toBe('value 1');
		await until(async () => ((await cache.ttl('k')) ?? 0) < 2000, 'half of its life is over');
		const hits = await Promise.all(Array.from({length: 20}, () => cache.getOrSet('k', load)));
		expect(new Set(hits)).toEqual(new Set(['value 1']));
		await until(async () => (await cache.get('k')) === 'value 2', 'the new value is there');
		expect(loads).toBe(2);
	});

	it('with refreshAhead, stays if the loader fails', async () => {
		const cache = await fixture.open({ttl: {default: 400, jitter: 0}});
		await cache.set('k', 'v');
		for (let round = 0; round < 5; round++)
			expect(await cache.getOrSet('k', () => Promise.reject(new Error('no database')), {refreshAhead: 1})).toBe('v');
		expect(await cache.get('k')).toBe('v');
	});

	it('with negative, lets all processes remember "not there" for that time', async () => {
		const cache = await fixture.open({ttl: {negative: 200, jitter: 0}});
		const other = await fixture.open();
		let loads = 0;
		const load = () => {
			loads++;
			return undefined;
		};
		expect(await cache.getOrSet('k', load)).toBeUndefined();
		expect(await cache.getOrSet('k', load)).toBeUndefined();
		expect(await other.getOrSet('k', load)).toBeUndefined();
		expect(await other.has('k')).toBe(false);
		expect(await other.getEntry('k')).toBeUndefined();
		expect(loads).toBe(1);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'it is forgotten');
		expect(await cache.getOrSet('k', () => 'there now')).toBe('there now');
	});

	it('with negative: 0 remembers nothing; a set ends a remembered "not there"', async () => {
		const cache = await fixture.open();
		expect(await cache.getOrSet('k', () => undefined, {negativeTtl: 0})).toBeUndefined();
		expect(await cache.getOrSet('k', () => 'there')).toBe('there');
		expect(await cache.getOrSet('l', () => undefined)).toBeUndefined();
		await cache.set('l', 'there');
		expect(await cache.getOrSet('l', () => 'not asked')).toBe('there');
	});

	it('set by a loader wins over the one that the caller gave', async () => {
		const cache = await fixture.open({ttl: {jitter: 0}});
		const load = ({setOptions}: {setOptions: (options: {ttl: string & `${number}h`; tags: string[]}) => void}) => {
			setOptions({ttl: '2h', tags: ['late']});
			return 'v';
		};
		await cache.set('warm', 1, {tags: ['late']});
		expect(await cache.getOrSet('k', load, {ttl: '1m', tags: ['early']})).toBe('v');
		expect(await cache.ttl('k')).toBeGreaterThan(7_000_000);
		await cache.invalidateTags(['early']);
		expect(await cache.get('k')).toBe('v');
		await cache.invalidateTags(['late']);
		expect(await cache.get('k')).toBeUndefined();
	});
});
