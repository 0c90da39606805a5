import type {LaneSnapshot, LaneState, PoolSnapshot} from '../../metrics/snapshot.js';
import {bar} from '../charts/bar.js';
import {age, count, latency, percent, shortCount} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {fitRow, padEnd, padStart, type Row, rowWidth, span} from '../text/row.js';
import type {StyleName} from '../theme.js';
import type {Panel} from './panel.js';

export const laneStyles: Readonly<Record<LaneState, StyleName>> = {
	connecting: 'warn',
	ready: 'good',
	waiting: 'bad',
	closed: 'dim',
};

export function laneGlyph(state: LaneState, glyphs: Glyphs): string {
	if (state === 'ready') return glyphs.modes.connected;
	if (state === 'connecting') return glyphs.modes.recovering;
	return state === 'waiting' ? glyphs.modes.fallback : glyphs.fail;
}

/** Bars turn from calm to alarming as they fill. */
export const loadStyle = (share: number): StyleName => (share >= 0.9 ? 'bad' : share >= 0.6 ? 'warn' : 'accent');

const nameWidth = 21;

/** Name, bar and figures in the same columns for lanes and checkouts, so that bars can be compared. */
function line(name: Row, share: number, figures: Row, width: number, glyphs: Glyphs): Row {
	const barWidth = Math.max(3, width - nameWidth - rowWidth(figures));
	return [...fitRow(name, nameWidth - 1), span(' '), ...bar(share, barWidth, glyphs, loadStyle(share)), ...figures];
}

function laneRow(lane: LaneSnapshot, width: number, glyphs: Glyphs): Row {
	const share = lane.capacity > 0 ? lane.inFlight / lane.capacity : 0;
	const name: Row = [
		span(padEnd(`lane ${lane.id}`, 8), 'dim'),
		span(`${laneGlyph(lane.state, glyphs)} ${lane.state}`, laneStyles[lane.state]),
	];
	return line(name, share, figuresOf(lane, width), width, glyphs);
}

/** Cells of the figures: what is in flight or lent, the rate, p99; the last two only where there is room. */
const loadWidth = 9;
const rateWidth = 9;
const tailWidth = 9;

const restOf = (width: number) => (width >= 54 ? rateWidth + tailWidth : width >= 44 ? rateWidth : 0);

function figuresOf(lane: LaneSnapshot, width: number): Row {
	const isUsed = lane.latency.p99 !== undefined;
	const rest = restOf(width);
	return [
		span(padStart(count(lane.inFlight), loadWidth)),
		...(rest > 0 ? [span(padStart(`${shortCount(lane.rate)}/s`, rateWidth))] : []),
		...(rest > rateWidth
			? [span(padStart(isUsed ? latency(lane.latency.p99) : '-', tailWidth), isUsed ? 'text' : 'dim')]
			: []),
	];
}

function headRow(capacity: number | undefined, width: number): Row {
	const rest = restOf(width);
	return [
		span(padStart(capacity === undefined ? 'in flight' : `in flight, of ${count(capacity)}`, width - rest), 'dim'),
		...(rest > 0 ? [span(padStart('rate', rateWidth), 'dim')] : []),
		...(rest > rateWidth ? [span(padStart('p99', tailWidth), 'dim')] : []),
	];
}

function checkoutRow({checkouts}: PoolSnapshot, at: number, width: number, glyphs: Glyphs): Row {
	const share = checkouts.max > 0 ? checkouts.busy / checkouts.max : 0;
	const first = checkouts.waiting[0];
	const rest = restOf(width);
	const long = first ? `${checkouts.waiting.length} wait ${age(at - first.since)}` : 'none wait';
	const waiting = long.length < rest ? long : `${checkouts.waiting.length} wait`;
	return line(
		[span('checkouts', 'dim')],
		share,
		[
			span(padStart(`${checkouts.busy}/${checkouts.max} lent`, loadWidth)),
			...(rest > 0 ? [span(padStart(waiting, rest), first ? 'warn' : 'dim')] : []),
		],
		width,
		glyphs,
	);
}

/** Several lanes to a row: number, state and what is in flight. For when there are more lanes than rows. */
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
					span(padStart(shortCount(lane.inFlight), 6)),
					span('  '),
				],
			),
	);
}

export const poolPanel: Panel = {
	id: 'pool',
	title: 'Pool',
	explain: {
		shows:
			'Every lane (one connection that many calls share, first in, first out) with its state and how many commands are in flight of how many it takes before it sheds calls; and the checkouts, connections lent to one borrower at a time, with those who wait for one.',
		source: 'The pool, at the moment of the snapshot. Rates and p99 are of the last second or so.',
		normal:
			'All lanes ready, a few commands in flight, nobody waiting. "waiting" means that a lane lost its connection and pauses before it tries again. A bar that fills up while Redis is well means that Redis is slow or far away.',
	},
	draw({state, glyphs}, width, height) {
		const snapshot = state.snapshot;
		if (!snapshot) return {rows: []};
		const pool = snapshot.cache.pool;
		const room = Math.max(1, height - 1);
		const lanes =
			pool.lanes.length > room
				? denseRows(pool.lanes, width, room, glyphs)
				: pool.lanes.map((lane) => laneRow(lane, width, glyphs));
		const head = pool.lanes.length < room ? [headRow(pool.lanes[0]?.capacity, width)] : [];
		const ready = pool.lanes.filter((lane) => lane.state === 'ready').length;
		return {
			rows: [...head, ...lanes, checkoutRow(pool, snapshot.at, width, glyphs)],
			notes: [
				[
					span(`${ready}/${pool.lanes.length} ready`, ready === pool.lanes.length ? 'good' : 'bad'),
					span('  used ', 'dim'),
					span(padStart(percent(pool.utilisation), 6)),
				],
			],
		};
	},
};
