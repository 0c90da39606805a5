import {expect, it} from 'vitest';
import {FollowedKeys, maxFollowedPerSecond} from '../../source/tap/wire/followed-keys.js';

/** Uses keys at a rate, for some seconds, and counts what is followed. `hot:0` has a hundredth of the uses. */
function useKeys(followed: FollowedKeys, perSecond: number, seconds: number, from = 0) {
	const weights = new Map<string, number>();
	let dropped = 0;
	for (let number = 0; number < perSecond * seconds; number++) {
		followed.at(from + (number * 1000) / perSecond);
		const key = number % 100 === 0 ? 'hot:0' : `key:${Math.imul(number, 0x9e3779b1) >>> 0}`;
		const bytes = Buffer.from(key);
		if (followed.follows(bytes, 0, bytes.length)) weights.set(key, (weights.get(key) ?? 0) + followed.weight);
		else dropped++;
	}
	return {weights, dropped, total: [...weights.values()].reduce((sum, weight) => sum + weight, 0)};
}

it('follows all keys up to a rate, and above it a part that stands for all, and hot keys', () => {
	const followed = new FollowedKeys();
	expect(useKeys(followed, maxFollowedPerSecond - 1000, 1).dropped).toBe(0);
	useKeys(followed, maxFollowedPerSecond * 6, 0.3, 2000);
	expect(followed.oneIn).toBe(8);
	const {weights, total} = useKeys(followed, maxFollowedPerSecond * 6, 1, 2300);
	expect(weights.size).toBeLessThan(20_000);
	expect(total / (maxFollowedPerSecond * 6)).toBeCloseTo(1, 1);
	expect(weights.get('hot:0')).toBe((maxFollowedPerSecond * 6) / 100);
	// All uses of a key are followed, or none.
	const again = useKeys(followed, maxFollowedPerSecond * 6, 0.2, 3300);
	for (const key of again.weights.keys()) expect(weights.has(key)).toBe(true);
	useKeys(followed, 1000, 6, 4000);
	expect(followed.oneIn).toBe(4);
	followed.at(60_000);
	expect(followed).toMatchObject({oneIn: 1, mostOneIn: 8});
});
