import {expect, it} from 'vitest';
import {Backoff} from '../../source/pool/connection/backoff.js';

it('doubles up to the maximum and stays there', () => {
	const backoff = new Backoff(50, 400, () => 1);
	expect(Array.from({length: 6}, () => backoff.next())).toEqual([50, 100, 200, 400, 400, 400]);
});

it('spreads each pause between half of it and all of it', () => {
	const backoff = new Backoff(100, 100, () => 0);
	expect(backoff.next()).toBe(50);
	const random = new Backoff(100, 100);
	for (let attempt = 0; attempt < 100; attempt++) {
		const wait = random.next();
		expect(wait).toBeGreaterThanOrEqual(50);
		expect(wait).toBeLessThanOrEqual(100);
	}
});

it('starts at the minimum again after a success', () => {
	const backoff = new Backoff(50, 400, () => 1);
	for (let attempt = 0; attempt < 5; attempt++) backoff.next();
	backoff.reset();
	expect(backoff.next()).toBe(50);
});
