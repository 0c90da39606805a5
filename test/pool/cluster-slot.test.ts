import fc from 'fast-check';
import {expect, it} from 'vitest';
import {clusterSlot} from '../../source/pool/cluster-slot.js';
import {hashKey} from '../../source/pool/key-hash.js';

it('gives the slots that CLUSTER KEYSLOT gives', () => {
	expect(clusterSlot('123456789')).toBe(12_739);
	expect(clusterSlot('foo')).toBe(12_182);
	expect(clusterSlot('')).toBe(0);
	expect(clusterSlot('{user1000}.following')).toBe(clusterSlot('{user1000}.followers'));
	expect(clusterSlot('foo{}{bar}')).not.toBe(clusterSlot('bar'));
	expect(clusterSlot('foo{{bar}}zap')).toBe(clusterSlot('{bar'));
	expect(clusterSlot('foo{bar}{zap}')).toBe(clusterSlot('bar'));
});

it('keeps slots in range for any key', () => {
	fc.assert(fc.property(fc.string({unit: 'binary'}), (key) => clusterSlot(key) >= 0 && clusterSlot(key) < 16_384));
});

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
