import type {TopologyNode} from '../../engine/target-snapshot.js';
import type {ActiveFault} from '../../faults/fault.js';
import type {CheckoutSnapshot, CheckoutsSnapshot, LaneSnapshot} from '../../metrics/pool-snapshot.js';
import type {CacheSnapshot} from '../../metrics/snapshot.js';
import {formatAge, formatLatency} from '../../text/duration.js';
import {formatBytes, formatCount, formatShortCount} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {bar} from '../charts/bar.js';
import type {Glyphs} from '../glyphs.js';
import type {PoolLine} from '../state/views/pool-lines.js';
import {type Column, tableRows} from '../text/columns.js';
import {joinFitting, type Row, span} from '../text/row.js';
import {laneGlyph, laneStyles, loadStyle, shareOf} from './lane.js';
import {nodeRows} from './node-rows.js';

const orDash = (value: number | undefined, text: string) =>
	span(value === undefined ? '-' : text, value === undefined ? 'dim' : 'text');

const problemCount = (value: number) => span(formatShortCount(value), value > 0 ? 'warn' : 'text');

function laneColumns(
	glyphs: Glyphs,
	now: number,
	numbers: ReadonlyMap<string, number> | undefined,
): readonly Column<LaneSnapshot>[] {
	return [
		{title: 'lane', width: 4, align: 'right', priority: 0, cell: ({id}) => span(String(id), 'strong')},
		{
			title: 'state',
			width: 12,
			priority: 0,
			cell: ({state}) => span(`${laneGlyph(state, glyphs)} ${state}`, laneStyles[state]),
		},
		{
			title: 'in flight',
			width: 10,
			align: 'right',
			priority: 1,
			cell: ({inFlight, capacity}) => span(`${formatCount(inFlight)}/${formatCount(capacity)}`),
		},
		{
			title: 'load',
			width: 12,
			priority: 6,
			grows: true,
			cell: ({inFlight, capacity}, width) => {
				const share = shareOf(inFlight, capacity);
				return bar(share, width, glyphs, loadStyle(share));
			},
		},
		...(numbers === undefined
			? []
			: [
					{
						title: 'node',
						width: 4,
						align: 'right' as const,
						priority: 1,
						cell: ({node = ''}: LaneSnapshot) => span(String(numbers.get(node) ?? '-')),
					},
					{title: 'address', width: 21, priority: 7, cell: ({node}: LaneSnapshot) => span(printable(node ?? ''))},
				]),
		{title: 'rate', width: 8, align: 'right', priority: 2, cell: ({rate}) => span(`${formatShortCount(rate)}/s`)},
		{
			title: 'p50',
			width: 7,
			align: 'right',
			priority: 8,
			cell: (lane) => orDash(lane.latency.p50, formatLatency(lane.latency.p50)),
		},
		{
			title: 'p99',
			width: 7,
			align: 'right',
			priority: 3,
			cell: (lane) => orDash(lane.latency.p99, formatLatency(lane.latency.p99)),
		},
		{title: 'read', width: 8, align: 'right', priority: 7, cell: ({bytesRead}) => span(formatBytes(bytesRead))},
		{
			title: 'written',
			width: 8,
			align: 'right',
			priority: 7,
			cell: ({bytesWritten}) => span(formatBytes(bytesWritten)),
		},
		{title: 'missed', width: 6, align: 'right', priority: 5, cell: ({timeouts}) => problemCount(timeouts)},
		{title: 'reconn.', width: 7, align: 'right', priority: 4, cell: ({reconnects}) => problemCount(reconnects)},
		{
			title: 'uptime',
			width: 8,
			align: 'right',
			priority: 3,
			cell: ({readySince}) => orDash(readySince, formatAge(readySince === undefined ? undefined : now - readySince)),
		},
	];
}

const checkoutStyles = {connecting: 'warn', idle: 'dim', busy: 'accent'} as const;

function checkoutColumns(glyphs: Glyphs, now: number): readonly Column<CheckoutSnapshot>[] {
	const glyphOf = {connecting: glyphs.modes.recovering, idle: glyphs.open, busy: glyphs.modes.connected};
	return [
		{title: 'id', width: 4, align: 'right', priority: 0, cell: ({id}) => span(String(id), 'strong')},
		{
			title: 'state',
			width: 12,
			priority: 0,
			cell: ({state}) => span(`${glyphOf[state]} ${state}`, checkoutStyles[state]),
		},
		{title: 'for', width: 10, align: 'right', priority: 1, cell: ({since}) => span(formatAge(now - since))},
		{title: 'purpose', width: 20, priority: 2, cell: ({purpose}) => span(printable(purpose ?? ''))},
		{title: 'open for', width: 10, align: 'right', priority: 3, cell: ({openedAt}) => span(formatAge(now - openedAt))},
	];
}

/** The parts of the heading of the lanes: all lanes together, to compare each lane with. */
function laneTotals(lanes: readonly LaneSnapshot[]): readonly Row[] {
	const sum = (of: (lane: LaneSnapshot) => number) => lanes.reduce((total, lane) => total + of(lane), 0);
	const ready = lanes.filter(({state}) => state === 'ready').length;
	return [
		[span('Lanes', 'title'), span(`  ${ready} of ${lanes.length} ready`, ready === lanes.length ? 'good' : 'bad')],
		[span(`  ${formatShortCount(sum(({rate}) => rate))}/s`, 'dim')],
		[span(`  read ${formatBytes(sum(({bytesRead}) => bytesRead))}`, 'dim')],
		[span(`  written ${formatBytes(sum(({bytesWritten}) => bytesWritten))}`, 'dim')],
	];
}

function checkoutTotals(checkouts: CheckoutsSnapshot): readonly Row[] {
	const {acquireTimeouts, refused} = checkouts;
	return [
		[span('Checkouts', 'title'), span(`  ${checkouts.busy} busy of at most ${checkouts.max}`, 'dim')],
		...(acquireTimeouts > 0 ? [[span(`  ${formatCount(acquireTimeouts)} timed out waiting`, 'warn')]] : []),
		...(refused > 0 ? [[span(`  ${formatCount(refused)} refused`, 'bad')]] : []),
		[span(`  wait p99 ${formatLatency(checkouts.wait.p99)}`, 'dim')],
		[span(`  ${checkouts.open} open${checkouts.min > 0 ? `, at least ${checkouts.min} kept open` : ''}`, 'dim')],
	];
}

/** The rows of the pool view. `item`: index of the selectable line of each row; undefined for headings. */
type PoolRows = {
	readonly row: (index: number, width: number) => Row;
	readonly items: readonly (number | undefined)[];
};

type Heading = (width: number) => Row;

/** The part of a snapshot of the cache that is shown. */
type PoolFigures = Pick<CacheSnapshot, 'pool' | 'nodes' | 'clockSpreadMs'> & {
	/** All nodes that are known. */
	readonly listed?: readonly TopologyNode[];
	readonly faults?: readonly ActiveFault[];
};

/** Nodes of a cluster, lanes, checkouts and waiters, each with headings. */
export function poolRows(
	{pool: {lanes, checkouts}, nodes = [], clockSpreadMs, listed = [], faults = []}: PoolFigures,
	lines: readonly PoolLine[],
	/** Unix time in milliseconds. */
	now: number,
	glyphs: Glyphs,
): PoolRows {
	const numbers = new Map(listed.map(({address, number}) => [address, number]));
	const hasNodes = nodes.length > 0 || listed.length > 0 || lanes.some(({node}) => node !== undefined);
	const lane = laneColumns(glyphs, now, hasNodes ? numbers : undefined);
	const checkout = checkoutColumns(glyphs, now);
	const blank: Heading = () => [];
	const headings: Readonly<Record<PoolLine['kind'], readonly Heading[]>> = {
		lane: [(width) => joinFitting(laneTotals(lanes), width), (width) => tableRows(lane, width).head],
		checkout: [
			blank,
			(width) => joinFitting(checkoutTotals(checkouts), width),
			(width) => tableRows(checkout, width).head,
		],
		waiter: [
			blank,
			() => [
				span('Waiting', 'title'),
				span(`  ${checkouts.waiting.length} of at most ${formatCount(checkouts.maxWaiters)}`, 'dim'),
			],
		],
	};
	const rows: ((width: number) => Row)[] = [];
	const items: (number | undefined)[] = [];
	const addHeadings = (added: readonly Heading[]) => {
		rows.push(...added);
		items.push(...added.map(() => undefined));
	};
	if (nodes.length > 0 || listed.length > 0)
		addHeadings([...nodeRows({nodes, listed, faults}, clockSpreadMs, now, glyphs), blank]);
	let section: PoolLine['kind'] | undefined;
	for (const [index, line] of lines.entries()) {
		if (line.kind !== section) addHeadings(headings[line.kind]);
		section = line.kind;
		items.push(index);
		rows.push((width) => {
			switch (line.kind) {
				case 'lane':
					return tableRows(lane, width).row(line.lane);
				case 'checkout':
					return tableRows(checkout, width).row(line.checkout);
				case 'waiter':
					return [
						span(`${String(line.position).padStart(4)}  ${glyphs.modes.fallback} waiting     `, 'warn'),
						span(`${formatAge(now - line.since).padStart(10)}  ${printable(line.purpose)}`),
					];
			}
		});
	}
	if (checkouts.connections.length === 0)
		addHeadings([blank, () => [span('Checkouts', 'title'), span(`  none open, at most ${checkouts.max}`, 'dim')]]);
	return {row: (index, width) => rows[index]?.(width) ?? [], items};
}
