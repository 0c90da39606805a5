import {expect, test} from 'vitest';
import {formatAge, formatDuration, formatElapsed, formatLatency, parseDuration} from '../../source/text/duration.js';
import {noData} from '../../source/text/number.js';

test('parses a number with a unit, and takes a bare number as milliseconds', () => {
	expect(['500', '250ms', '1.5s', '5m', '2h', '1d', ' 30 s '].map((text) => parseDuration(text))).toEqual([
		500, 250, 1500, 300_000, 7_200_000, 86_400_000, 30_000,
	]);
});

test('can require a unit', () => {
	expect(['500', '0', '1.5s'].map((text) => parseDuration(text, 'required'))).toEqual([undefined, undefined, 1500]);
});

test('refuses whatever is not a duration', () => {
	for (const text of [
		'',
		'-1s',
		'+1s',
		'1e3',
		'1.s',
		'.5s',
		'5 m 3 s',
		'5min',
		'5M',
		'soon',
		'1d2',
		'Infinity',
		'1_000',
	])
		expect(parseDuration(text), text).toBeUndefined();
});

test('formats a setting exactly, in a unit of which there are at least two', () => {
	expect(
		[0, 200, 999.5, 1500, 60_000, 120_000, 90 * 60_000, 7_200_000, 86_400_000, 172_800_000].map(formatDuration),
	).toEqual(['0 ms', '200 ms', '999.5 ms', '1.5 s', '60 s', '2 min', '90 min', '2 h', '24 h', '2 d']);
	expect(formatDuration(1234.567)).toBe('1.23 s');
});

test('formats a measurement with three digits and a unit that fits it', () => {
	expect([0, 0.012, 0.0999, 0.123, 1.236, 12.36, 123.6, 999.6, 1240].map(formatLatency)).toEqual([
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

test('a measurement takes at most seven characters, so that columns do not move', () => {
	for (let ms = 0.0001; ms < 900_000; ms *= 1.37) expect(formatLatency(ms).length).toBeLessThanOrEqual(7);
});

test('formats an age in its two largest units, rounded down', () => {
	expect([0, 850, 12_000, 252_000, 7_380_000, 273_600_000].map(formatElapsed)).toEqual([
		'0 ms',
		'850 ms',
		'12 s',
		'4m 12s',
		'2h 03m',
		'3d 04h',
	]);
	expect(formatElapsed(-1)).toBe('0 s');
	expect([900, -5, 61_999].map(formatAge)).toEqual(['0 s', '0 s', '1m 01s']);
});

test('shows what was not measured as "no data", never as 0', () => {
	for (const format of [formatLatency, formatElapsed, formatAge]) {
		expect(format(undefined)).toBe(noData);
		expect(format(Number.NaN)).toBe(noData);
	}
});
