import fc from 'fast-check';
import {expect, it} from 'vitest';
import {clusterSlot} from '../../source/pool/cluster-slot.js';

it('computes the same slots as CLUSTER KEYSLOT', () => {
	expect(clusterSlot('123456789')).toBe(12_739);
	expect(clusterSlot('foo')).toBe(12_182);
	expect(clusterSlot('')).toBe(0);
	expect(clusterSlot('{user1000}.following')).toBe(clusterSlot('{user1000}.followers'));
	expect(clusterSlot('foo{}{bar}')).not.toBe(clusterSlot('bar'));
	expect(clusterSlot('foo{{bar}}zap')).toBe(clusterSlot('{bar'));
	expect(clusterSlot('foo{bar}{zap}')).toBe(clusterSlot('bar'));
});

it('keeps slots in range for any key', () => {
	// Of any code units: with `unit: 'binary'` fast-check first takes a second to list all code points.
	const key = fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units));
	fc.assert(fc.property(key, (any) => clusterSlot(any) >= 0 && clusterSlot(any) < 16_384));
});
