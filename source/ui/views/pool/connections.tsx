import {Box} from 'ink';
import {useCallback, useMemo} from 'react';
import type {TopologyNode} from '../../../engine/target-snapshot.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import {countScale, formatTick, niceMax} from '../../charts/scale.js';
import {Gap} from '../../components/gap.js';
import {LineChart, type Series} from '../../components/line-chart.js';
import {List} from '../../components/list.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {Words} from '../../components/words.js';
import {useApplication, useTraffic} from '../../hooks/use-application.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine, useUi} from '../../hooks/use-screen.js';
import {formatRate, rateScale} from '../../panels/rate.js';
import {tapWords} from '../../rows/application/application-state.js';
import {connectionColumns} from '../../rows/application/connection-columns.js';
import {rateOf} from '../../store/application-sample.js';
import {tableRows} from '../../text/columns.js';
import {type Row, span} from '../../text/row.js';
import {fewestChartRows, PoolCharts} from './pool-charts.js';

const poolSeries: readonly Series[] = [
	{value: ({application}) => application?.open, style: 'dim', shape: 2},
	{value: ({application}) => application?.busy, style: 'accent', shape: 0},
];

const createdSeries: readonly Series[] = [
	{value: ({application}) => application && rateOf(application.opened, application), style: 'warn', shape: 0},
];

const noNodes: readonly TopologyNode[] = [];

const connectionScale = (highest: number) => countScale(niceMax(highest), formatTick);

function Charts() {
	const {lineSamples} = useGlyphs();
	const poolTitle = useMemo(
		() => [
			span('Connections  ', 'title'),
			span(`${lineSamples[0]} `, 'accent'),
			span('busy  ', 'dim'),
			span(`${lineSamples[2]} open`, 'dim'),
		],
		[lineSamples],
	);
	const createdTitle = useMemo(() => [span('Created', 'title'), span('  connections a second', 'dim')], []);
	return (
		<PoolCharts
			first={<LineChart series={poolSeries} scale={connectionScale} title={poolTitle} fewestRows={fewestChartRows} />}
			second={<LineChart series={createdSeries} scale={rateScale} title={createdTitle} fewestRows={fewestChartRows} />}
		/>
	);
}

/** The connections of the application behind the tap, as its pool. */
export function ConnectionsPool() {
	const application = useApplication();
	const lately = useTraffic(10);
	const selected = useUi((ui) => ui.pool.selected);
	const listed = application?.live.connections;
	const now = useEngine(({snapshot}) => Math.floor((snapshot?.at ?? 0) / 1000) * 1000);
	const nodes = useEngine(({snapshot}) => snapshot?.target.nodes ?? noNodes);
	const columns = useMemo(() => connectionColumns(now, nodes), [now, nodes]);
	const row = useCallback(
		(index: number, width: number): Row => {
			const connection = listed?.[index];
			return connection ? tableRows(columns, width).row(connection) : [];
		},
		[listed, columns],
	);
	const head: Draw = useCallback(({width}) => [[span('  '), ...tableRows(columns, width - 2).head]], [columns]);
	const notes = useMemo((): readonly Row[] => {
		if (!application || application.connections.opened === 0) return [];
		const {busy, peak, opened} = application.connections;
		const created = lately ? formatRate(rateOf(lately.opened, lately)) : '-';
		const short: Row = [
			span(`${formatCount(busy)} busy`, busy > 0 ? 'accent' : 'dim'),
			span(`  created ${created}`, 'dim'),
		];
		return [
			[...short, span(`  peak ${formatCount(peak)}, ${formatCount(opened)} opened since the start`, 'dim')],
			short,
		];
	}, [application, lately]);
	if (!application || !listed) return <Panel title="Pool">{null}</Panel>;
	const {open, opened} = application.connections;
	if (opened === 0)
		return (
			<Panel title="Pool">
				<Words>{`No application has connected yet: point it at ${tapWords(application)} (y copies it).`}</Words>
			</Panel>
		);
	const unlisted = open - listed.length;
	return (
		<Panel title={`Pool: ${formatCountOf(open, 'connection')} of the application`} notes={notes}>
			<Box flexDirection="column" flexShrink={0}>
				<Raster draw={head} height={1} />
			</Box>
			<Box flexDirection="column" flexShrink={1} minHeight={1}>
				<List
					count={listed.length}
					selected={Math.min(selected, listed.length - 1)}
					row={row}
					empty={span('no connection is open', 'dim')}
					scope="pool"
					height={Math.max(1, listed.length)}
				/>
			</Box>
			{unlisted > 0 && (
				<Box flexShrink={0}>
					<Words style="dim">{`and ${formatCount(unlisted)} more, which wait less`}</Words>
				</Box>
			)}
			<Gap />
			<Box flexGrow={1} flexBasis={0} flexDirection="column" justifyContent="flex-end">
				<Charts />
			</Box>
		</Panel>
	);
}
