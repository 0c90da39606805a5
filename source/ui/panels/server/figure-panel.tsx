import {useMemo} from 'react';
import type {ServerFigures} from '../../../engine/protocol.js';
import {LineChart, type LineChartProps, type Series} from '../../components/line-chart.js';
import {Panel} from '../../components/panel.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {padStart, type Row, span} from '../../text/row.js';
import type {PanelProps} from '../panel.js';
import {whyEmpty} from './why-empty.js';

/** A figure of the server over time. */
export type FigureLine = Pick<Series, 'style' | 'shape'> & {
	readonly name: string;
	/** For the narrowest legend. */
	readonly short: string;
	/** Undefined where nothing was measured. */
	readonly value: (figures: ServerFigures) => number | undefined;
	readonly format: (value: number) => string;
	/** Cells of the formatted value, so that the legend does not move. */
	readonly cells: number;
};

export type FigureChart = {
	readonly title: string;
	readonly shortTitle?: string;
	/** In the order of the legend. The first is drawn over the others. */
	readonly lines: readonly FigureLine[];
	readonly scale: LineChartProps['scale'];
	/** The reason for a missing value, while the server answers: `no lookups`. */
	readonly empty: string;
	/** More figures of now, before the legend where there is room. */
	readonly about?: (figures: ServerFigures) => Row;
};

/** The lines of a panel with their newest values, from the longest wording to the shortest. */
function legends({lines, about}: FigureChart, now: ServerFigures | undefined, {lineSamples}: Glyphs) {
	const legend = (isShort: boolean): Row =>
		lines.flatMap(({name, short, style, shape, value, format, cells}, index): Row => {
			const newest = now && value(now);
			return [
				span(`${index === 0 ? '' : '  '}${lineSamples[shape]} `, style),
				span(`${isShort ? short : name} `, 'dim'),
				span(padStart(newest === undefined ? '-' : format(newest), cells)),
			];
		});
	// The shapes of the lines tell their values apart where there is no room for names.
	const values = (shown: readonly FigureLine[]): Row =>
		shown.flatMap(({style, shape, value, format}, index): Row => {
			const newest = now && value(now);
			if (newest === undefined) return [];
			return [span(`${index === 0 ? '' : ' '}${lineSamples[shape]} `, style), span(format(newest))];
		});
	const more = now && about ? about(now) : [];
	return [
		...(more.length > 0 ? [[...more, span('  '), ...legend(false)]] : []),
		legend(false),
		legend(true),
		values(lines),
		values(lines.slice(0, 2)),
	];
}

/** A panel with a chart of figures of the server. Keep the identity of `chart`. */
export function FigurePanel({chart, isFocused}: PanelProps & {readonly chart: FigureChart}) {
	const {title, shortTitle, lines, scale} = chart;
	const glyphs = useGlyphs();
	const now = useEngine(({snapshot}) => snapshot?.activity.latest);
	const notes = useMemo(() => legends(chart, now, glyphs), [chart, now, glyphs]);
	const empty = useEngine(({snapshot}) => (snapshot?.activity.latest ? chart.empty : whyEmpty(snapshot)));
	const series = useMemo(
		() =>
			[...lines]
				.reverse()
				.map(({value, style, shape}): Series => ({style, shape, value: ({server}) => server && value(server)})),
		[lines],
	);
	return (
		<Panel title={title} {...(shortTitle !== undefined && {shortTitle})} notes={notes} isFocused={isFocused}>
			<LineChart series={series} scale={scale} empty={empty} />
		</Panel>
	);
}
