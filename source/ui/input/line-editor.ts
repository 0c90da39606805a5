import {graphemes} from '../../text/cells.js';
import type {KeystrokeName} from './keystroke.js';

/** A line being edited: the text before the cursor and the text after it. */
export type Line = {readonly before: string; readonly after: string};

export const emptyLine: Line = {before: '', after: ''};

/** Longest line. Longer input is cut, so that an accidental paste does not freeze the screen. */
const maxLength = 4096;

export const lineOf = (text: string): Line => ({before: text, after: ''});

export const textOf = (line: Line): string => line.before + line.after;

/** Inserts text at the cursor. Line breaks and control characters become blanks: the input is one line. */
export function insert(line: Line, text: string): Line {
	const clean = text.replaceAll(/\r\n|[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
	const room = Math.max(0, maxLength - line.before.length - line.after.length);
	return {before: line.before + clean.slice(0, room), after: line.after};
}

const withoutLast = (text: string) => graphemes(text).slice(0, -1).join('');
const withoutFirst = (text: string) => graphemes(text).slice(1).join('');
const withoutLastWord = (text: string) => text.replace(/\S+\s*$|\s+$/u, '');

/** Puts the cursor after `before`, which is a start of the line. */
const withCursorAfter = (line: Line, before: string): Line => ({before, after: textOf(line).slice(before.length)});

type Edit = (line: Line) => Line;

const deleteBefore: Edit = ({before, after}) => ({before: withoutLast(before), after});
const deleteAfter: Edit = ({before, after}) => ({before, after: withoutFirst(after)});
const left: Edit = (line) => withCursorAfter(line, withoutLast(line.before));
const right: Edit = ({before, after}) => ({before: before + (graphemes(after)[0] ?? ''), after: withoutFirst(after)});
const wordLeft: Edit = (line) => withCursorAfter(line, withoutLastWord(line.before));
const wordRight: Edit = ({before, after}) => {
	const word = /^\s*\S+/u.exec(after)?.[0] ?? after;
	return {before: before + word, after: after.slice(word.length)};
};
const toStart: Edit = (line) => ({before: '', after: textOf(line)});
const toEnd: Edit = (line) => lineOf(textOf(line));

/** The edits of a line by keystroke, as in a shell. */
export const lineEdits = {
	backspace: deleteBefore,
	'ctrl+h': deleteBefore,
	delete: deleteAfter,
	'ctrl+d': deleteAfter,
	left,
	'ctrl+b': left,
	right,
	'ctrl+f': right,
	'ctrl+left': wordLeft,
	'ctrl+right': wordRight,
	home: toStart,
	'ctrl+a': toStart,
	end: toEnd,
	'ctrl+e': toEnd,
	'ctrl+u': ({after}) => ({before: '', after}),
	'ctrl+k': ({before}) => ({before, after: ''}),
	'ctrl+w': ({before, after}) => ({before: withoutLastWord(before), after}),
} as const satisfies Readonly<Partial<Record<KeystrokeName, Edit>>>;

export type LineEditKeystroke = keyof typeof lineEdits;
