import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {milliseconds} from '../../source/cache/options/duration.js';
import {TtlRules} from '../../source/cache/options/ttl-rules.js';
import {redisFixture} from '../support/cache-fixture.js';
import {until} from '../support/until.js';

const day = 86_400_000;

describe('durations', () => {
	it.each([
		[250, 250],
		['250ms', 250],
		['30s', 30_000],
		['5m', 300_000],
		['2h', 7_200_000],
		['1d', day],
		['1.5h', 5_400_000],
		[0, 0],
		['0s', 0],
	] as const)('%j are %d ms', (duration, expected) => {
		expect(milliseconds(duration, 'it')).toBe(expected);
	});

	it('of any number and unit are whole and at most 30 days', () => {
		fc.assert(
			fc.property(fc.nat(), fc.constantFrom('ms', 's', 'm', 'h', 'd'), (number, unit) => {
				const result = milliseconds(`${number}${unit}`, 'it');
				expect(Number.isInteger(result)).toBe(true);
				expect(result).toBeGreaterThanOrEqual(0);
				expect(result).toBeLessThanOrEqual(30 * day);
			}),
		);
	});

	it('of other texts are refused by name, never taken for something', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				if (/^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*$/.test(text)) return;
				expect(() => milliseconds(text, 'my ttl')).toThrow(/^my ttl /);
			}),
		);
	});
});

describe('the rules', () => {
	it('are 5 minutes ±10 %, at most 30 days, no grace, unless told otherwise', () => {
		const rules = new TtlRules();
		const lives = Array.from({length: 1000}, () => rules.lifetime('k', undefined));
		for (const {ttlMs, graceMs} of lives) {
			expect(ttlMs).toBeGreaterThanOrEqual(270_000);
			expect(ttlMs).toBeLessThanOrEqual(330_000);
			expect(graceMs).toBe(0);
		}
		expect(new Set(lives.map(({ttlMs}) => ttlMs)).size).toBeGreaterThan(500);
		for (let round = 0; round < 100; round++)
			expect(rules.lifetime('k', {ttl: '40d'}).ttlMs).toBeLessThanOrEqual(30 * day);
	});

	it('spread a TTL evenly over its jitter, and never past the maximum or to nothing', () => {
		fc.assert(
			fc.property(
				fc.integer({min: 1, max: 10 * day}),
				fc.double({min: 0, max: 1, noNaN: true}),
				fc.double({min: 0, max: 1, noNaN: true, maxExcluded: true}),
				(ttl, jitter, chance) => {
					const {ttlMs} = new TtlRules({jitter, max: '7d'}, () => chance).lifetime('k', {ttl});
					expect(Number.isInteger(ttlMs)).toBe(true);
					expect(ttlMs).toBeGreaterThanOrEqual(1);
					expect(ttlMs).toBeLessThanOrEqual(7 * day);
					expect(ttlMs).toBeGreaterThanOrEqual(Math.floor(Math.min(7 * day, ttl) * (1 - jitter)));
					expect(ttlMs).toBeLessThanOrEqual(Math.max(1, Math.ceil(ttl * (1 + jitter))));
				},
			),
		);
	});

	it('take the first pattern that matches, and what the call says over it', () => {
		const rules = new TtlRules({
			default: '1m',
			grace: '1s',
			jitter: 0,
			patterns: [
				{match: 'user:*:name', ttl: '2m'},
				{match: 'user:?', grace: '3s'},
				{match: /^user:/g, ttl: '4m', grace: '4s'},
				{match: 'a.b*', ttl: '5m'},
			],
		});
		const minutes = (key: string) => rules.lifetime(key, undefined).ttlMs / 60_000;
		expect(minutes('user:17:name')).toBe(2);
		expect(rules.lifetime('user:1', undefined)).toEqual({ttlMs: 60_000, graceMs: 3000});
		// A regular expression with the flag g remembers where it was.
		for (let round = 0; round < 3; round++)
			expect(rules.lifetime('user:17', undefined)).toEqual({ttlMs: 240_000, graceMs: 4000});
		expect(minutes('a.bc')).toBe(5);
		expect(minutes('axbc')).toBe(1);
		expect(minutes('other:user:17:name')).toBe(1);
		expect(rules.lifetime('user:17', {ttl: 10})).toEqual({ttlMs: 10, graceMs: 4000});
		expect(rules.lifetime('user:17', {grace: 10})).toEqual({ttlMs: 240_000, graceMs: 10});
	});
});

describe('in a cache', () => {
	const fixture = redisFixture();

	it('a value past its TTL is a miss, in memory and in Redis', async () => {
		const cache = await fixture.open({ttl: {default: 60, jitter: 0}});
		const other = await fixture.open();
		await cache.set('k', 'v');
		expect(await other.get('k')).toBe('v');
		await until(async () => (await cache.get('k')) === undefined, 'a miss here');
		expect(await other.get('k')).toBeUndefined();
		expect(await other.has('k')).toBe(false);
		await until(async () => (await fixture.raw.exists('rct:default:k')) === 0, 'Redis has dropped it');
	});

	it('sliding: reads prolong a life, and one that nobody reads ends', async () => {
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

	it('grace: a stale value is served when the loader fails, and when Redis is away, but not by a plain get', async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, {ttl: {default: 40, jitter: 0, grace: '1m'}});
		await cache.set('k', 'old');
		await until(async () => (await cache.get('k')) === undefined, 'it is stale');
		expect(await cache.getOrSet('k', () => Promise.reject(new Error('no database')))).toBe('old');
		proxy.add({kind: 'refuse'});
		await until(() => cache.stats().mode.mode === 'fallback', 'fallback');
		expect(await cache.get('k')).toBe('old');
		expect(await cache.getEntry('k')).toMatchObject({value: 'old', source: 'memory', stale: true});
		expect((await cache.ttl('k')) ?? 0).toBeLessThan(0);
		expect(await cache.getOrSet('k', () => 'new')).toBe('new');
		expect(cache.stats().counters.hitsStale).toBeGreaterThanOrEqual(3);
	});

	it('grace ends: then there is nothing to serve', async () => {
		const cache = await fixture.open({ttl: {default: 20, jitter: 0, grace: 60}});
		await cache.set('k', 'old');
		await new Promise((resolve) => setTimeout(resolve, 100));
		await expect(cache.getOrSet('k', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
	});

	it('refreshAhead: a hit late in a life reloads in the background, once', async () => {
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

	it('refreshAhead: a failing loader leaves the value where it is', async () => {
		const cache = await fixture.open({ttl: {default: 400, jitter: 0}});
		await cache.set('k', 'v');
		for (let round = 0; round < 5; round++)
			expect(await cache.getOrSet('k', () => Promise.reject(new Error('no database')), {refreshAhead: 1})).toBe('v');
		expect(await cache.get('k')).toBe('v');
	});

	it('negative: "not there" is remembered for its own time, by all processes', async () => {
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

	it('negative: 0 remembers nothing, and a set ends it at once', async () => {
		const cache = await fixture.open();
		expect(await cache.getOrSet('k', () => undefined, {negativeTtl: 0})).toBeUndefined();
		expect(await cache.getOrSet('k', () => 'there')).toBe('there');
		expect(await cache.getOrSet('l', () => undefined)).toBeUndefined();
		await cache.set('l', 'there');
		expect(await cache.getOrSet('l', () => 'not asked')).toBe('there');
	});

	it('what a loader says of its value counts over what the caller said', async () => {
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
