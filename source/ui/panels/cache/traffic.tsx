import {useMemo} from 'react';
import {formatShortCount, noData} from '../../../text/number.js';
import {countScale, formatTick, niceMax} from '../../charts/scale.js';
import {LineChart, type LineChartProps, type Series} from '../../components/line-chart.js';
import {Panel} from '../../components/panel.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useRecent} from '../../hooks/use-recent.js';
import type {Sample} from '../../store/sample.js';
import {padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

type Flow = Series & {readonly name: string; readonly short: string};

const rateOf = (count: (sample: Sample) => number) => (sample: Sample) =>
	sample.seconds > 0 ? count(sample) / sample.seconds : undefined;

const calls: Flow = {name: 'calls', short: 'calls', style: 'accent', shape: 0, value: rateOf((sample) => sample.calls)};
const reads: Flow = {
	name: 'reads from Redis',
	short: 'Redis',
	style: 'redis',
	shape: 1,
	value: rateOf((sample) => sample.redis),
};
const misses: Flow = {
	name: 'misses',
	short: 'misses',
	style: 'miss',
	shape: 2,
	value: rateOf((sample) => sample.misses),
};

const drawn = [misses, reads, calls] as const;
const named = [calls, reads, misses] as const;

/** With some headroom, so that a rate that varies around a round number does not change the axis. */
const scale = (highest: number) => countScale(niceMax(highest * 1.1), (value) => `${formatTick(value)}/s`);

/** The chart of calls, with the rates of the last second as notes. */
export function useTrafficNotes(): readonly Row[] {
	const {lineSamples} = useGlyphs();
	const sample = useRecent(1);
	return useMemo(() => {
		const legend = (isShort: boolean): Row =>
			named.flatMap((flow, index): Row => {
				const rate = sample && flow.value(sample);
				return [
					span(`${index === 0 ? '' : '  '}${lineSamples[flow.shape]} `, flow.style),
					span(`${isShort ? flow.short : flow.name} `, 'dim'),
					span(padStart(rate === undefined ? noData : `${formatShortCount(rate)}/s`, 7)),
				];
			});
		return [legend(false), legend(true)];
	}, [sample, lineSamples]);
}

export const TrafficChart = (props: Pick<LineChartProps, 'title' | 'fewestRows'>) => (
	<LineChart series={drawn} scale={scale} {...props} />
);

function TrafficPanel({isFocused}: PanelProps) {
	return (
		<Panel title={traffic.title} notes={useTrafficNotes()} isFocused={isFocused}>
			<TrafficChart />
		</Panel>
	);
}

export const traffic: PanelEntry = {
	title: 'Traffic',
	component: TrafficPanel,
	explain: {
		shows:
			'Calls a second: all calls of the application, the reads that went to Redis, and the misses, which the database has to answer.',
		source:
			'The counters of the cache, and their growth in each column of the chart. The axis is scaled in steps of 1, 2, 5.',
		normal:
			'Calls stay the same in an outage. Reads from Redis drop to zero; the misses then show the load on the database. Many misses right after an outage are a stampede.',
	},
};
