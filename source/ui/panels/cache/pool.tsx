import {isDeepStrictEqual} from 'node:util';
import {useCallback, useMemo} from 'react';
import type {EngineSnapshot} from '../../../engine/protocol.js';
import type {LaneSnapshot, PoolSnapshot} from '../../../metrics/pool-snapshot.js';
import type {NodeSnapshot} from '../../../metrics/snapshot.js';
import {formatAge, formatLatency} from '../../../text/duration.js';
import {formatCount, formatPercent, formatShortCount, noData} from '../../../text/number.js';
import {bar} from '../../charts/bar.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import type {Glyphs} from '../../glyphs.js';
import {useGlyphs} from '../../hooks/use-look.js';
import {useEngine} from '../../hooks/use-screen.js';
import {laneGlyph, laneStyles, loadStyle, shareOf} from '../../rows/lane.js';
import {nodesInUse} from '../../rows/node-rows.js';
import {fitRow, padEnd, padStart, type Row, rowWidth, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** Cells of the name, of the load, and of the rate and p99, which are shown where there is room. */
const nameWidth = 21;
/** Cells of the name where it has the node of a lane: `lane 10 on 12`. */
const nodeNameWidth = 26;
const loadWidth = 9;
const rateWidth = 9;
const tailWidth = 9;

/** Cells for the rate and p99. */
const restOf = (width: number) => (width >= 54 ? rateWidth + tailWidth : width >= 44 ? rateWidth : 0);

/** The part of a snapshot that the panel shows. `waited`: the time that the first waiter has waited, in words. */
type PoolFigures = {
	readonly pool: PoolSnapshot;
	readonly nodes: readonly NodeSnapshot[];
	readonly waited: string | undefined;
	/** By the address of a node of a cluster. */
	readonly numbers: Readonly<Record<string, number>>;
};

const nameWidthOf = ({nodes}: PoolFigures, width: number) =>
	nodes.length > 0 && width >= 50 ? nodeNameWidth : nameWidth;

function figuresOf({at, cache: {pool, nodes = []}, target}: EngineSnapshot): PoolFigures {
	const first = pool.checkouts.waiting[0];
	const numbers = Object.fromEntries((target.nodes ?? []).map(({address, number}) => [address, number]));
	return {pool, nodes, waited: first && formatAge(at - first.since), numbers};
}

/** Name, bar and figures. Lanes and checkouts have the same columns, so that their bars can be compared. */
function line(
	{name, cells}: {readonly name: Row; readonly cells: number},
	share: number,
	figures: Row,
	width: number,
	glyphs: Glyphs,
): Row {
	const barWidth = Math.max(3, width - cells - rowWidth(figures));
	return [...fitRow(name, cells - 1), span(' '), ...bar(share, barWidth, glyphs, loadStyle(share)), ...figures];
}

function laneFigures(lane: LaneSnapshot, width: number): Row {
	const isUsed = lane.latency.p99 !== undefined;
	const rest = restOf(width);
	return [
		span(padStart(formatCount(lane.inFlight), loadWidth)),
		...(rest > 0 ? [span(padStart(`${formatShortCount(lane.rate)}/s`, rateWidth))] : []),
		...(rest > rateWidth
			? [span(padStart(isUsed ? formatLatency(lane.latency.p99) : '-', tailWidth), isUsed ? 'text' : 'dim')]
			: []),
	];
}

function laneRow(figures: PoolFigures, lane: LaneSnapshot, width: number, glyphs: Glyphs): Row {
	const cells = nameWidthOf(figures, width);
	const number = figures.numbers[lane.node ?? ''];
	const node = number === undefined ? '' : ` on ${number}`;
	const short = node !== '' && cells === nameWidth;
	const name: Row = [
		span(padEnd(`${short ? '' : 'lane '}${lane.id}${node}`, cells - 13), 'dim'),
		span(`${laneGlyph(lane.state, glyphs)} ${lane.state}`, laneStyles[lane.state]),
	];
	return line({name, cells}, shareOf(lane.inFlight, lane.capacity), laneFigures(lane, width), width, glyphs);
}

function headRow(capacity: number | undefined, width: number): Row {
	const rest = restOf(width);
	return [
		span(
			padStart(capacity === undefined ? 'in flight' : `in flight, of ${formatCount(capacity)}`, width - rest),
			'dim',
		),
		...(rest > 0 ? [span(padStart('rate', rateWidth), 'dim')] : []),
		...(rest > rateWidth ? [span(padStart('p99', tailWidth), 'dim')] : []),
	];
}

function checkoutRow(figures: PoolFigures, width: number, glyphs: Glyphs): Row {
	const {
		pool: {checkouts},
		waited,
	} = figures;
	const rest = restOf(width);
	const long = waited === undefined ? 'none wait' : `${checkouts.waiting.length} wait ${waited}`;
	const waiting = long.length < rest ? long : `${checkouts.waiting.length} wait`;
	return line(
		{name: [span('checkouts', 'dim')], cells: nameWidthOf(figures, width)},
		shareOf(checkouts.busy, checkouts.max),
		[
			span(padStart(`${checkouts.busy}/${checkouts.max} busy`, loadWidth)),
			...(rest > 0 ? [span(padStart(waiting, rest), waited === undefined ? 'dim' : 'warn')] : []),
		],
		width,
		glyphs,
	);
}

/** Several lanes in a row, each with its number, state and commands in flight: for more lanes than rows. */
function denseRows(lanes: readonly LaneSnapshot[], width: number, rows: number, glyphs: Glyphs): Row[] {
	const cellWidth = 13;
	const perRow = Math.max(1, Math.floor(width / cellWidth));
	const shown = lanes.slice(0, perRow * rows);
	return Array.from({length: Math.ceil(shown.length / perRow)}, (_, y) =>
		shown
			.slice(y * perRow, (y + 1) * perRow)
			.flatMap(
				(lane): Row => [
					span(padStart(String(lane.id), 3), 'dim'),
					span(` ${laneGlyph(lane.state, glyphs)}`, laneStyles[lane.state]),
					span(padStart(formatShortCount(lane.inFlight), 6)),
					span('  '),
				],
			),
	);
}

function poolRows(figures: PoolFigures, width: number, height: number, glyphs: Glyphs): Row[] {
	const {lanes} = figures.pool;
	const room = Math.max(1, height - 1);
	return [
		...(lanes.length < room ? [headRow(lanes[0]?.capacity, width)] : []),
		...(lanes.length > room
			? denseRows(lanes, width, room, glyphs)
			: lanes.map((lane) => laneRow(figures, lane, width, glyphs))),
		checkoutRow(figures, width, glyphs),
	];
}

function PoolPanel({isFocused}: PanelProps) {
	const glyphs = useGlyphs();
	const figures = useEngine(({snapshot}) => snapshot && figuresOf(snapshot), isDeepStrictEqual);
	const draw: Draw = useCallback(
		({width, height}) => (figures ? poolRows(figures, width, height, glyphs) : [[span(noData, 'dim')]]),
		[figures, glyphs],
	);
	const notes = useMemo(() => {
		if (!figures) return [];
		const {lanes, utilisation} = figures.pool;
		const ready = lanes.filter(({state}) => state === 'ready').length;
		const {nodes} = figures;
		const areAllUsed = nodes.every(({mode}) => mode.mode === 'connected');
		return [
			[
				...(nodes.length === 0 ? [] : [span(`nodes ${nodesInUse(nodes)}  `, areAllUsed ? 'good' : 'bad')]),
				span(`${ready}/${lanes.length} ready`, ready === lanes.length ? 'good' : 'bad'),
				span('  used ', 'dim'),
				span(padStart(formatPercent(utilisation), 6)),
			],
		];
	}, [figures]);
	return (
		<Panel title={pool.title} notes={notes} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const pool: PanelEntry = {
	title: 'Pool',
	component: PoolPanel,
	explain: {
		shows:
			'Each lane, a connection that many calls share, in a cluster with the number of its node, its state and its commands in flight, out of the number at which it starts to shed calls. Then the checkouts: connections for one borrower at a time, with those who wait for one.',
		source: 'The pool, at the time of the snapshot. Rates and p99 cover about the last second.',
		normal:
			'All lanes ready, few commands in flight, no one waiting. A lane is "waiting" when it has lost its connection and pauses before it reconnects. A bar that fills up while Redis is connected means that Redis is slow or far away.',
	},
};
