import {describe, expect, test} from 'vitest';
import {
	emptyLine,
	insert,
	type Line,
	type LineEditKeystroke,
	lineEdits,
	lineOf,
	textOf,
} from '../../../source/ui/input/line-editor.js';

describe('a line', () => {
	const isEdit = (key: string): key is LineEditKeystroke => key in lineEdits;
	const edit = (line: Line, ...keys: string[]) =>
		keys.reduce((current, key) => (isEdit(key) ? lineEdits[key](current) : insert(current, key)), line);

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
});
