import type {TopologyNode} from '../../engine/target-snapshot.js';
import {describeEffect} from '../../faults/catalogue.js';
import type {ActiveFault} from '../../faults/fault.js';
import type {ModeChange, NodeSnapshot} from '../../metrics/snapshot.js';
import {formatAge, formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {modeStyles} from '../charts/mode-line.js';
import type {Glyphs} from '../glyphs.js';
import {type Column, tableRows} from '../text/columns.js';
import {joinFitting, type Row, span} from '../text/row.js';

/** Clocks that are further apart than this, in milliseconds, are not being adjusted. */
const wideSpreadMs = 100;

/** A node in the Pool view: a master of the cache, or another one that is known. */
export type ShownNode = {
	readonly number: number | undefined;
	readonly address: string;
	readonly role: TopologyNode['role'];
	/** Undefined for a node to which the cache has no lane. */
	readonly mode: ModeChange | undefined;
	readonly slots: number | undefined;
	readonly replicas: number | undefined;
	/** Of a replica. */
	readonly lag: {readonly bytes: number | undefined} | undefined;
	readonly clockOffsetMs: number | undefined;
	/** The faults on this node. */
	readonly faults: string;
};

type NodeParts = {
	/** Those of the cache. */
	readonly nodes: readonly NodeSnapshot[];
	/** All that are known. */
	readonly listed: readonly TopologyNode[];
	readonly faults: readonly ActiveFault[];
};

/** More replicas than this would push the lanes off the screen: they are only counted then. */
const mostReplicas = 6;

/** The nodes of the cache with what else is known of them, and then the replicas. */
export function shownNodes({nodes, listed, faults}: NodeParts): readonly ShownNode[] {
	const listedAt = new Map(listed.map((node) => [node.address, node]));
	const faultsOn = (address: string) =>
		faults.flatMap(({fault}) => (fault.node === address ? [describeEffect(fault)] : [])).join(', ');
	const connected = nodes.map(
		({address, mode, slots, replicas, clockOffsetMs}): ShownNode => ({
			number: listedAt.get(address)?.number,
			address,
			role: 'master',
			mode,
			slots,
			replicas: replicas.length,
			lag: undefined,
			clockOffsetMs,
			faults: faultsOn(address),
		}),
	);
	const others = listed.filter(({address}) => !nodes.some((node) => node.address === address));
	const shown = others.length > mostReplicas ? others.filter(({address}) => faultsOn(address) !== '') : others;
	return [
		...connected,
		...shown.map(
			({number, address, role, slots, lagBytes}): ShownNode => ({
				number,
				address,
				role,
				mode: undefined,
				slots,
				replicas: role === 'master' ? listed.filter(({master}) => master === address).length : undefined,
				lag: role === 'replica' ? {bytes: lagBytes} : undefined,
				clockOffsetMs: undefined,
				faults: faultsOn(address),
			}),
		),
	].sort((left, right) => (left.number ?? Number.POSITIVE_INFINITY) - (right.number ?? Number.POSITIVE_INFINITY));
}

function nodeColumns(glyphs: Glyphs, now: number): readonly Column<ShownNode>[] {
	return [
		{title: 'node', width: 4, align: 'right', priority: 0, cell: ({number}) => span(String(number ?? '-'), 'strong')},
		{title: 'address', width: 21, priority: 1, cell: ({address}) => span(printable(address))},
		{
			title: 'state',
			width: 12,
			priority: 0,
			cell: ({mode, role}) =>
				mode === undefined
					? span(`  ${role}`, 'dim')
					: span(`${glyphs.modes[mode.mode]} ${mode.mode}`, modeStyles[mode.mode]),
		},
		{title: 'for', width: 8, align: 'right', priority: 5, cell: ({mode}) => span(mode ? formatAge(now - mode.at) : '')},
		{
			title: 'slots',
			width: 6,
			align: 'right',
			priority: 2,
			cell: ({slots}) => span(slots === undefined ? '' : formatCount(slots)),
		},
		{
			title: 'replicas',
			width: 8,
			align: 'right',
			priority: 6,
			cell: ({replicas}) => span(replicas === undefined ? '' : String(replicas), replicas === 0 ? 'dim' : 'text'),
		},
		{title: 'lag', width: 7, align: 'right', priority: 3, cell: ({lag}) => lagSpan(lag)},
		{
			title: 'clock',
			width: 9,
			align: 'right',
			priority: 7,
			cell: ({role, clockOffsetMs}) => (role === 'master' ? clockSpan(clockOffsetMs) : span('')),
		},
		{
			title: 'fault, reason',
			width: 13,
			priority: 4,
			grows: true,
			cell: ({faults, mode}) => {
				if (faults !== '') return span(faults, 'bad');
				return span(mode === undefined || mode.mode === 'connected' ? '' : printable(mode.reason), 'dim');
			},
		},
	];
}

function lagSpan(lag: ShownNode['lag']) {
	if (lag === undefined) return span('');
	return lag.bytes === undefined ? span('no link', 'warn') : span(formatBytes(lag.bytes));
}

function clockSpan(offsetMs: number | undefined) {
	if (offsetMs === undefined) return span('-', 'dim');
	return span(`${offsetMs < 0 ? '-' : '+'}${formatLatency(Math.abs(offsetMs))}`);
}

/** The heading of the nodes: how many are in use, and how far their clocks are apart. */
function nodeTotals(nodes: readonly NodeSnapshot[], spreadMs: number | undefined): readonly Row[] {
	const used = nodes.filter(({mode}) => mode.mode === 'connected').length;
	return [
		[span('Nodes', 'title')],
		...(nodes.length === 0 ? [] : [[span(`  ${nodesInUse(nodes)}`, used === nodes.length ? 'good' : 'bad')]]),
		...(spreadMs === undefined
			? []
			: [[span(`  clocks within ${formatLatency(spreadMs)}`, spreadMs > wideSpreadMs ? 'warn' : 'dim')]]),
	];
}

/** The nodes of a cluster, or the servers behind Sentinel, each as a row, with their headings. */
export function nodeRows(
	parts: NodeParts,
	spreadMs: number | undefined,
	now: number,
	glyphs: Glyphs,
): readonly ((width: number) => Row)[] {
	const columns = nodeColumns(glyphs, now);
	return [
		(width) => joinFitting(nodeTotals(parts.nodes, spreadMs), width),
		(width) => tableRows(columns, width).head,
		...shownNodes(parts).map((node) => (width: number) => tableRows(columns, width).row(node)),
	];
}

/** `2 of 3 in use` */
export function nodesInUse(nodes: readonly NodeSnapshot[]): string {
	return `${nodes.filter(({mode}) => mode.mode === 'connected').length} of ${nodes.length} in use`;
}
