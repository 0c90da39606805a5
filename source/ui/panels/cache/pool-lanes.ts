import type {LaneSnapshot, PoolSnapshot} from '../../../metrics/pool-snapshot.js';
import type {NodeSnapshot} from '../../../metrics/snapshot.js';
import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatShortCount} from '../../../text/number.js';
import {bar} from '../../charts/bar.js';
import type {Glyphs} from '../../glyphs.js';
import {laneGlyph, laneStyles, loadStyle, shareOf} from '../../rows/lane.js';
import type {ShownNode} from '../../rows/node-rows.js';
import {fitRow, padEnd, padStart, type Row, rowWidth, span} from '../../text/row.js';

/** Cells of the name, of the load, and of the rate and p99, which are shown where there is room. */
const nameWidth = 21;
/** Cells of the name if it includes the node of a lane: `lane 10 on 12`. */
const nodeNameWidth = 26;
const loadWidth = 9;
const rateWidth = 9;
const tailWidth = 9;

/** Cells for the rate and p99. */
const restOf = (width: number) => (width >= 54 ? rateWidth + tailWidth : width >= 44 ? rateWidth : 0);

/** The part of a snapshot that the panel shows. `waited`: the waiting time of the first caller, in words. */
export type PoolFigures = {
	readonly pool: PoolSnapshot;
	readonly nodes: readonly NodeSnapshot[];
	/** Of a cluster, or behind Sentinel. */
	readonly shown: readonly ShownNode[];
	/** Number of nodes that do not answer. */
	readonly down: number;
	readonly waited: string | undefined;
	/** By the address of a node of a cluster, or of a server behind Sentinel. */
	readonly numbers: Readonly<Record<string, number>>;
};

const nameWidthOf = ({shown}: PoolFigures, width: number) =>
	shown.length > 0 && width >= 50 ? nodeNameWidth : nameWidth;

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

/** The checkouts, and the callers that wait for one. */
export function checkoutRow(figures: PoolFigures, width: number, glyphs: Glyphs): Row {
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

/** The lanes, one in each row or, if there are few rows, several. */
export function laneRows(figures: PoolFigures, width: number, rows: number, glyphs: Glyphs): readonly Row[] {
	const {lanes} = figures.pool;
	if (lanes.length > rows) return denseRows(lanes, width, rows, glyphs);
	return [
		...(lanes.length < rows ? [headRow(lanes[0]?.capacity, width)] : []),
		...lanes.map((lane) => laneRow(figures, lane, width, glyphs)),
	];
}
