import {expect, it} from 'vitest';
import {ticksOf} from '../../../source/report/html/charts/time-axis.js';

const second = 1000;
const minute = 60 * second;

it.each([
	[10 * second, '0 2 4 6 8 10 s'],
	[3 * minute, '0 30 60 90 120 150 180 s'],
	[5 * minute, '0 1 2 3 4 5 min'],
	[3 * 60 * minute, '0 30 60 90 120 150 180 min'],
	[24 * 60 * minute, '0 6 12 18 24 h'],
])('the ticks of an axis of %d ms have one unit', (totalMs, words) => {
	expect(
		ticksOf(totalMs)
			.map((tick) => tick.words)
			.join(' '),
	).toBe(words);
});
