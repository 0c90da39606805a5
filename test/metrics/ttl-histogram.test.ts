import {describe, expect, it} from 'vitest';
import {ttlBuckets} from '../../source/metrics/ttl-histogram.js';

const counts = (buckets: readonly {readonly label: string; readonly count: number}[]) =>
	Object.fromEntries(buckets.map(({label, count}) => [label, count]));

describe('the TTL histogram', () => {
	it('puts each entry into the first bucket that it fits', () => {
		const ttls = [
			-5,
			0,
			1,
			1000,
			1001,
			59_999,
			60_000,
			600_000,
			3_600_000,
			86_400_000,
			86_400_001,
			Number.POSITIVE_INFINITY,
		];
		expect(counts(ttlBuckets(ttls))).toEqual({
			stale: 2,
			'1s': 2,
			'10s': 1,
			'1m': 2,
			'10m': 1,
			'1h': 1,
			'1d': 1,
			more: 2,
		});
	});

	it('has every bucket without entries', () => {
		expect(ttlBuckets([]).map(({count}) => count)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
	});

	it('ignores values that are not numbers', () => {
		expect(ttlBuckets([Number.NaN]).every(({count}) => count === 0)).toBe(true);
	});
});
