import type {LiveConnection} from '../../../engine/protocol.js';
import type {TopologyNode} from '../../../engine/target-snapshot.js';
import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import type {Column} from '../../text/columns.js';
import {span} from '../../text/row.js';
import {longWaitMs} from './outage-reaction.js';

/** The style of a waiting time, which is highlighted if it is long. */
const waitStyle = (ms: number) => (ms >= longWaitMs ? 'bad' : 'text');

/** The command that waits longest on a connection. */
function waitingCell({oldest, isSubscriber}: LiveConnection) {
	if (!oldest) return span(isSubscriber ? 'subscribed' : '-', 'dim');
	const words = `${oldest.command} ${oldest.isBlocking ? 'blocks' : formatLatency(oldest.waitMs)}`;
	return span(words, oldest.isBlocking ? 'dim' : waitStyle(oldest.waitMs));
}

/**
 * The target of a connection: the number of the node for faults, and its role. A target that is not a node is a
 * Sentinel.
 */
const nodeColumn = (nodes: readonly TopologyNode[]): Column<LiveConnection> => ({
	title: 'node',
	width: 9,
	priority: 2,
	cell({node}) {
		const found = nodes.find(({address}) => address === node);
		return found ? span(`${found.number} ${found.role}`) : span('Sentinel', 'dim');
	},
});

const addressColumn: Column<LiveConnection> = {
	title: 'to',
	width: 21,
	priority: 8,
	cell: ({node = ''}) => span(printable(node), 'dim'),
};

/**
 * The columns of the connections of an application.
 *
 * @param now Unix time in milliseconds.
 * @param nodes Of a cluster, or the servers behind Sentinel; empty for a single server.
 */
export const connectionColumns = (now: number, nodes: readonly TopologyNode[]): readonly Column<LiveConnection>[] => [
	{title: '#', width: 4, align: 'right', priority: 0, cell: ({connection}) => span(String(connection), 'strong')},
	{
		title: 'name',
		width: 12,
		priority: 1,
		grows: true,
		cell: ({clientName}) => (clientName === '' ? span('(no name)', 'dim') : span(printable(clientName))),
	},
	...(nodes.length > 0 ? [nodeColumn(nodes), addressColumn] : []),
	{title: 'from', width: 21, priority: 7, cell: ({address}) => span(address === '' ? '-' : address, 'dim')},
	{title: 'open for', width: 8, align: 'right', priority: 5, cell: ({openedAt}) => span(formatAge(now - openedAt))},
	{title: 'commands', width: 8, align: 'right', priority: 4, cell: ({commands}) => span(formatShortCount(commands))},
	{
		title: 'wait',
		width: 5,
		align: 'right',
		priority: 6,
		cell: ({waiting}) => span(formatShortCount(waiting), waiting > 0 ? 'accent' : 'dim'),
	},
	{title: 'waits now', width: 18, priority: 2, cell: waitingCell},
	{
		title: 'longest',
		width: 7,
		align: 'right',
		priority: 3,
		cell: ({longestMs}) => span(formatLatency(longestMs), waitStyle(longestMs)),
	},
	{title: 'depth', width: 5, align: 'right', priority: 8, cell: ({deepest}) => span(formatShortCount(deepest))},
	{title: 'db', width: 3, align: 'right', priority: 9, cell: ({db}) => span(String(db), 'dim')},
];
