import {expect, it} from 'vitest';
import {hashKey} from '../../source/pool/key-hash.js';

it.each([2, 3, 4, 7, 64])('spreads numbered keys evenly over %i lanes', (lanes) => {
	const counts = new Array<number>(lanes).fill(0);
	const total = 20_000;
	for (let index = 0; index < total; index++) {
		const lane = hashKey(`rct:default:user:${index}`) % lanes;
		counts[lane] = (counts[lane] ?? 0) + 1;
	}
	expect(Math.min(...counts)).toBeGreaterThan((total / lanes) * 0.7);
	expect(Math.max(...counts)).toBeLessThan((total / lanes) * 1.3);
});
