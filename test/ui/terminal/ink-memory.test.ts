import {styledCharsFromTokens, tokenize} from '@alcalzone/ansi-tokenize';
import fc from 'fast-check';
import stringWidth from 'string-width';
import {expect, test} from 'vitest';
import * as remembered from '../../../source/ui/terminal/ink-tokens.js';
import rememberedWidth from '../../../source/ui/terminal/ink-widths.js';

/** Lines with colors, wide characters and broken sequences. */
const lines = fc
	.array(
		fc.oneof(
			fc.string({unit: 'grapheme'}),
			fc.constantFrom('\u001B[31m', '\u001B[39m', '\u001B[1;7m', '\u001B[', '日本', '👩‍👧', '\n'),
		),
	)
	.map((parts) => parts.join(''));

test('the tokens that Ink gets are those of the package, the first time and later', () => {
	fc.assert(
		fc.property(lines, (line) => {
			const expected = tokenize(line);
			for (let time = 0; time < 2; time++) {
				expect(remembered.tokenize(line)).toEqual(expected);
				expect(remembered.styledCharsFromTokens(remembered.tokenize(line))).toEqual(styledCharsFromTokens(expected));
			}
			expect(remembered.tokenize(line, 3)).toEqual(tokenize(line, 3));
		}),
	);
});

test('the tokens of a line are computed once', () => {
	const tokens = remembered.tokenize('a line');
	expect(remembered.tokenize('a line')).toBe(tokens);
	expect(remembered.styledCharsFromTokens(tokens)).toBe(remembered.styledCharsFromTokens(tokens));
});

test('the widths that Ink gets are those of the package, the first time and later', () => {
	fc.assert(
		fc.property(lines, (line) => {
			for (let time = 0; time < 2; time++) expect(rememberedWidth(line)).toBe(stringWidth(line));
		}),
	);
});
