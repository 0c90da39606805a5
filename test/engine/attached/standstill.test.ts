import {expect, it} from 'vitest';
import {Standstill} from '../../../source/engine/attached/standstill.js';

it('a standstill is noticed before the first tick after it, and for a while from that tick on', () => {
	const standstill = new Standstill(0);
	standstill.tick(1000);
	expect(standstill.isRecent(2500)).toBe(false);
	expect(standstill.isRecent(31_000)).toBe(true);
	standstill.tick(31_000);
	expect(standstill.isRecent(31_500)).toBe(true);
	standstill.tick(32_000);
	expect(standstill.isRecent(33_500)).toBe(false);
});
