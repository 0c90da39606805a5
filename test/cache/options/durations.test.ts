import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Duration} from '../../../source/cache/api/types.js';
import {milliseconds} from '../../../source/cache/options/duration.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {settle} from '../../support/gate.js';
import {until} from '../../support/until.js';

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

	it('with any number and unit are whole milliseconds, 30 days at most', () => {
		fc.assert(
			fc.property(fc.nat(), fc.constantFrom('ms', 's', 'm', 'h', 'd'), (number, unit) => {
				const result = milliseconds(`${number}${unit}`, 'it');
				expect(Number.isInteger(result)).toBe(true);
				expect(result).toBeGreaterThanOrEqual(0);
				expect(result).toBeLessThanOrEqual(30 * day);
			}),
		);
	});

	it('in any other text are rejected by name', () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				if (/^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*$/.test(text)) return;
				expect(() => milliseconds(text, 'my ttl')).toThrow(/^my ttl /);
			}),
		);
	});
});

const fixture = redisFixture();

const codeOf = (error: unknown): unknown => (error as {readonly code?: unknown} | undefined)?.code;

describe('durations in calls of a cache', () => {
	const bad: readonly unknown[] = [
		-1,
		Number.NaN,
		Number.NEGATIVE_INFINITY,
		'5 parsecs',
		'',
		'5',
		'm',
		'-5m',
		'5m5s',
		{},
		null,
		true,
	];
	it.each(bad)('%j is rejected by every call that takes a duration', async (duration) => {
		const cache = await fixture.open();
		await cache.set('k', 'before');
		const ttl = duration as Duration;
		const calls = [
			() => cache.set('k', 1, {ttl}),
			() => cache.set('k', 1, {grace: ttl}),
			() => cache.expire('k', ttl),
			() => cache.getOrSet('new', () => 1, {ttl}),
			() => cache.getOrSet('new', () => 1, {grace: ttl}),
			() => cache.getOrSet('new', () => 1, {negativeTtl: ttl}),
			() => cache.getOrSet('new', () => 1, {softTimeout: ttl}),
			() => cache.getOrSet('new', () => 1, {hardTimeout: ttl}),
			() => cache.ready(ttl),
		];
		for (const call of calls) expect(codeOf((await settle<unknown>(call())).error)).toBe('ERR_INVALID_DURATION');
		expect(await cache.get('k')).toBe('before');
		expect(cache.stats().counters.loads).toBe(0);
		expect(cache.stats().pending).toBe(0);
	});

	it.each([
		[Number.POSITIVE_INFINITY, 30 * 86_400_000],
		['400d', 30 * 86_400_000],
		['1.5s', 1500],
		[' 2 h ', 7_200_000],
		[0.2, 1],
	] as const)('%j means %d ms', async (ttl, ms) => {
		const cache = await fixture.open({ttl: {max: '30d', jitter: 0}});
		await cache.set('k', 1, {ttl: ttl as Duration});
		const left = await fixture.raw.pttl('rct:default:k');
		if (ms > 1) expect(left).toBeGreaterThan(ms - 5000);
		expect(left).toBeLessThanOrEqual(ms);
	});

	it('of a loader may be longer than any timer: it is not aborted at once', async () => {
		const cache = await fixture.open();
		const load = () => new Promise<string>((resolve) => setTimeout(() => resolve('value'), 30));
		expect(await cache.getOrSet('k', load, {hardTimeout: Number.POSITIVE_INFINITY})).toBe('value');
		expect(await cache.getOrSet('l', load, {hardTimeout: '30d'})).toBe('value');
		await cache.set('m', 'stale', {ttl: 1, grace: '1h'});
		await until(async () => (await cache.get('m')) === undefined, 'it is stale');
		expect(await cache.getOrSet('m', load, {softTimeout: '30d'})).toBe('value');
	});
});
