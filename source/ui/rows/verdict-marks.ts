import type {Verdict} from '../../engine/protocol.js';
import type {Glyphs} from '../glyphs.js';
import {type Row, span, truncate} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import type {StyleName} from '../theme.js';

/** The state of a server or an application. */
export type Level = Verdict['level'];

export const verdictStyles: Readonly<Record<Level, StyleName>> = {
	unknown: 'dim',
	fine: 'good',
	warn: 'warn',
	bad: 'bad',
};

export const verdictMark = (level: Level, {pass, fail, modes, dot}: Glyphs): string =>
	({unknown: dot, fine: pass, warn: modes.recovering, bad: fail})[level];

/** A sentence after the mark of its level, wrapped. The last of the rows is cut. `text` must be printable. */
export function verdictSentenceRows(level: Level, text: string, width: number, rows: number, glyphs: Glyphs): Row[] {
	const mark = `${verdictMark(level, glyphs)} `;
	const lines = wrapWords(text, Math.max(1, width - mark.length));
	const shown = [...lines.slice(0, rows - 1), ...(lines.length >= rows ? [lines.slice(rows - 1).join(' ')] : [])];
	return shown.map(
		(line, index): Row => [
			span(index === 0 ? mark : ' '.repeat(mark.length), verdictStyles[level]),
			span(truncate(line, width - mark.length, glyphs.ellipsis), level === 'bad' ? 'bad' : 'strong'),
		],
	);
}
