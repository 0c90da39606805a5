import {describe, expect, it} from 'vitest';
import {parseLifetime, typedLifetime} from '../../source/text/lifetime.js';

describe('a typed lifetime', () => {
	it.each([
		['60', 60_000],
		['1.5', 1500],
		['30s', 30_000],
		['1h30m', 5_400_000],
		['1d 2h', 93_600_000],
		['250ms', 250],
		['1m1s500ms', 61_500],
		['400d', 400 * 86_400_000],
	])('%s is %i ms', (text, ms) => {
		expect(parseLifetime(text)).toBe(ms);
	});

	it.each(['', 'soon', '1x', '-5s', '5s x', 'h', '1h-30m', '101y', '40000d'])('is not %j', (text) => {
		expect(parseLifetime(text)).toBeUndefined();
	});

	it.each([
		[5_400_000, '1h30m'],
		[61_400, '1m1s'],
		[86_402_000, '1d2s'],
		[3, '1s'],
	])('of %i ms is filled in as %s', (ms, text) => {
		expect(typedLifetime(ms)).toBe(text);
		expect(parseLifetime(text)).toBeGreaterThan(0);
	});
});
