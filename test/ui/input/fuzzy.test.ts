import {expect, test} from 'vitest';
import {fuzzyFilter} from '../../../source/ui/input/fuzzy.js';

test('completions that begin with what was typed come first, then words, then anything in order', () => {
	const items = ['workload', 'outage', 'pool', 'export', 'touch', 'mget'];
	expect(fuzzyFilter('ou', items, 10).map(({item}) => item)).toEqual(['outage', 'touch']);
	expect(fuzzyFilter('wl', items, 10).map(({item}) => item)).toEqual(['workload']);
	expect(fuzzyFilter('', items, 3)).toHaveLength(3);
	expect(fuzzyFilter('zzz', items, 3)).toEqual([]);
});
