import fc from 'fast-check';
import {expect, it} from 'vitest';
import {appended} from '../../../source/cache/support/appended.js';

it('an array has what was appended to it, in order', () => {
	fc.assert(
		fc.property(fc.array(fc.integer()), (items) => {
			let all: number[] = [];
			for (const item of items) all = appended(all, item);
			expect(all).toEqual(items);
		}),
	);
});
