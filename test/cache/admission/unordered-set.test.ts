import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {UnorderedSet} from '../../../source/cache/support/unordered-set.js';

describe('an unordered set', () => {
	it('holds the same items as a Set, whatever is added and removed', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.constantFrom('add', 'delete', 'take'), fc.nat(9))), (steps) => {
				const things = Array.from({length: 10}, (_, id) => ({id, place: -1}));
				const bag = new UnorderedSet<{id: number; place: number}>();
				const set = new Set<{id: number; place: number}>();
				for (const [step, id] of steps) {
					const thing = things[id] as {id: number; place: number};
					if (step === 'take') {
						expect(new Set(bag.take())).toEqual(set);
						set.clear();
					} else if (step === 'delete') expect(bag.delete(thing)).toBe(set.delete(thing));
					else if (!set.has(thing)) {
						bag.add(thing);
						set.add(thing);
					}
					expect(new Set(bag)).toEqual(set);
					expect(bag.size).toBe(set.size);
				}
			}),
		);
	});
});
