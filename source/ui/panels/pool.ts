import type {LaneSnapshot, LaneState, PoolSnapshot} from '../../metrics/snapshot.js';
import {bar} from '../charts/bar.js';
import {age, count, latency, percent, shortCount} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {padEnd, padStart, type Row, span} from '../text/row.js';
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

function laneRow(lane: LaneSnapshot, width: number, glyphs: Glyphs): Row {
	const share = lane.capacity > 0 ? lane.inFlight / lane.capacity : 0;
	const head: Row = [
		span(padEnd(`lane ${lane.id} `, 8), 'dim'),
		span(`${laneGlyph(lane.state, glyphs)} ${padEnd(lane.state, 10)} `, laneStyles[lane.state]),
	];
	const tail: Row = [
		span(` ${padStart(`${count(lane.inFlight)}/${count(lane.capacity)}`, 11)}`),
		...(width >= 50 ? [span(padStart(`${shortCount(lane.rate)}/s`, 9))] : []),
		...(width >= 66 ? [span('  p99 ', 'dim'), span(padStart(latency(lane.latency.p99), 7))] : []),
	];
	const used = 21 + tail.reduce((sum, part) => sum + part.text.length, 0);
	return [...head, ...bar(share, Math.max(3, width - used), glyphs, loadStyle(share)), ...tail];
}

function checkoutRow({checkouts}: PoolSnapshot, at: number, width: number, glyphs: Glyphs): Row {
	const share = checkouts.max > 0 ? checkouts.busy / checkouts.max : 0;
	const first = checkouts.waiting[0];
	const head = span(padEnd('checkouts', 21), 'dim');
	const tail: Row = [
		span(` ${padStart(`${checkouts.busy}/${checkouts.max} busy`, 11)}`),
		span('  waiting ', 'dim'),
		first
			? span(`${checkouts.waiting.length}, longest ${age(at - first.since)}`, 'warn')
			: span(padEnd('0', width >= 66 ? 12 : 4)),
	];
	const used = 21 + tail.reduce((sum, part) => sum + part.text.length, 0);
	return [head, ...bar(share, Math.max(3, width - used), glyphs, loadStyle(share)), ...tail];
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
		const isCut = pool.lanes.length > room;
		const lanes = pool.lanes.slice(0, isCut ? room - 1 : room).map((lane) => laneRow(lane, width, glyphs));
		const ready = pool.lanes.filter((lane) => lane.state === 'ready').length;
		const rest = pool.lanes.length - lanes.length;
		return {
			rows: [
				...lanes,
				...(isCut ? [[span(`and ${rest} more lanes: view 3`, 'dim')]] : []),
				checkoutRow(pool, snapshot.at, width, glyphs),
			],
			note: [
				span(`${ready}/${pool.lanes.length} ready`, ready === pool.lanes.length ? 'good' : 'bad'),
				span('  used ', 'dim'),
				span(padStart(percent(pool.utilisation), 6)),
			],
		};
	},
};
