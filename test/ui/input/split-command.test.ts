import {describe, expect, test} from 'vitest';
import {quoteWord, splitLine} from '../../../source/ui/input/split-command.js';

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
