import {useCallback} from 'react';
import {type LineShape, lineChart, plotColumns} from '../charts/line-chart.js';
import type {Scale} from '../charts/scale.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useTimeFrame} from '../hooks/use-time-frame.js';
import type {Sample} from '../store/sample.js';
import {samplesOf} from '../store/time-frame.js';
import type {Row} from '../text/row.js';
import type {StyleName} from '../theme.js';
import {type Draw, Raster} from './raster.js';

/** One line of a chart: a value of each sample. */
export type Series = {
	readonly value: (sample: Sample) => number | undefined;
	readonly style: StyleName;
	readonly shape: LineShape;
};

export type LineChartProps = {
	/** Drawn in this order, later ones over earlier ones. */
	readonly series: readonly Series[];
	/** The vertical axis, or a function that chooses it for the highest value shown. */
	readonly scale: Scale | ((highest: number) => Scale);
	/** A row above the chart. */
	readonly title?: Row;
	/** Rows, the title included, below which nothing is drawn. Default 0. */
	readonly fewestRows?: number;
	/** Written into a chart without a value. Default: `no data`. */
	readonly empty?: string | undefined;
};

/** The history of some values over the chart window, with outages shaded. Fills its box, and changes once a second. */
export function LineChart({series, scale, title, fewestRows = 0, empty}: LineChartProps) {
	const frame = useTimeFrame();
	const glyphs = useGlyphs();
	const draw: Draw = useCallback(
		({width, height}) => {
			if (height < fewestRows) return [];
			const above = title ? [title] : [];
			const samples = samplesOf(frame, plotColumns(width));
			const lines = series.map(({value, style, shape}) => ({
				values: samples.map((sample) => sample && value(sample)),
				style,
				shape,
			}));
			const highest = () => Math.max(0, ...lines.flatMap(({values}) => values.map((value) => value ?? 0)));
			const chart = lineChart(lines, {
				width,
				height: height - above.length,
				scale: typeof scale === 'function' ? scale(highest()) : scale,
				window: frame,
				outages: frame.outages,
				glyphs,
				empty,
			});
			return [...above, ...chart];
		},
		[frame, series, scale, title, fewestRows, empty, glyphs],
	);
	return <Raster draw={draw} />;
}
