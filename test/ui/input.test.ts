import type {Key} from 'ink';
import {describe, expect, test} from 'vitest';
import {fuzzyFilter} from '../../source/ui/input/fuzzy.js';
import {keystrokesOf} from '../../source/ui/input/keystroke.js';
import {editLine, emptyLine, insert, type Line, lineOf, textOf} from '../../source/ui/input/line-editor.js';
import {quoteWord, splitLine} from '../../source/ui/input/split-command.js';

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

const names = (input: string, key: Partial<Key> = {}) => keystrokesOf(input, {...noKey, ...key}).map(({name}) => name);

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

	test('have names', () => {
		expect(names('', {upArrow: true})).toEqual(['up']);
		expect(names('', {tab: true, shift: true})).toEqual(['shift+tab']);
		expect(names('c', {ctrl: true})).toEqual(['ctrl+c']);
		expect(names('', {backspace: true})).toEqual(['backspace']);
		expect(names('', {delete: true})).toEqual(['delete']);
	});
});

describe('a line', () => {
	const edit = (line: Line, ...keys: string[]) =>
		keys.reduce(
			(current, name) => editLine(current, {name, text: name.length === 1 ? name : undefined}) ?? current,
			line,
		);

	test('is edited where the cursor is', () => {
		expect(edit(lineOf('ac'), 'left', 'b')).toEqual({before: 'ab', after: 'c'});
		expect(edit(lineOf('abc'), 'home', 'delete')).toEqual({before: '', after: 'bc'});
		expect(edit(lineOf('abc'), 'ctrl+a', 'x', 'ctrl+e', 'y')).toEqual({before: 'xabcy', after: ''});
		expect(edit(lineOf('abc'), 'left', 'backspace')).toEqual({before: 'a', after: 'c'});
	});

	test('loses words, its beginning and its end as in a shell', () => {
		expect(textOf(edit(lineOf('set user:1 value '), 'ctrl+w'))).toBe('set user:1 ');
		expect(textOf(edit(lineOf('set user:1'), 'left', 'left', 'ctrl+u'))).toBe(':1');
		expect(textOf(edit(lineOf('set user:1'), 'left', 'left', 'ctrl+k'))).toBe('set user');
		expect(edit(lineOf('one two'), 'ctrl+left', 'ctrl+left', 'ctrl+right')).toEqual({before: 'one', after: ' two'});
	});

	test('deletes whole characters, whatever they are made of', () => {
		expect(textOf(edit(lineOf('a👩‍👧'), 'backspace'))).toBe('a');
		expect(textOf(edit(lineOf('e\u0301x'), 'home', 'delete'))).toBe('x');
	});

	test('stays one line when text with line breaks is pasted, and bounded', () => {
		expect(textOf(insert(emptyLine, 'a\r\nb\nc\td'))).toBe('a b c d');
		expect(textOf(insert(emptyLine, 'x'.repeat(100_000))).length).toBeLessThan(5000);
	});

	test('is not changed by keys that type nothing', () => {
		expect(editLine(lineOf('a'), {name: 'pageup', text: undefined})).toBeUndefined();
	});
});

describe('words', () => {
	const words = (line: string) => splitLine(line).words.map(({text}) => text);

	test('are split at blanks, and kept together by quotes', () => {
		expect(words('set user:1 "Ada Lovelace" 5m')).toEqual(['set', 'user:1', 'Ada Lovelace', '5m']);
		expect(words('set k \'it is "so"\'')).toEqual(['set', 'k', 'it is "so"']);
		expect(words('set k {"a":1,"b":"c"}')).toEqual(['set', 'k', '{"a":1,"b":"c"}']);
		expect(words('set k ""')).toEqual(['set', 'k', '']);
	});

	test('survive being quoted', () => {
		for (const word of ['plain', 'two words', 'say "hi"', '', '\\', '"', 'a\\"b c', "it's"])
			expect(words(`x ${quoteWord(word)}`)).toEqual(['x', word]);
	});

	test('with a quote that is not closed say so', () => {
		expect(splitLine('set k "abc')).toMatchObject({ok: false});
	});
});

test('completions that begin with what was typed come first, then words, then anything in order', () => {
	const items = ['workload', 'outage', 'pool', 'export', 'touch', 'mget'];
	expect(fuzzyFilter('ou', items, 10).map(({item}) => item)).toEqual(['outage', 'touch']);
	expect(fuzzyFilter('wl', items, 10).map(({item}) => item)).toEqual(['workload']);
	expect(fuzzyFilter('', items, 3)).toHaveLength(3);
	expect(fuzzyFilter('zzz', items, 3)).toEqual([]);
});
