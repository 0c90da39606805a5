import type {Key} from 'ink';
import {describe, expect, test} from 'vitest';
import {keystrokesOf} from '../../../source/ui/input/keystroke.js';

const noKey: Key = {
	upArrow: false,
	downArrow: false,
	leftArrow: false,
	rightArrow: false,
	pageDown: false,
	pageUp: false,
	home: false,
	end: false,
	return: false,
	escape: false,
	ctrl: false,
	shift: false,
	tab: false,
	backspace: false,
	delete: false,
	meta: false,
	super: false,
	hyper: false,
	capsLock: false,
	numLock: false,
};

const names = (input: string, key: Partial<Key> = {}) =>
	keystrokesOf(input, {...noKey, ...key}).map(({name, text}) => name ?? text);

describe('keystrokes', () => {
	test('that arrive in one event are told apart, control characters included', () => {
		expect(names('jjj')).toEqual(['j', 'j', 'j']);
		expect(names('get a\r')).toEqual(['g', 'e', 't', ' ', 'a', 'enter']);
		expect(names('a\tb\u0001')).toEqual(['a', 'tab', 'b', 'ctrl+a']);
	});

	test('tell Esc and the key after it apart when a slow line brings them together', () => {
		expect(names('3', {meta: true})).toEqual(['esc', '3']);
		expect(names('', {escape: true, meta: true})).toEqual(['esc', 'esc']);
	});

	test('keep characters of several code points whole', () => {
		expect(names('👩‍👧é')).toEqual(['👩‍👧', 'é']);
	});

	test('that no command can have are typed without a name, or do nothing', () => {
		expect(keystrokesOf('é', noKey)).toEqual([{name: undefined, text: 'é'}]);
		expect(keystrokesOf('1', {...noKey, ctrl: true})).toEqual([{name: undefined, text: undefined}]);
	});

	test('have names', () => {
		expect(names('', {upArrow: true})).toEqual(['up']);
		expect(names('', {tab: true, shift: true})).toEqual(['shift+tab']);
		expect(names('c', {ctrl: true})).toEqual(['ctrl+c']);
		expect(names('', {backspace: true})).toEqual(['backspace']);
		expect(names('', {delete: true})).toEqual(['delete']);
	});
});
