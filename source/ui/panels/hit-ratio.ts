import {lineChart, plotColumns} from '../charts/line-chart.js';
import {percentScale} from '../charts/scale.js';
import {noData, percent} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import type {Sample} from '../sample.js';
import {padStart, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import type {Panel} from './panel.js';
import {recent, samplesOf} from './time-frame.js';

type Tier = {
	readonly name: string;
	/** For the narrowest legend. */
	readonly short: string;
	readonly style: StyleName;
	readonly shape: 0 | 1 | 2;
	readonly of: (sample: Sample) => number;
};

const tiers: readonly Tier[] = [
	{name: 'miss', short: 'miss', style: 'miss', shape: 2, of: (sample) => sample.misses},
	{name: 'Redis', short: 'Redis', style: 'redis', shape: 1, of: (sample) => sample.redis},
	{name: 'memory', short: 'mem', style: 'memory', shape: 0, of: (sample) => sample.memory},
];

const readsOf = (sample: Sample) => sample.memory + sample.redis + sample.misses;

function shareOf(sample: Sample | undefined, tier: Tier): number | undefined {
	if (!sample) return undefined;
	const reads = readsOf(sample);
	return reads > 0 ? tier.of(sample) / reads : undefined;
}

/** Reads that memory or Redis answered, of all reads; undefined without reads. */
export function hitRatioOf(sample: Sample | undefined): number | undefined {
	if (!sample) return undefined;
	const reads = readsOf(sample);
	return reads > 0 ? (sample.memory + sample.redis) / reads : undefined;
}

/** The lines with their names and figures, from the longest wording to the shortest. */
function legends(sample: Sample | undefined, glyphs: Glyphs): readonly Row[] {
	const shown = [...tiers].reverse();
	const share = (tier: Tier, digits: number) => {
		const text = percent(shareOf(sample, tier), digits);
		return text === noData ? '-' : text;
	};
	const legend = (digits: number): Row =>
		shown.flatMap(
			(tier, index): Row => [
				span(`${index === 0 ? '' : ' '}${glyphs.lineSamples[tier.shape]} `, tier.style),
				span(`${tier.name} `, 'dim'),
				span(padStart(share(tier, digits), digits > 0 ? 7 : 5)),
			],
		);
	const tiny = shown.flatMap(
		(tier, index): Row => [
			span(`${index === 0 ? '' : ' '}${glyphs.lineSamples[tier.shape]}`, tier.style),
			span(tier.short, 'dim'),
			span(padStart(share(tier, 0).replace(' ', ''), 4)),
		],
	);
	return [legend(1), legend(0), tiny];
}

export const hitRatioPanel: Panel = {
	id: 'hit-ratio',
	title: 'Hit ratio',
	shortTitle: 'Hits',
	explain: {
		shows:
			'Which share of all reads was answered by the memory tier of this process, by Redis, or by neither (a miss). The figures at the top are of the last ten seconds.',
		source:
			'The counters of the cache: hitsMemory, hitsRedis and misses, their growth in each column of the chart. Stale hits count as hits of the tier that kept them.',
		normal:
			'Memory and Redis together stay high and flat. In an outage Redis falls to zero and memory takes over as far as its entries reach; after it, Redis comes back within a second or two. A rising miss line means short TTLs, too little memory, or new keys.',
	},
	draw(input, width, height) {
		const {samples, end, windowSeconds} = samplesOf(input, plotColumns(width));
		const lines = tiers.map((tier) => ({
			values: samples.map((sample) => shareOf(sample, tier)),
			style: tier.style,
			shape: tier.shape,
		}));
		const {glyphs, state} = input;
		return {
			rows: lineChart(lines, {
				width,
				height,
				scale: percentScale,
				windowSeconds,
				end,
				outages: state.outages,
				glyphs,
			}),
			notes: legends(recent(input, 10), glyphs),
		};
	},
};
