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
import {joinFitting, type Row, type Span, span} from '../text/row.js';

/** Clocks that differ by more than this, in milliseconds, are not synchronized. */
const wideSpreadMs = 100;

/** True if there is a problem with the clocks of a cluster. */
export const isWideSpread = (spreadMs: number | undefined): boolean => (spreadMs ?? 0) > wideSpreadMs;

/** A node in the Pool view: a master of the cache, or another known node. */
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
	/** True if it does not answer: see `TopologyNode.isLost`. */
	readonly isLost: boolean;
	/** The faults on this node. */
	readonly faults: string;
};

type NodeParts = {
	/** The nodes that the cache uses. */
	readonly nodes: readonly NodeSnapshot[];
	/** All that are known. */
	readonly listed: readonly TopologyNode[];
	readonly faults: readonly ActiveFault[];
};

/** More replicas than this would leave no room for the lanes, so they are only counted. */
const mostReplicas = 6;

/** The nodes of the cache with their further data, and then the replicas. */
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
			isLost: listedAt.get(address)?.isLost ?? false,
			faults: faultsOn(address),
		}),
	);
	const others = listed.filter(({address}) => !nodes.some((node) => node.address === address));
	const shown =
		others.length > mostReplicas ? others.filter(({address, isLost}) => isLost || faultsOn(address) !== '') : others;
	return [
		...connected,
		...shown.map(
			({number, address, role, slots, lagBytes, isLost = false}): ShownNode => ({
				number,
				address,
				role,
				mode: undefined,
				slots,
				replicas: role === 'master' ? listed.filter(({master}) => master === address).length : undefined,
				lag: role === 'replica' ? {bytes: lagBytes} : undefined,
				clockOffsetMs: undefined,
				isLost,
				faults: faultsOn(address),
			}),
		),
	].sort((left, right) => (left.number ?? Number.POSITIVE_INFINITY) - (right.number ?? Number.POSITIVE_INFINITY));
}

function nodeColumns(glyphs: Glyphs, now: number): readonly Column<ShownNode>[] {
	return [
		{title: 'node', width: 4, align: 'right', priority: 0, cell: ({number}) => span(String(number ?? '-'), 'strong')},
		{title: 'address', width: 21, priority: 1, cell: ({address}) => span(printable(address))},
		{title: 'state', width: 12, priority: 0, cell: (node) => stateSpan(node, glyphs)},
		{title: 'for', width: 8, align: 'right', priority: 5, cell: ({mode}) => span(mode ? formatAge(now - mode.at) : '')},
		{
			title: 'slots',
			width: 6,
			align: 'right',
			priority: 2,
			cell: (node) => slotsSpan(node),
		},
		{
			title: 'replicas',
			width: 8,
			align: 'right',
			priority: 6,
			cell: ({replicas}) => span(replicas === undefined ? '' : String(replicas), replicas === 0 ? 'dim' : 'text'),
		},
		{title: 'lag', width: 7, align: 'right', priority: 3, cell: (node) => lagSpan(node)},
		{
			title: 'clock',
			width: 9,
			align: 'right',
			priority: 7,
			cell: ({mode, clockOffsetMs}) => (mode === undefined ? span('') : clockSpan(clockOffsetMs)),
		},
		{
			title: 'fault, reason',
			width: 13,
			priority: 4,
			grows: true,
			cell: (node) => reasonSpan(node),
		},
	];
}

/** The mode of a node of the cache; for another node its state and role. */
export function stateSpan({mode, role, isLost}: ShownNode, glyphs: Glyphs): Span {
	if (mode !== undefined) return span(`${glyphs.modes[mode.mode]} ${mode.mode}`, modeStyles[mode.mode]);
	if (isLost) return span(`${glyphs.fail} down`, 'bad');
	return span(`  ${role}`, role === 'master' ? 'text' : 'dim');
}

export const slotsSpan = ({slots}: ShownNode): Span => span(slots === undefined ? '' : formatCount(slots));

/** The reason why a node is not in use, or the faults on it. */
export function reasonSpan({faults, mode, role, isLost}: ShownNode): Span {
	if (isLost && mode === undefined) return span(`${faults === '' ? 'no answer' : faults}, ${role}`, 'bad');
	if (faults !== '') return span(faults, 'bad');
	return span(mode === undefined || mode.mode === 'connected' ? '' : printable(mode.reason), 'dim');
}

/** True for a node with a problem, which is shown before others. */
export const isTroubled = ({mode, isLost, faults}: ShownNode): boolean =>
	isLost || faults !== '' || (mode !== undefined && mode.mode !== 'connected');

export function lagSpan({lag}: ShownNode): Span {
	if (lag === undefined) return span('');
	return lag.bytes === undefined ? span('no link', 'warn') : span(formatBytes(lag.bytes));
}

function clockSpan(offsetMs: number | undefined) {
	if (offsetMs === undefined) return span('-', 'dim');
	return span(`${offsetMs < 0 ? '-' : '+'}${formatLatency(Math.abs(offsetMs))}`);
}

/** The heading of the nodes: how many are in use and how many are down, and the clock differences. */
function nodeTotals({nodes, listed}: NodeParts, spreadMs: number | undefined): readonly Row[] {
	const down = countOfLost(listed);
	return [
		[span('Nodes', 'title')],
		...(nodes.length === 0 ? [] : [[span(`  ${nodesInUse(nodes)}`, areAllInUse(nodes) ? 'good' : 'bad')]]),
		...(down === 0 ? [] : [[span(`  ${down} down`, 'bad')]]),
		...(spreadMs === undefined
			? []
			: [[span(`  clocks within ${formatLatency(spreadMs)}`, isWideSpread(spreadMs) ? 'warn' : 'dim')]]),
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
		(width) => joinFitting(nodeTotals(parts, spreadMs), width),
		(width) => tableRows(columns, width).head,
		...shownNodes(parts).map((node) => (width: number) => tableRows(columns, width).row(node)),
	];
}

/** `2 of 3 in use` */
export function nodesInUse(nodes: readonly NodeSnapshot[]): string {
	return `${nodes.filter(({mode}) => mode.mode === 'connected').length} of ${nodes.length} in use`;
}

export const areAllInUse = (nodes: readonly NodeSnapshot[]): boolean =>
	nodes.every(({mode}) => mode.mode === 'connected');

/** Number of nodes that do not answer. */
export const countOfLost = (listed: readonly TopologyNode[]): number => listed.filter(({isLost}) => isLost).length;
