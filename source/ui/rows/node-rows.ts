import type {NodeSnapshot} from '../../metrics/snapshot.js';
import {formatAge, formatLatency} from '../../text/duration.js';
import {formatCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {modeStyles} from '../charts/mode-line.js';
import type {Glyphs} from '../glyphs.js';
import {type Column, tableRows} from '../text/columns.js';
import {joinFitting, type Row, span} from '../text/row.js';

/** Clocks that are further apart than this, in milliseconds, are not being adjusted. */
const wideSpreadMs = 100;

function nodeColumns(glyphs: Glyphs, now: number): readonly Column<NodeSnapshot>[] {
	return [
		{title: 'node', width: 21, priority: 0, cell: ({address}) => span(printable(address), 'strong')},
		{
			title: 'state',
			width: 12,
			priority: 0,
			cell: ({mode: {mode}}) => span(`${glyphs.modes[mode]} ${mode}`, modeStyles[mode]),
		},
		{title: 'for', width: 8, align: 'right', priority: 2, cell: ({mode}) => span(formatAge(now - mode.at))},
		{title: 'slots', width: 6, align: 'right', priority: 1, cell: ({slots}) => span(formatCount(slots))},
		{
			title: 'replicas',
			width: 8,
			align: 'right',
			priority: 3,
			cell: ({replicas}) => span(String(replicas.length), replicas.length === 0 ? 'dim' : 'text'),
		},
		{title: 'clock', width: 9, align: 'right', priority: 4, cell: ({clockOffsetMs}) => clockSpan(clockOffsetMs)},
		{
			title: 'reason',
			width: 16,
			priority: 5,
			grows: true,
			cell: ({mode: {mode, reason}}) => span(mode === 'connected' ? '' : printable(reason), 'dim'),
		},
	];
}

function clockSpan(offsetMs: number | undefined) {
	if (offsetMs === undefined) return span('-', 'dim');
	return span(`${offsetMs < 0 ? '-' : '+'}${formatLatency(Math.abs(offsetMs))}`);
}

/** The heading of the nodes: how many are in use, and how far their clocks are apart. */
function nodeTotals(nodes: readonly NodeSnapshot[], spreadMs: number | undefined): readonly Row[] {
	const used = nodes.filter(({mode}) => mode.mode === 'connected').length;
	return [
		[span('Nodes', 'title'), span(`  ${nodesInUse(nodes)}`, used === nodes.length ? 'good' : 'bad')],
		...(spreadMs === undefined
			? []
			: [[span(`  clocks within ${formatLatency(spreadMs)}`, spreadMs > wideSpreadMs ? 'warn' : 'dim')]]),
	];
}

/** The nodes of a cluster, each as a row, with their headings. */
export function nodeRows(
	nodes: readonly NodeSnapshot[],
	spreadMs: number | undefined,
	now: number,
	glyphs: Glyphs,
): readonly ((width: number) => Row)[] {
	const columns = nodeColumns(glyphs, now);
	return [
		(width) => joinFitting(nodeTotals(nodes, spreadMs), width),
		(width) => tableRows(columns, width).head,
		...nodes.map((node) => (width: number) => tableRows(columns, width).row(node)),
	];
}

/** `2 of 3 in use` */
export function nodesInUse(nodes: readonly NodeSnapshot[]): string {
	return `${nodes.filter(({mode}) => mode.mode === 'connected').length} of ${nodes.length} in use`;
}
