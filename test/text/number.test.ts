import {expect, test} from 'vitest';
import {
	formatBytes,
	formatCount,
	formatCountOf,
	formatPercent,
	formatShortCount,
	noData,
} from '../../source/text/number.js';

test('shows what was not measured as "no data", never as 0', () => {
	for (const format of [formatCount, formatShortCount, formatBytes, formatPercent]) {
		expect(format(undefined)).toBe(noData);
		expect(format(Number.NaN)).toBe(noData);
	}
});

test('counts have separators', () => {
	expect([0, 999, 1000, 1_234_567, -1234].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567', '-1,234']);
});

test('a count comes with its noun in the right number', () => {
	expect(formatCountOf(1, 'key')).toBe('1 key');
	expect(formatCountOf(0, 'key')).toBe('0 keys');
	expect(formatCountOf(1200, 'entry', 'entries')).toBe('1,200 entries');
});

test('a short count takes at most five characters', () => {
	for (let value = 1; value < 1e12; value = Math.ceil(value * 1.7))
		expect(formatShortCount(value).length).toBeLessThanOrEqual(5);
	expect([999, 9999, 12_345, 123_456, 1_234_567].map(formatShortCount)).toEqual([
		'999',
		'9,999',
		'12.3k',
		'123k',
		'1.23M',
	]);
});

test('only exactly all is 100 % and only exactly none is 0 %', () => {
	expect(formatPercent(0.99999)).toBe('99.9 %');
	expect(formatPercent(0.00001)).toBe('0.1 %');
	expect(formatPercent(0.999999, 3)).toBe('99.999 %');
	expect([formatPercent(1), formatPercent(0), formatPercent(0.973), formatPercent(0.5, 0)]).toEqual([
		'100 %',
		'0 %',
		'97.3 %',
		'50 %',
	]);
});

test('a percentage keeps its trailing zeros, or drops them on request', () => {
	expect(formatPercent(0.3)).toBe('30.0 %');
	expect(formatPercent(0.3, 1, 'drop')).toBe('30 %');
	expect(formatPercent(0.6876, 3, 'drop')).toBe('68.76 %');
});

test('sizes are in bytes or in powers of 1024', () => {
	expect([512, 1023, 1536, 67_108_864, 1024 ** 4].map(formatBytes)).toEqual([
		'512 B',
		'1023 B',
		'1.5 KiB',
		'64 MiB',
		'1 TiB',
	]);
});
