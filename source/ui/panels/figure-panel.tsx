import {useMemo} from 'react';
import {LineChart, type LineChartProps, type Series} from '../components/line-chart.js';
import {Panel} from '../components/panel.js';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import type {Sample} from '../store/sample.js';
import {padStart, type Row, span} from '../text/row.js';
import type {PanelProps} from './panel.js';

/** One of the `Figures` of a server or an application, as a line over time. */
export type FigureLine<Figures> = Pick<Series, 'style' | 'shape'> & {
	readonly name: string;
	/** For the narrowest legend. */
	readonly short: string;
	/** Undefined where nothing was measured. */
	readonly value: (figures: Figures) => number | undefined;
	readonly format: (value: number) => string;
	/** Cells of the formatted value, so that the legend does not move. */
	readonly cells: number;
};

export type FigureChart<Figures> = {
	readonly title: string;
	readonly shortTitle?: string;
	/** In the order of the legend. The first is drawn over the others. */
	readonly lines: readonly FigureLine<Figures>[];
	readonly scale: LineChartProps['scale'];
	/** The reason for a missing value, while figures arrive: `no lookups`. */
	readonly empty: string;
	/** Further current figures, before the legend if there is room. */
	readonly about?: (figures: Figures) => Row;
};

/** The lines of a panel with their newest values, from the longest wording to the shortest. */
function legends<Figures>({lines, about}: FigureChart<Figures>, now: Figures | undefined, {lineSamples}: Glyphs) {
	const legend = (isShort: boolean): Row =>
		lines.flatMap(({name, short, style, shape, value, format, cells}, index): Row => {
			const newest = now && value(now);
			return [
				span(`${index === 0 ? '' : '  '}${lineSamples[shape]} `, style),
				span(`${isShort ? short : name} `, 'dim'),
				span(padStart(newest === undefined ? '-' : format(newest), cells)),
			];
		});
	// The legend without alignment, and without unmeasured figures. The shortest form has no names: the shapes distinguish the
	// lines.
	const tight = (shown: readonly FigureLine<Figures>[], hasNames: boolean): Row =>
		shown
			.flatMap(({short, style, shape, value, format}) => {
				const newest = now && value(now);
				const name = hasNames ? `${short} ` : '';
				return newest === undefined ? [] : [{sample: span(lineSamples[shape], style), name, value: format(newest)}];
			})
			.flatMap(({sample, name, value}, index) => [
				...(index === 0 ? [] : [span(' ')]),
				sample,
				span(hasNames ? name : ' ', 'dim'),
				span(value),
			]);
	const more = now && about ? about(now) : [];
	return [
		...(more.length > 0 ? [[...more, span('  '), ...legend(false)]] : []),
		legend(false),
		legend(true),
		tight(lines, true),
		tight(lines.slice(0, 2), true),
		tight(lines, false),
		tight(lines.slice(0, 2), false),
	];
}

type FigurePanelProps<Figures> = PanelProps & {
	/** Pass the same object each time. */
	readonly chart: FigureChart<Figures>;
	/** The newest figures. */
	readonly now: Figures | undefined;
	/** Selects the figures of a sample. Pass the same function each time. */
	readonly of: (sample: Sample) => Figures | undefined;
	/** Written into a chart without a value. */
	readonly empty: string;
};

/** A panel with a chart of some figures, and the newest ones in its title. */
export function FigurePanel<Figures>({chart, now, of, empty, isFocused}: FigurePanelProps<Figures>) {
	const {title, shortTitle, lines, scale} = chart;
	const glyphs = useGlyphs();
	const notes = useMemo(() => legends(chart, now, glyphs), [chart, now, glyphs]);
	const series = useMemo(
		() =>
			[...lines].reverse().map(({value, style, shape}): Series => {
				const figureOf = (sample: Sample) => {
					const figures = of(sample);
					return figures && value(figures);
				};
				return {style, shape, value: figureOf};
			}),
		[lines, of],
	);
	return (
		<Panel title={title} {...(shortTitle !== undefined && {shortTitle})} notes={notes} isFocused={isFocused}>
			<LineChart series={series} scale={scale} empty={empty} />
		</Panel>
	);
}
