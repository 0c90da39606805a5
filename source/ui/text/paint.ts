import {toAscii} from '../../text/to-ascii.js';
import type {Style, Theme} from '../theme.js';
import type {Row} from './row.js';

/** The settings for painting rows: the styles of the theme, and Unicode or ASCII. */
export type Look = {readonly theme: Theme; readonly isAscii: boolean};

/** The SGR code that ends the effect of `code`. */
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

/** True for underline, inverse and backgrounds: other styles do not change how a blank looks. */
const showsOnBlank = (style: Style) => style.some((code) => code === 4 || code === 7 || endOf(code) === 49);

/** Joins adjacent spans that look the same, because Ink parses each change of style in every frame. */
function runsOf(row: Row, theme: Theme): {text: string; readonly style: Style}[] {
	const runs: {text: string; readonly style: Style}[] = [];
	for (const part of row) {
		const style = theme[part.style];
		const last = runs.at(-1);
		const isBlank = !/\S/.test(part.text) && !showsOnBlank(style);
		if (last && (last.style === style || (isBlank && !showsOnBlank(last.style)))) last.text += part.text;
		else runs.push({text: part.text, style});
	}
	return runs;
}

/** A row as text with SGR codes. */
export function paintRow(row: Row, {theme, isAscii}: Look): string {
	return runsOf(row, theme)
		.map(({text, style}) => dress(isAscii ? toAscii(text) : text, style))
		.join('');
}
