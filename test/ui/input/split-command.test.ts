import {describe, expect, test} from 'vitest';
import {parseKey, printKey} from '../../../source/inspect/escape-bytes.js';
import {lineOfWords, printedWords, quoteWord, splitLine} from '../../../source/ui/input/split-command.js';

describe('words', () => {
	const words = (line: string) => splitLine(line).words.map(({text}) => text);

	test('are split at blanks, and kept together by quotes', () => {
		expect(words('set user:1 "Ada Lovelace" 5m')).toEqual(['set', 'user:1', 'Ada Lovelace', '5m']);
		expect(words('set k \'it is "so"\'')).toEqual(['set', 'k', 'it is "so"']);
		expect(words('set k {"a":1,"b":"c"}')).toEqual(['set', 'k', '{"a":1,"b":"c"}']);
		expect(words('set k ""')).toEqual(['set', 'k', '']);
	});

	test('with escapes of bytes stay as they were printed, and printed names survive', () => {
		const names = [
			Buffer.from([0xff, 0x22, 0x20]),
			Buffer.from('line\nbreak'),
			Buffer.from('"quoted'),
			Buffer.from('a b'),
		];
		for (const name of names) {
			const printed = printKey(name);
			const typed = printed.startsWith('"') ? printed : quoteWord(printed);
			for (const line of [`redis GET ${typed}`, `redis GET ${quoteWord(printed)}`])
				expect(parseKey(words(line)[2] ?? ''), line).toEqual(name);
		}
	});

	test('of a command of Redis keep the quotes of a value, and recalled ones do', () => {
		const bytes = (line: string) =>
			printedWords(splitLine(line).words).map((word) => parseKey(word).toString('latin1'));
		for (const [line, value] of [
			[`SET k '"hello"'`, '"hello"'],
			[String.raw`SET k "\"hello\""`, '"hello"'],
			[String.raw`SET k "a\nb"`, 'a\nb'],
			[String.raw`SET k "a\x41"`, 'aA'],
			[`SET k '"'`, '"'],
			['SET k ""', ''],
			['SET k {"a":1}', '{"a":1}'],
		] as const) {
			expect(bytes(line), line).toEqual(['SET', 'k', value]);
			const recalled = lineOfWords('redis', printedWords(splitLine(line).words));
			expect(bytes(recalled), recalled).toEqual(['redis', 'SET', 'k', value]);
		}
	});

	test('survive being quoted', () => {
		for (const word of ['plain', 'two words', 'say "hi"', '', '\\', '"', 'a\\"b c', "it's"])
			expect(words(`x ${quoteWord(word)}`)).toEqual(['x', word]);
	});

	test('with a quote that is not closed say so', () => {
		expect(splitLine('set k "abc')).toMatchObject({ok: false});
	});
});
