import {graphemes} from '../text/row.js';
import type {Keystroke} from './keystroke.js';

/** A line being edited: what is before the cursor and what is after it. */
export type Line = {readonly before: string; readonly after: string};

export const emptyLine: Line = {before: '', after: ''};

/** Longer input is cut: a paste by accident must not freeze the screen. */
const maxLength = 4096;

export const lineOf = (text: string): Line => ({before: text, after: ''});

export const textOf = (line: Line): string => line.before + line.after;

/** Line breaks and control characters of a paste become blanks: a command is one line. */
export function insert(line: Line, text: string): Line {
	const clean = text.replaceAll(/\r\n|[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
	const room = Math.max(0, maxLength - line.before.length - line.after.length);
	return {before: line.before + clean.slice(0, room), after: line.after};
}

function withoutLast(text: string): string {
	return graphemes(text).slice(0, -1).join('');
}

function withoutLastWord(text: string): string {
	return text.replace(/\S+\s*$|\s+$/u, '');
}

function moved(line: Line, before: string): Line {
	return {before, after: textOf(line).slice(before.length)};
}

function nextWordEnd(line: Line): Line {
	const word = /^\s*\S+/u.exec(line.after)?.[0] ?? line.after;
	return {before: line.before + word, after: line.after.slice(word.length)};
}

/** The line after a keystroke; undefined when the key does nothing to a line. */
export function editLine(line: Line, key: Keystroke): Line | undefined {
	switch (key.name) {
		case 'backspace':
		case 'ctrl+h':
			return {before: withoutLast(line.before), after: line.after};
		case 'delete':
		case 'ctrl+d':
			return {before: line.before, after: graphemes(line.after).slice(1).join('')};
		case 'left':
		case 'ctrl+b':
			return moved(line, withoutLast(line.before));
		case 'right':
		case 'ctrl+f':
			return {
				before: line.before + (graphemes(line.after)[0] ?? ''),
				after: graphemes(line.after).slice(1).join(''),
			};
		case 'ctrl+left':
			return moved(line, withoutLastWord(line.before));
		case 'ctrl+right':
			return nextWordEnd(line);
		case 'home':
		case 'ctrl+a':
			return {before: '', after: textOf(line)};
		case 'end':
		case 'ctrl+e':
			return {before: textOf(line), after: ''};
		case 'ctrl+u':
			return {before: '', after: line.after};
		case 'ctrl+k':
			return {before: line.before, after: ''};
		case 'ctrl+w':
			return {before: withoutLastWord(line.before), after: line.after};
		default:
			return key.text === undefined ? undefined : insert(line, key.text);
	}
}
