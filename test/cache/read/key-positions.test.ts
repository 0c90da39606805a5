import fc from 'fast-check';
import {expect, it} from 'vitest';
import {KeyPositions} from '../../../source/cache/read/mget/key-positions.js';

it('has each key once, in the order in which they were added, and finds it again', () => {
	const parts = fc.array(fc.tuple(fc.constantFrom('a:', 'b:'), fc.string({maxLength: 2})), {maxLength: 300});
	fc.assert(
		fc.property(parts, (added) => {
			const positions = new KeyPositions();
			const expected: string[] = [];
			for (const [prefix, part] of added) {
				const key = prefix + part;
				if (!expected.includes(key)) expected.push(key);
				expect(positions.add(key, part)).toBe(expected.indexOf(key));
			}
			expect(positions.keys).toEqual(expected);
		}),
	);
});
