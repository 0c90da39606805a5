import {emptyLine, type Line, textOf} from '../input/line-editor.js';

/** Words that filter a list, and true while they are being typed. */
export type Filter = {readonly line: Line; readonly isTyping: boolean};

export const noFilter: Filter = {line: emptyLine, isTyping: false};

export const isEmpty = ({line}: Filter): boolean => textOf(line) === '';

/** The searched words, in lower case. */
export const wordsOfLine = (line: Line): readonly string[] => textOf(line).toLowerCase().split(/\s+/u).filter(Boolean);

/** True when a text contains all words. */
export function hasWords(text: string, words: readonly string[]): boolean {
	const lower = text.toLowerCase();
	return words.every((word) => lower.includes(word));
}
