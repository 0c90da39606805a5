import {expect, test} from 'vitest';
import {emptyListWords} from '../../../source/ui/rows/keys/scan-words.js';
import {initialState} from '../../../source/ui/state/ui-state.js';

test('a database is called empty only if all nodes of the cluster answer', () => {
	const {keys} = initialState('default', 'unicode');
	const loaded = {...keys, cursor: undefined, load: {kind: 'loaded', at: 0}} as const;
	const words = (pattern: string, isPartial: boolean) => emptyListWords({...loaded, pattern}, isPartial).text;
	expect(words('*', false)).toBe('this database has no keys');
	expect(words('*', true)).toBe('no keys on the nodes that answer');
	expect(words('user:*', true)).toBe('no key matches user:* on the nodes that answer');
});
