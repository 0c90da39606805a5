import {useCallback, useMemo} from 'react';
import type {ServerFigures} from '../../../engine/protocol.js';
import {hitRatioOf, perSecond} from '../../../inspect/server/activity/merge-figures.js';
import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCount, formatCountOf, formatPercent, formatShortCount} from '../../../text/number.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useEngine} from '../../hooks/use-screen.js';
import {serverFacts} from '../../rows/server-facts.js';
import type {StoreState} from '../../store/store.js';
import {type Column, tableRows} from '../../text/columns.js';
import {span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {formatRate} from '../rate.js';
import {figuresSource} from './rate.js';
import {useWhyEmpty} from './why-empty.js';

type NodeRow = {readonly address: string; readonly figures: ServerFigures};

const nodeColumns: readonly Column<NodeRow>[] = [
	{title: 'NODE', width: 21, priority: 0, grows: true, cell: ({address}) => span(address)},
	{
		title: 'COMMANDS',
		width: 8,
		align: 'right',
		priority: 1,
		cell: ({figures}) => span(formatRate(perSecond(figures.commands, figures))),
	},
	{title: 'HITS', width: 7, align: 'right', priority: 2, cell: ({figures}) => span(formatPercent(hitRatioOf(figures)))},
	{title: 'MEMORY', width: 8, align: 'right', priority: 3, cell: ({figures}) => span(formatBytes(figures.usedMemory))},
	{
		title: 'EVICTED',
		width: 8,
		align: 'right',
		priority: 4,
		cell: ({figures}) => span(formatRate(perSecond(figures.evicted, figures)), figures.evicted > 0 ? 'warn' : 'text'),
	},
	{title: 'KEYS', width: 6, align: 'right', priority: 5, cell: ({figures}) => span(formatShortCount(figures.keys))},
	{title: 'CLIENTS', width: 7, align: 'right', priority: 6, cell: ({figures}) => span(formatCount(figures.clients))},
	{title: 'P99', width: 7, align: 'right', priority: 7, cell: ({figures}) => span(formatLatency(figures.latency.p99))},
];

/** The nodes of a cluster, one a row. */
function NodeTable() {
	const nodes = useEngine(
		({snapshot}) => snapshot?.activity.nodes,
		(before, after) => before?.length === after?.length && before?.[0]?.figures.at === after?.[0]?.figures.at,
	);
	const missing = useEngine(
		({snapshot}) => snapshot?.activity.missing,
		(before, after) => before?.map(({address}) => address).join() === after?.map(({address}) => address).join(),
	);
	const draw: Draw = useCallback(
		({width}) => {
			const {head, row} = tableRows(nodeColumns, width);
			return [
				head,
				// Nodes without an answer come first, so that they are never cut off.
				...(missing ?? []).map(({address, reason}) => [span(`${address} no answer: ${reason}`, 'bad')]),
				...(nodes ?? []).map(row),
			];
		},
		[nodes, missing],
	);
	return <Raster draw={draw} />;
}

/** The main figures of a single server, and of those with a problem the first. */
function Facts() {
	const data = useEngine(
		({snapshot}) => snapshot?.server,
		(before, after) => before?.at === after?.at,
	);
	const empty = useWhyEmpty();
	const draw: Draw = useCallback(
		({width, height}) => (data ? serverFacts(data, width, height) : [[span(empty, 'dim')]]),
		[data, empty],
	);
	return <Raster draw={draw} />;
}

const masterCount = ({snapshot}: StoreState) =>
	(snapshot?.activity.nodes.length ?? 0) + (snapshot?.activity.missing.length ?? 0);

function NodesPanel({isFocused}: PanelProps) {
	const masters = useEngine(masterCount);
	const notes = useMemo(() => (masters === 0 ? [] : [[span(formatCountOf(masters, 'master'), 'dim')]]), [masters]);
	return (
		<Panel title={nodes.title} notes={notes} isFocused={isFocused}>
			{masters === 0 ? <Facts /> : <NodeTable />}
		</Panel>
	);
}

export const nodes: PanelEntry = {
	title: 'Server',
	component: NodesPanel,
	explain: {
		shows:
			'The main figures of the server, or of each master of a cluster: commands a second, hit ratio, memory, evictions, keys, clients and p99 in the last second.',
		source: `${figuresSource} The lookups of this program are subtracted from the nodes of a cluster in equal shares.`,
		normal: 'The masters of a cluster share the load evenly. One with many more commands has a hot key or hot slot.',
	},
};
