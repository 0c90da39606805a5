import {expect, test} from 'vitest';
import {formatPreciseTimeOfDay, formatTimeOfDay} from '../../source/text/time-of-day.js';

test('a time of day is local and has two digits for each part', () => {
	const at = new Date(2026, 10, 14, 7, 3, 9, 45).getTime();
	expect(formatTimeOfDay(at)).toBe('07:03:09');
	expect(formatPreciseTimeOfDay(at)).toBe('07:03:09.045');
});
