import {type CommandCall, wordsOf} from '../../engine/specs/command-calls.js';
import {parseKey, printKey, printText} from '../../inspect/escape-bytes.js';

type Word = {
	readonly text: string;
	readonly start: number;
	readonly end: number;
	/** True if `text` is in quotes, with escapes of bytes. */
	readonly isPrinted: boolean;
};

type SplitLine =
	| {readonly ok: true; readonly words: readonly Word[]}
	/** A quote is not closed; `words` has the words up to the end of the line. */
	| {readonly ok: false; readonly words: readonly Word[]; readonly message: string};

/** The escapes of names and values that are not text: `\n`, `\xff`. */
const byteEscape = /^\\(?:[nrtab]|x[0-9a-f]{2})/i;

/**
 * Splits a line at blanks, except in quotes. Inside double quotes `\` escapes the next character. A word with escapes of bytes
 * is kept unchanged, with its quotes, as the names of such keys are displayed: the engine parses it.
 */
export function splitLine(line: string): SplitLine {
	const words: Word[] = [];
	let text = '';
	let start = -1;
	let quote: string | undefined;
	let isPrinted = false;
	let hasBytes = false;
	for (let index = 0; index < line.length; index++) {
		const char = line.charAt(index);
		if (quote !== undefined) {
			if (char === quote) {
				quote = undefined;
				if (isPrinted) text = line.slice(start, index + 1);
				hasBytes = isPrinted;
				isPrinted = false;
			} else if (quote === '"' && byteEscape.test(line.slice(index, index + 4))) isPrinted = true;
			else if (char === '\\' && quote === '"' && index + 1 < line.length) text += line.charAt(++index);
			else text += char;
		} else if ((char === '"' || char === "'") && start === -1) {
			// A quote inside a word is part of the text: {"a":1}
			quote = char;
			start = index;
		} else if (/\s/u.test(char)) {
			if (start >= 0) words.push({text, start, end: index, isPrinted: hasBytes});
			hasBytes = false;
			text = '';
			start = -1;
		} else {
			if (start === -1) start = index;
			text += char;
		}
	}
	if (start >= 0) words.push({text, start, end: line.length, isPrinted: hasBytes});
	return quote === undefined
		? {ok: true, words}
		: {ok: false, words, message: `a quote is not closed: add ${quote} at its end`};
}

/**
 * Words as the engine expects them for a Redis command or an edit: it reads a word in double quotes as the printed form of
 * bytes. A value that itself contains quotes, such as JSON, is quoted, so that they are kept.
 */
export function printedWords(words: readonly Word[]): readonly string[] {
	return words.map(({text, isPrinted}) => {
		const bytes = parseKey(text);
		const printed = printKey(bytes);
		return isPrinted || printed === text ? printed : printText(text);
	});
}

/** Writes a word so that `splitLine` reads it back. */
export function quoteWord(word: string): string {
	return word !== '' && !/[\s]/u.test(word) && !/^["']/u.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Writes a command as it would be typed. */
export const lineOfWords = (name: string, words: readonly string[]): string =>
	[name, ...words.map(quoteWord)].join(' ');

export const lineOfCall = (call: CommandCall): string => lineOfWords(call.name, wordsOf(call));
