import {useMemo} from 'react';
import {formatPercent, noData} from '../../../text/number.js';
import {percentScale} from '../../charts/scale.js';
import {LineChart, type Series} from '../../components/line-chart.js';
import {Panel} from '../../components/panel.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useRecent} from '../../hooks/use-recent.js';
import type {Sample} from '../../store/sample.js';
import {padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

type Tier = Series & {
	readonly name: string;
	/** For the narrowest legend. */
	readonly short: string;
};

const shareOf = (part: (sample: Sample) => number) => (sample: Sample) => {
	const reads = sample.memory + sample.redis + sample.misses;
	return reads > 0 ? part(sample) / reads : undefined;
};

const miss: Tier = {name: 'miss', short: 'miss', style: 'miss', shape: 2, value: shareOf(({misses}) => misses)};
const redis: Tier = {name: 'Redis', short: 'Redis', style: 'redis', shape: 1, value: shareOf((sample) => sample.redis)};
const memory: Tier = {
	name: 'memory',
	short: 'mem',
	style: 'memory',
	shape: 0,
	value: shareOf((sample) => sample.memory),
};

const drawn = [miss, redis, memory] as const;
const named = [memory, redis, miss] as const;

/** Names and shares of the tiers, from the longest wording to the shortest. */
function legends(sample: Sample | undefined, {lineSamples}: Glyphs): readonly Row[] {
	const share = ({value}: Tier, digits: number) => {
		const text = formatPercent(sample && value(sample), digits);
		return text === noData ? '-' : text;
	};
	const gap = (index: number) => (index === 0 ? '' : ' ');
	const legend = (digits: number): Row =>
		named.flatMap((tier, index) => [
			span(`${gap(index)}${lineSamples[tier.shape]} `, tier.style),
			span(`${tier.name} `, 'dim'),
			span(padStart(share(tier, digits), digits > 0 ? 7 : 5)),
		]);
	const shortest = named.flatMap((tier, index) => [
		span(`${gap(index)}${lineSamples[tier.shape]}`, tier.style),
		span(tier.short, 'dim'),
		span(padStart(share(tier, 0).replace(' ', ''), 4)),
	]);
	return [legend(1), legend(0), shortest];
}

function HitRatioPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const sample = useRecent(10);
	const notes = useMemo(() => legends(sample, glyphs), [sample, glyphs]);
	return (
		<Panel title={hitRatio.title} shortTitle="Hits" notes={notes} isFocused={isFocused}>
			<LineChart series={drawn} scale={percentScale} />
		</Panel>
	);
}

export const hitRatio: PanelEntry = {
	title: 'Hit ratio',
	component: HitRatioPanel,
	explain: {
		shows:
			'The share of all reads that the memory tier of this process answered, that Redis answered, and that neither answered (misses). The figures at the top cover the last ten seconds.',
		source:
			'The counters of the cache: hitsMemory, hitsRedis and misses, and their growth in each column of the chart. A stale hit counts as a hit of the tier that had the entry.',
		normal:
			'Memory and Redis together stay high and flat. In an outage Redis falls to zero, and memory answers what it has; afterwards Redis comes back within a second or two. A growing share of misses means short TTLs, too little memory, or new keys.',
	},
};
