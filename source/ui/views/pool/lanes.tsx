import {isDeepStrictEqual} from 'node:util';
import {Box} from 'ink';
import {useMemo} from 'react';
import {formatLatency} from '../../../text/duration.js';
import {formatPercent, noData} from '../../../text/number.js';
import {smallShareScale} from '../../charts/scale.js';
import {Gap} from '../../components/gap.js';
import {LineChart, type Series} from '../../components/line-chart.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {TrafficChart, useTrafficNotes} from '../../panels/cache/traffic.js';
import {poolRows} from '../../rows/pool-rows.js';
import {poolLines} from '../../state/views/pool-lines.js';
import {type Row, span} from '../../text/row.js';
import {fewestChartRows, PoolCharts} from './pool-charts.js';

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

/** The lanes and checkouts of the cache of this program. */
export function LanesPool() {
	const glyphs = useGlyphs();
	const cache = useEngine(
		({snapshot}) =>
			snapshot && {
				pool: snapshot.cache.pool,
				nodes: snapshot.cache.nodes ?? [],
				clockSpreadMs: snapshot.cache.clockSpreadMs,
				listed: snapshot.target.nodes ?? [],
				faults: snapshot.faults,
			},
		isDeepStrictEqual,
	);
	const pool = cache?.pool;
	const at = useEngine(({snapshot}) => snapshot?.at ?? 0);
	const selected = useUi((ui) => ui.pool.selected);
	const {row, items} = useMemo(
		() => (cache ? poolRows(cache, poolLines(cache.pool), at, glyphs) : {row: (): Row => [], items: []}),
		[cache, at, glyphs],
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
				empty={span(noData, 'dim')}
				scope="pool"
				{...(pool && {height: items.length})}
			/>
			{pool && <Gap />}
			{pool && (
				<Box flexGrow={1} flexBasis={0} flexDirection="column" justifyContent="flex-end">
					<PoolCharts
						first={
							<LineChart
								series={utilization}
								scale={smallShareScale}
								title={utilizationTitle}
								fewestRows={fewestChartRows}
							/>
						}
						second={<Traffic />}
					/>
				</Box>
			)}
		</Panel>
	);
}
