import {expect, test} from 'vitest';
import {age, bytes, count, duration, latency, noData, percent, shortCount} from '../../source/ui/format.js';

test('what was not measured is said to be so, and never a zero', () => {
	for (const format of [latency, duration, age, count, shortCount, bytes, percent]) {
		expect(format(undefined)).toBe(noData);
		expect(format(Number.NaN)).toBe(noData);
	}
});

test('latencies have three digits and a unit that fits them', () => {
	expect([0, 0.012, 0.0999, 0.123, 1.236, 12.36, 123.6, 999.6, 1240].map(latency)).toEqual([
		'0 µs',
		'12 µs',
		'0.10 ms',
		'0.12 ms',
		'1.24 ms',
		'12.4 ms',
		'124 ms',
		'1.00 s',
		'1.24 s',
	]);
});

test('a latency never takes more than seven cells, so that columns stay', () => {
	for (let ms = 0.0001; ms < 900_000; ms *= 1.37) expect(latency(ms).length).toBeLessThanOrEqual(7);
});

test('durations go from milliseconds to days', () => {
	expect([0, 850, 12_000, 252_000, 7_380_000, 273_600_000].map(duration)).toEqual([
		'0 ms',
		'850 ms',
		'12 s',
		'4m 12s',
		'2h 03m',
		'3d 04h',
	]);
	expect(age(900)).toBe('0 s');
	expect(age(-5)).toBe('0 s');
	expect(age(61_999)).toBe('1m 01s');
});

test('a hundred per cent and zero are only said when they are exact', () => {
	expect(percent(0.99999)).toBe('99.9 %');
	expect(percent(0.00001)).toBe('0.1 %');
	expect([percent(1), percent(0), percent(0.973), percent(0.5, 0)]).toEqual(['100 %', '0 %', '97.3 %', '50 %']);
	expect(percent(0.999999, 3)).toBe('99.999 %');
});

test('counts have separators, short ones a unit and at most five characters', () => {
	expect(count(1_234_567)).toBe('1,234,567');
	expect(count(999)).toBe('999');
	for (let value = 1; value < 1e12; value = Math.ceil(value * 1.7))
		expect(shortCount(value).length).toBeLessThanOrEqual(5);
	expect(shortCount(12_345)).toBe('12.3k');
	expect([bytes(512), bytes(1536), bytes(67_108_864)]).toEqual(['512 B', '1.5 KiB', '64 MiB']);
});
