import type {Glyphs} from '../glyphs.js';
import type {Row} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {Canvas} from './canvas.js';
import {columnsOf, type Stretch, type TimeFrame} from './time-axis.js';

export type AreaOptions = {
	readonly height: number;
	/** What fills all rows. */
	readonly max: number;
	readonly style: StyleName;
	readonly outages: readonly Stretch[];
	readonly frame: TimeFrame;
	readonly glyphs: Glyphs;
};

/** One column of blocks for each value, from the ground up; outages are shaded behind them. Blank where there is no data. */
export function area(values: readonly (number | undefined)[], options: AreaOptions): Row[] {
	const {height, max, style, outages, frame, glyphs} = options;
	const canvas = new Canvas(values.length, height);
	for (const outage of outages) {
		const covered = columnsOf(outage, frame, values.length);
		if (covered)
			for (let y = 0; y < height; y++)
				canvas.write(covered[0], y, glyphs.shade.repeat(covered[1] - covered[0]), 'shade');
	}
	const parts = glyphs.sparks.length;
	for (const [x, value] of values.entries()) {
		if (value === undefined) continue;
		const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
		// Anything above nothing shows, nothing is a line on the ground.
		const filled = Math.max(1, Math.ceil(share * height * parts));
		for (let y = 0; y < height; y++) {
			const level = Math.min(parts, filled - (height - 1 - y) * parts);
			if (level > 0) canvas.put(x, y, glyphs.sparks[level - 1] ?? ' ', value > 0 ? style : 'dim');
		}
	}
	return canvas.rows();
}
