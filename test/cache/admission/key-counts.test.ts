import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {KeyCounts} from '../../../source/cache/support/key-counts.js';

const keys = Array.from({length: 300}, (_, index) => `rct:default:${index}`);

/** Steps that count keys up and down, among few keys or among more than the table has room for at first. */
const steps = fc.constantFrom(8, 40, keys.length).chain((used) =>
	fc.array(fc.record({key: fc.constantFrom(...keys.slice(0, used)), isUp: fc.boolean()}), {
		maxLength: 2000,
		size: 'max',
	}),
);

describe('KeyCounts', () => {
	it('counts as a Map does, whatever keys come and go', () => {
		fc.assert(
			fc.property(steps, (list) => {
				const counts = new KeyCounts();
				const truth = new Map<string, number>();
				for (const {key, isUp} of list) {
					const count = (truth.get(key) ?? 0) + (isUp ? 1 : -1);
					if (count > 0) truth.set(key, count);
					else truth.delete(key);
					if (isUp) counts.increase(key);
					else counts.decrease(key);
					if (counts.size !== truth.size) expect(counts.size).toBe(truth.size);
				}
				for (const key of keys) expect(counts.get(key)).toBe(truth.get(key) ?? 0);
				expect(new Set(counts)).toEqual(new Set(truth.keys()));
			}),
			{numRuns: 60},
		);
	});

	it('holds a key that is added several times once', () => {
		const counts = new KeyCounts();
		for (const key of [...keys, ...keys]) counts.add(key);
		expect([...counts].toSorted()).toEqual(keys.toSorted());
		for (const key of keys) counts.decrease(key);
		expect([...counts]).toEqual([]);
	});

	it('finds each of many keys again, and none of them once they are gone', () => {
		const many = Array.from({length: 20_000}, (_, index) => `key:${index}`);
		const counts = new KeyCounts();
		for (const key of many) counts.increase(key);
		expect(counts.size).toBe(many.length);
		expect(many.every((key) => counts.get(key) === 1)).toBe(true);
		for (const key of many) counts.decrease(key);
		expect(counts.size).toBe(0);
		expect(many.some((key) => counts.get(key) !== 0)).toBe(false);
		counts.increase('key:1');
		expect(counts.get('key:1')).toBe(1);
	});
});
