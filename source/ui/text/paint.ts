import type {Style, Theme} from '../theme.js';
import type {Row} from './row.js';
import {toAscii} from './to-ascii.js';

function endOf(code: number): number {
	if (code === 1 || code === 2) return 22;
	if (code === 4 || code === 7) return code + 20;
	const isBackground = (code >= 40 && code < 48) || code >= 100;
	return isBackground ? 49 : 39;
}

function dress(text: string, style: Style): string {
	if (style.length === 0 || text === '') return text;
	let before = '';
	let after = '';
	for (const code of style) {
		before += `\u001B[${code}m`;
		after = `\u001B[${endOf(code)}m${after}`;
	}
	return before + text + after;
}

/** How rows become characters on this screen. */
export type Look = {readonly theme: Theme; readonly isAscii: boolean};

/** Rows as one text with colours, ready for a single text node. */
export function paint(rows: readonly Row[], {theme, isAscii}: Look): string {
	return rows
		.map((row) => row.map((part) => dress(isAscii ? toAscii(part.text) : part.text, theme[part.style])).join(''))
		.join('\n');
}

/** Rows as plain text. */
export function plain(rows: readonly Row[]): string {
	return rows.map((row) => row.map((part) => part.text).join('')).join('\n');
}
