import type {Glyphs} from '../glyphs.js';
import type {Row} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {Canvas} from './canvas.js';
import {shadeSpans, type TimeSpan, type TimeWindow} from './time-axis.js';

type AreaOptions = {
	readonly height: number;
	/** The value that fills all rows. */
	readonly max: number;
	readonly style: StyleName;
	readonly outages: readonly TimeSpan[];
	readonly window: TimeWindow;
	readonly glyphs: Glyphs;
};

/** One column of blocks for each value, blank where there is none, with outages shaded behind them. */
export function area(values: readonly (number | undefined)[], options: AreaOptions): Row[] {
	const {height, max, style, outages, window, glyphs} = options;
	const canvas = new Canvas(values.length, height);
	shadeSpans(canvas, outages, window, glyphs);
	const parts = glyphs.sparks.length;
	for (const [x, value] of values.entries()) {
		if (value === undefined) continue;
		const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
		// A zero is a line at the bottom; any value above zero is at least as tall.
		const filled = Math.max(1, Math.ceil(share * height * parts));
		for (let y = 0; y < height; y++) {
			const level = Math.min(parts, filled - (height - 1 - y) * parts);
			if (level > 0) canvas.put(x, y, glyphs.sparks[level - 1] ?? ' ', value > 0 ? style : 'dim');
		}
	}
	return canvas.rows();
}
