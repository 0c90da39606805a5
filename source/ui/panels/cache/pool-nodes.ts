import type {LaneSnapshot} from '../../../metrics/pool-snapshot.js';
import type {Glyphs} from '../../glyphs.js';
import {isTroubled, lagSpan, reasonSpan, type ShownNode, slotsSpan, stateSpan} from '../../rows/node-rows.js';
import {type Column, tableRows} from '../../text/columns.js';
import {type Row, span} from '../../text/row.js';

/** From this number of rows on there is a head although not all nodes fit. */
const fewestWithHead = 5;

/** Ids of the lanes to a node. */
function lanesTo(lanes: readonly LaneSnapshot[], {address}: ShownNode): string {
	return lanes
		.filter(({node}) => node === address)
		.map(({id}) => id)
		.join(' ');
}

function columnsOf(
	nodes: readonly ShownNode[],
	lanes: readonly LaneSnapshot[],
	glyphs: Glyphs,
): readonly Column<ShownNode>[] {
	const number: Column<ShownNode> = {
		title: 'node',
		width: 4,
		align: 'right',
		priority: 0,
		cell: (node) => span(String(node.number ?? '-'), 'strong'),
	};
	const state: Column<ShownNode> = {
		title: 'state',
		width: 12,
		priority: 0,
		cell: (node) => stateSpan(node, glyphs),
	};
	// Behind Sentinel there are no slots, and lanes may lead to an old master for a while.
	const slots: Column<ShownNode> = {title: 'slots', width: 6, align: 'right', priority: 2, cell: slotsSpan};
	return [
		number,
		state,
		...(nodes.some((node) => node.slots !== undefined) ? [slots] : []),
		{title: 'lanes', width: 7, priority: 1, cell: (node) => span(lanesTo(lanes, node))},
		{title: 'lag', width: 7, align: 'right', priority: 3, cell: lagSpan},
		{title: 'fault', width: 8, priority: 4, grows: true, cell: reasonSpan},
	];
}

/**
 * The nodes of a cluster, or the servers behind Sentinel, as a table of at most `rows` rows: those with a fault or without an
 * answer first, then masters, then replicas.
 */
export function poolNodeRows(
	nodes: readonly ShownNode[],
	lanes: readonly LaneSnapshot[],
	width: number,
	rows: number,
	glyphs: Glyphs,
): readonly Row[] {
	const rankOf = (node: ShownNode) => (isTroubled(node) ? 0 : node.role === 'master' ? 1 : 2);
	const sorted = [...nodes].sort((left, right) => rankOf(left) - rankOf(right));
	const {head, row} = tableRows(columnsOf(nodes, lanes, glyphs), width);
	const table = [...(nodes.length < rows || rows >= fewestWithHead ? [head] : []), ...sorted.map(row)];
	if (table.length <= rows) return table;
	const hidden = table.length - rows + 1;
	return [...table.slice(0, rows - 1), [span(`and ${hidden} more`, 'dim')]];
}
