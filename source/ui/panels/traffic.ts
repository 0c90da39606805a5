import {lineChart, plotColumns} from '../charts/line-chart.js';
import {countScale, niceMax} from '../charts/scale.js';
import {noData, shortCount, tickOf} from '../format.js';
import type {Sample} from '../sample.js';
import {padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import type {Panel} from './panel.js';
import {recent, samplesOf} from './time-frame.js';

type Flow = {
	readonly name: string;
	readonly style: StyleName;
	readonly shape: 0 | 1 | 2;
	readonly of: (sample: Sample) => number;
};

const calls: Flow = {name: 'calls', style: 'accent', shape: 0, of: (sample) => sample.calls};

const flows: readonly Flow[] = [
	calls,
	{name: 'reads from Redis', style: 'redis', shape: 1, of: (sample) => sample.redis},
	{name: 'misses', style: 'miss', shape: 2, of: (sample) => sample.misses},
];

const rateOf = (sample: Sample | undefined, flow: Flow): number | undefined =>
	sample && sample.seconds > 0 ? flow.of(sample) / sample.seconds : undefined;

export const trafficPanel: Panel = {
	id: 'traffic',
	title: 'Traffic',
	explain: {
		shows:
			'Calls a second: all that the application made of the cache, the reads that went to Redis, and the misses, which the database behind has to answer.',
		source:
			'The counters of the cache, their growth in each column divided by its seconds. The axis grows in steps of 1, 2, 5.',
		normal:
			'Calls as many as the application makes, in an outage too. Redis falls to zero in an outage; the misses then show what reaches the database. A wall of misses after an outage is a stampede.',
	},
	draw(input, width, height) {
		const {samples, end, windowSeconds} = samplesOf(input, plotColumns(width));
		const {glyphs, state} = input;
		const most = Math.max(0, ...samples.map((sample) => rateOf(sample, calls) ?? 0));
		const lines = flows.map((flow) => ({
			values: samples.map((sample) => rateOf(sample, flow)),
			style: flow.style,
			shape: flow.shape,
		}));
		const now = recent(input, 1);
		const legend = (isShort: boolean): Row =>
			flows.flatMap((flow, index): Row => {
				const rate = rateOf(now, flow);
				return [
					span(`${index === 0 ? '' : '  '}${glyphs.lineSamples[flow.shape]} `, flow.style),
					span(`${isShort ? flow.name.replace('reads from ', '') : flow.name} `, 'dim'),
					span(padStart(rate === undefined ? noData : `${shortCount(rate)}/s`, 7)),
				];
			});
		return {
			rows: lineChart(lines.reverse(), {
				width,
				height,
				// A little more, so that a rate that wavers about a round number does not change the axis.
				scale: countScale(niceMax(most * 1.1), (value) => `${tickOf(value)}/s`),
				windowSeconds,
				end,
				outages: state.outages,
				glyphs,
			}),
			notes: [legend(false), legend(true)],
		};
	},
};
