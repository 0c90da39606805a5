import fc from 'fast-check';
import {expect, it} from 'vitest';
import {timeText} from '../../../source/cache/clock/time-text.js';

it('writes server times as String does', () => {
	fc.assert(
		fc.property(fc.integer({min: 100_000_000, max: Number.MAX_SAFE_INTEGER}), (micros) => {
			expect(timeText(micros)).toBe(String(micros));
		}),
	);
});

it('writes times in a row, and the digits that they share', () => {
	for (const micros of [1_795_984_599_999_999, 1_795_984_600_000_000, 1_795_984_600_000_001, 1_795_984_610_010_000]) {
		expect(timeText(micros)).toBe(String(micros));
	}
});
