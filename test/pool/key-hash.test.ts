import {expect, it} from 'vitest';
import {commonBasis, hashKey} from '../../source/pool/key-hash.js';

it.each([2, 3, 4, 7, 64])('spreads numbered keys evenly over %i lanes', (lanes) => {
	const counts = new Array<number>(lanes).fill(0);
	const total = 20_000;
	for (let index = 0; index < total; index++) {
		const lane = hashKey(`rct:default:user:${index}`, commonBasis) % lanes;
		counts[lane] = (counts[lane] ?? 0) + 1;
	}
	expect(Math.min(...counts)).toBeGreaterThan((total / lanes) * 0.7);
	expect(Math.max(...counts)).toBeLessThan((total / lanes) * 1.3);
});

it('keys that somebody has made to share a place in tables do not share it in this process', () => {
	const places = 4096;
	const made: string[] = [];
	for (let index = 0; made.length < 200; index++) {
		const key = `rct:default:${index}`;
		if (hashKey(key, commonBasis) % places === 7) made.push(key);
	}
	// Of 20,000 beginnings one in a hundred left them in 100 places or fewer, and the worst in 32.
	expect(new Set(made.map((key) => hashKey(key) % places)).size).toBeGreaterThan(10);
});
