import {widthOf} from '../../text/cells.js';
import type {Glyphs} from '../glyphs.js';
import {padEnd, padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {bar} from './bar.js';

type HistogramEntry = {
	readonly label: string;
	readonly value: number;
	/** Text to the right of the bar. */
	readonly note: string;
	readonly style: StyleName;
};

/** One bar for each entry, in proportion to the highest value. */
export function histogram(entries: readonly HistogramEntry[], width: number, glyphs: Glyphs, noteWidth: number): Row[] {
	const most = Math.max(0, ...entries.map((entry) => entry.value));
	const labelWidth = Math.max(0, ...entries.map((entry) => widthOf(entry.label)));
	const barWidth = Math.max(1, width - labelWidth - noteWidth - 2);
	return entries.map((entry) => [
		span(`${padEnd(entry.label, labelWidth)} `, 'dim'),
		...bar(most === 0 ? 0 : entry.value / most, barWidth, glyphs, entry.style),
		span(` ${padStart(entry.note, noteWidth)}`, entry.value === 0 ? 'dim' : 'text'),
	]);
}
