import {useMemo} from 'react';
import type {EngineSnapshot} from '../../../engine/protocol.js';
import {formatLatency} from '../../../text/duration.js';
import {latencyScale} from '../../charts/scale.js';
import {LineChart, type Series} from '../../components/line-chart.js';
import {Panel} from '../../components/panel.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {hasSameFields} from '../../hooks/use-selector.js';
import {padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

const series: readonly Series[] = [
	{value: ({p99}) => p99, style: 'tail', shape: 1},
	{value: ({p50}) => p50, style: 'median', shape: 0},
];

/** Latency of the workload's calls while it runs, else of the cache's reads from Redis. */
export function currentLatency({workload, cache}: EngineSnapshot) {
	const {p50, p99} = workload.running ? workload.settle : cache.latency.get;
	return {isOfCalls: workload.running, p50, p99};
}

function LatencyPanel({isFocused}: PanelProps) {
	const {lineSamples} = useGlyphs();
	const now = useEngine(({snapshot}) => snapshot && currentLatency(snapshot), hasSameFields);
	const notes = useMemo(() => {
		const figures = (isShort: boolean): Row => [
			span(`${lineSamples[0]} `, 'median'),
			span(isShort ? '' : 'p50 ', 'dim'),
			span(padStart(formatLatency(now?.p50), 7)),
			span(`  ${lineSamples[1]} `, 'tail'),
			span(isShort ? '' : 'p99 ', 'dim'),
			span(padStart(formatLatency(now?.p99), 7)),
		];
		const what = now?.isOfCalls ? 'calls  ' : 'reads from Redis  ';
		return [[span(what, 'dim'), ...figures(false)], figures(false), figures(true)];
	}, [now, lineSamples]);
	return (
		<Panel title={latency.title} notes={notes} isFocused={isFocused}>
			<LineChart series={series} scale={latencyScale} />
		</Panel>
	);
}

export const latency: PanelEntry = {
	title: 'Latency',
	component: LatencyPanel,
	explain: {
		shows:
			'How long calls took, on a logarithmic axis: the median (p50), and the time within which 99 of 100 calls settled (p99). The figures at the top cover the last second.',
		source:
			'While the workload runs: every call of the application, memory hits included, from the time it was due until it settled. Without the workload: the reads that the cache sent to Redis.',
		normal:
			'A median of 10 to 100 µs with memory hits, and a p99 of a few milliseconds. When a black hole starts, p99 reaches the deadline (200 ms) once, then drops: the cache stops asking Redis. If it stays at the deadline, every call waits for Redis.',
	},
};
