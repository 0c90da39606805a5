import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {graphemes, widthOf} from '../../../source/text/cells.js';
import {printable} from '../../../source/text/printable.js';
import {tableRows} from '../../../source/ui/text/columns.js';
import {fitRow, fitRows, padEnd, padStart, rowWidth, span, spread, truncate} from '../../../source/ui/text/row.js';
import {wrapWords} from '../../../source/ui/text/wrap.js';

const text = (row: readonly {readonly text: string}[]) => row.map((part) => part.text).join('');

describe('rows', () => {
	test('are fitted by cells, so wide characters and emoji keep their columns', () => {
		expect(truncate('日本語のキー', 5)).toBe('日本…');
		expect(padEnd('日本', 6)).toBe('日本  ');
		expect(padStart('👩‍👩‍👧', 4)).toBe('  👩‍👩‍👧');
		expect(rowWidth(fitRow([span('日本語')], 4))).toBe(4);
		expect(text(fitRow([span('日本語')], 5))).toBe('日本…');
	});

	test('are as wide as a terminal shows them, for every character of most scripts', () => {
		const wrong: string[] = [];
		for (let code = 0x20; code < 0x3000; code++) {
			const char = String.fromCharCode(code);
			// Next to another one, as characters that join would show only there.
			if (widthOf(`a${char}b`) !== stringWidth(`a${char}b`)) wrong.push(code.toString(16));
		}
		expect(wrong).toEqual([]);
	});

	test('are exactly as wide and as many as asked, whatever is in them', () => {
		for (const width of [1, 7, 40])
			for (const row of fitRows([[span('abc'), span('defghijk')], [], [span('日'.repeat(30))]], width, 5))
				expect(rowWidth(row)).toBe(width);
		expect(fitRows([], 3, 4)).toHaveLength(4);
	});

	test('end with an ellipsis where a word or a number is cut, and with whole words otherwise', () => {
		const row = [span('depth '), span('pipeline up to 137 commands at a time')];
		expect(text(fitRow(row, 42))).toBe('depth pipeline up to 137 commands at a ti…');
		expect(text(fitRow(row, 23))).toBe('depth pipeline up to 1…');
		expect(text(fitRow(row, 24))).toBe('depth pipeline up to 137');
		expect(text(fitRow(row, 6))).toBe('depth ');
		expect(text(fitRow([span('████')], 3))).toBe('███');
	});

	test('keep what is on the right when both sides do not fit', () => {
		expect(text(spread([span('a long name')], [span('12 ms')], 10))).toBe('a lo…12 ms');
		expect(text(spread([span('left')], [span('right')], 12))).toBe('left   right');
	});

	test('count a letter with its accent as one character', () => {
		expect(graphemes('e\u0301a')).toEqual(['e\u0301', 'a']);
	});
});

test('text from outside cannot move the cursor, change colors or turn the reading direction', () => {
	expect(printable('a\u001B[31mb\r\n\tc\u202Ed')).toBe('a\\x1b[31mb\\r\\n\\tc\\u{202e}d');
	expect(printable('naïve 日本 👩‍👧')).toBe('naïve 日本 👩‍👧');
});

test('words are wrapped between them, and a longer one keeps a line of its own', () => {
	expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
	expect(wrapWords('took 250 ms in all', 9)).toEqual(['took', '250 ms in', 'all']);
	expect(wrapWords('at most 1.5 KiB/s of 12 kinds', 12)).toEqual(['at most', '1.5 KiB/s of', '12 kinds']);
	expect(wrapWords('a incomprehensibilities b', 5)).toEqual(['a', 'incomprehensibilities', 'b']);
});

test('a table drops its least important columns first, and its growing column takes what is left', () => {
	const columns = [
		{title: 'key', width: 6, priority: 0, grows: true, cell: (item: string) => span(item)},
		{title: 'size', width: 4, priority: 1, align: 'right' as const, cell: () => span('12')},
		{title: 'note', width: 8, priority: 2, cell: () => span('note')},
	];
	expect(text(tableRows(columns, 30).head)).toBe('key             size  note    ');
	expect(rowWidth(tableRows(columns, 30).row('a'))).toBe(30);
	expect(text(tableRows(columns, 14).row('abcdefghij'))).toBe('abcdefg…    12');
	expect(text(tableRows(columns, 6).row('x'))).toBe('x     ');
});
