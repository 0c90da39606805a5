import type {CommandCall} from '../../engine/protocol.js';

export type Word = {readonly text: string; readonly start: number; readonly end: number};

export type SplitLine =
	| {readonly ok: true; readonly words: readonly Word[]}
	/** A quote that nobody closed; what was understood so far is in `words`. */
	| {readonly ok: false; readonly words: readonly Word[]; readonly message: string};

/** Splits a line into words. Quotes keep blanks together; inside double quotes `\` takes the next character as it is. */
export function splitLine(line: string): SplitLine {
	const words: Word[] = [];
	let text = '';
	let start = -1;
	let quote: string | undefined;
	for (let index = 0; index < line.length; index++) {
		const char = line.charAt(index);
		if (quote !== undefined) {
			if (char === quote) quote = undefined;
			else if (char === '\\' && quote === '"' && index + 1 < line.length) text += line.charAt(++index);
			else text += char;
		} else if ((char === '"' || char === "'") && start === -1) {
			// Only at the start of a word: {"a":1} stays as it is.
			quote = char;
			start = index;
		} else if (/\s/u.test(char)) {
			if (start >= 0) words.push({text, start, end: index});
			text = '';
			start = -1;
		} else {
			if (start === -1) start = index;
			text += char;
		}
	}
	if (start >= 0) words.push({text, start, end: line.length});
	return quote === undefined
		? {ok: true, words}
		: {ok: false, words, message: `the quote ${quote} is not closed: add ${quote} at its end`};
}

/** A word as it must be written so that `splitLine` reads it back. */
export function quoteWord(word: string): string {
	return word !== '' && !/[\s]/u.test(word) && !/^["']/u.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** The line of a call, for the history and for menus that run commands. */
export const lineOfCall = (call: CommandCall): string => [call.name, ...call.args.map(quoteWord)].join(' ');
