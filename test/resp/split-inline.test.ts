import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {splitInline} from '../../source/resp/split-inline.js';

describe('splitInline', () => {
	it.each([
		['SET key value', ['SET', 'key', 'value']],
		[' \t\r\v\fSET \v\f key\t', ['SET', 'key']],
		['a\vb c\fd', ['a\vb', 'c\fd']],
		[`"a b" 'c d' ""`, ['a b', 'c d', '']],
		[`"\\x41\\n\\"" 'it\\'s'`, ['A\n"', "it's"]],
		['a"b"', ['ab']],
		['"a"\v"b"', ['a', 'b']],
		['', []],
		['PI\0NG', ['PI']],
		['\0PING', []],
		['"a"\0b', ['a']],
		['"a\0b"', undefined],
		['"a', undefined],
		['"a"b', undefined],
	])('splits %j as Redis does', (line, words) => {
		expect(splitInline(line)).toEqual(words);
	});

	it('comes to an end with any line', () => {
		const unit = fc.oneof(
			fc.constantFrom(...'\0\v\f\t\r \'"\\x4'),
			fc.integer({min: 0, max: 255}).map((code) => String.fromCharCode(code)),
		);
		fc.assert(
			fc.property(fc.string({unit, maxLength: 80}), (line) => {
				expect((splitInline(line) ?? []).length).toBeLessThanOrEqual(line.length);
			}),
			{numRuns: 2000},
		);
	});
});
