import {isDeepStrictEqual} from 'node:util';
import {Box} from 'ink';
import {useMemo} from 'react';
import {formatLatency} from '../../text/duration.js';
import {formatPercent, noData} from '../../text/number.js';
import {smallShareScale} from '../charts/scale.js';
import {Gap} from '../components/gap.js';
import {LineChart, type Series} from '../components/line-chart.js';
import {List} from '../components/list.js';
import {Panel} from '../components/panel.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useTerminalSize, useUi} from '../hooks/use-screen.js';
import {TrafficChart, useTrafficNotes} from '../panels/traffic.js';
import {poolRows} from '../rows/pool-rows.js';
import {poolLines} from '../state/views/pool-lines.js';
import {type Row, span} from '../text/row.js';
import type {ViewEntry} from './view.js';

/** From this width on there are two charts side by side. */
const wideColumns = 154;

/** Rows of the charts, their titles included. Where fewer are left, the list stands alone. */
const fewestChartRows = 9;
const mostChartRows = 26;

const utilization: readonly Series[] = [{value: (sample) => sample.utilization, style: 'accent', shape: 0}];

const utilizationTitle: Row = [
	span('Used', 'title'),
	span('  commands in flight out of the capacity of all lanes, peak of each second', 'dim'),
];

function Traffic() {
	const [notes = []] = useTrafficNotes();
	const title = useMemo(() => [span('Traffic  ', 'title'), ...notes], [notes]);
	return <TrafficChart title={title} fewestRows={fewestChartRows} />;
}

/** The utilization of the pool over time and, where there is room, the traffic that goes through it. */
function Charts({isWide}: {readonly isWide: boolean}) {
	return (
		<Box flexGrow={1} gap={2} maxHeight={mostChartRows}>
			<Box flexDirection="column" flexGrow={1} flexBasis={0}>
				<LineChart series={utilization} scale={smallShareScale} title={utilizationTitle} fewestRows={fewestChartRows} />
			</Box>
			{isWide && (
				<Box flexDirection="column" flexGrow={1} flexBasis={0}>
					<Traffic />
				</Box>
			)}
		</Box>
	);
}

function PoolView() {
	const glyphs = useGlyphs();
	const {columns} = useTerminalSize();
	const pool = useEngine(({snapshot}) => snapshot?.cache.pool, isDeepStrictEqual);
	const at = useEngine(({snapshot}) => snapshot?.at ?? 0);
	const selected = useUi((ui) => ui.pool.selected);
	const {row, items} = useMemo(
		() => (pool ? poolRows(pool, poolLines(pool), at, glyphs) : {row: (): Row => [], items: []}),
		[pool, at, glyphs],
	);
	const last = items.findLast((item) => item !== undefined) ?? 0;
	const notes = useMemo(
		(): readonly Row[] =>
			pool
				? [
						[
							span('used ', 'dim'),
							span(formatPercent(pool.utilisation).padStart(6)),
							span('  deadline ', 'dim'),
							span(formatLatency(pool.deadlineMs)),
						],
					]
				: [],
		[pool],
	);
	return (
		<Panel title={pool ? `Pool: ${pool.lanes.length} lanes` : 'Pool'} notes={notes}>
			<List
				count={items.length}
				selected={items.indexOf(Math.min(selected, last))}
				row={row}
				empty={[span(noData, 'dim')]}
				scope="pool"
				{...(pool && {height: items.length})}
			/>
			{pool && <Gap />}
			{pool && (
				<Box flexGrow={1} flexBasis={0} flexDirection="column" justifyContent="flex-end">
					<Charts isWide={columns >= wideColumns} />
				</Box>
			)}
		</Panel>
	);
}

export const pool: ViewEntry = {
	component: PoolView,
	explain: {
		shows:
			'Each lane: a connection that many calls share, first in, first out. In flight are commands that were sent and not answered; the bar shows how full the queue of the lane is. Then the checkouts, connections for one borrower at a time, and those who wait for one.',
		source:
			'The pool, at the time of the snapshot. Rates cover the last second, p50 and p99 the last ten; bytes, missed deadlines and reconnects count from the start.',
		normal:
			'All lanes ready, few commands in flight, no one waiting. A lane is "waiting" when it has lost its connection and pauses before it reconnects. If lanes are always full, add some: + adds one, - removes one.',
	},
};
