import type {CheckoutSnapshot, LaneSnapshot} from '../../metrics/snapshot.js';
import {bar} from '../charts/bar.js';
import {lineChart, plotColumns} from '../charts/line-chart.js';
import {smallShareScale} from '../charts/scale.js';
import {age, bytes, count, latency, noData, percent, shortCount} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {laneGlyph, laneStyles, loadStyle} from '../panels/pool.js';
import {samplesOf} from '../panels/time-frame.js';
import {trafficPanel} from '../panels/traffic.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {joinHorizontal, type Row, rowWidth, type Span, span} from '../text/row.js';
import {type Column, table} from '../text/table.js';
import {type PoolLine, poolLines} from './pool-lines.js';
import {type DrawView, listRow, type ViewInput} from './view.js';

const dash = (value: number | undefined, text: string) =>
	span(value === undefined ? '-' : text, value === undefined ? 'dim' : 'text');

function laneColumns(glyphs: Glyphs, now: number): readonly Column<LaneSnapshot>[] {
	return [
		{title: 'lane', width: 4, align: 'right', priority: 0, cell: (lane) => span(String(lane.id), 'strong')},
		{
			title: 'state',
			width: 12,
			priority: 0,
			cell: (lane) => span(`${laneGlyph(lane.state, glyphs)} ${lane.state}`, laneStyles[lane.state]),
		},
		{
			title: 'in flight',
			width: 10,
			align: 'right',
			priority: 1,
			cell: (lane) => span(`${count(lane.inFlight)}/${count(lane.capacity)}`),
		},
		{
			title: 'queue full',
			width: 12,
			priority: 6,
			grows: true,
			cell: (lane, width) => {
				const share = lane.capacity > 0 ? lane.inFlight / lane.capacity : 0;
				return bar(share, width, glyphs, loadStyle(share));
			},
		},
		{title: 'rate', width: 8, align: 'right', priority: 2, cell: (lane) => span(`${shortCount(lane.rate)}/s`)},
		{
			title: 'p50',
			width: 7,
			align: 'right',
			priority: 8,
			cell: (lane) => dash(lane.latency.p50, latency(lane.latency.p50)),
		},
		{
			title: 'p99',
			width: 7,
			align: 'right',
			priority: 3,
			cell: (lane) => dash(lane.latency.p99, latency(lane.latency.p99)),
		},
		{title: 'read', width: 8, align: 'right', priority: 7, cell: (lane) => span(bytes(lane.bytesRead))},
		{title: 'written', width: 8, align: 'right', priority: 7, cell: (lane) => span(bytes(lane.bytesWritten))},
		{
			title: 'missed',
			width: 6,
			align: 'right',
			priority: 5,
			cell: (lane) => span(shortCount(lane.timeouts), lane.timeouts > 0 ? 'warn' : 'text'),
		},
		{
			title: 'reconn.',
			width: 7,
			align: 'right',
			priority: 4,
			cell: (lane) => span(shortCount(lane.reconnects), lane.reconnects > 0 ? 'warn' : 'text'),
		},
		{
			title: 'age',
			width: 8,
			align: 'right',
			priority: 3,
			cell: (lane) => dash(lane.readySince, age(lane.readySince === undefined ? undefined : now - lane.readySince)),
		},
	];
}

const checkoutStyles = {connecting: 'warn', idle: 'dim', busy: 'accent'} as const;

function checkoutColumns(now: number, glyphs: Glyphs): readonly Column<CheckoutSnapshot>[] {
	const glyphOf = {connecting: glyphs.modes.recovering, idle: glyphs.open, busy: glyphs.modes.connected};
	return [
		{title: 'id', width: 4, align: 'right', priority: 0, cell: (checkout) => span(String(checkout.id), 'strong')},
		{
			title: 'state',
			width: 12,
			priority: 0,
			cell: (checkout) => span(`${glyphOf[checkout.state]} ${checkout.state}`, checkoutStyles[checkout.state]),
		},
		{title: 'for', width: 10, align: 'right', priority: 1, cell: (checkout) => span(age(now - checkout.since))},
		{
			title: 'purpose',
			width: 20,
			priority: 2,
			cell: (checkout) => span(printable(checkout.purpose ?? '')),
		},
		{
			title: 'open since',
			width: 10,
			align: 'right',
			priority: 3,
			cell: (checkout) => span(age(now - checkout.openedAt)),
		},
	];
}

/** Rows of the charts under the lists, their titles included. */
const leastChart = 9;
const mostChart = 26;

/** How full the pool was, over the same time as the charts of the overview. */
function drawLoad(input: ViewInput, width: number, height: number): Row[] {
	const {samples, end, windowSeconds} = samplesOf(input, plotColumns(width));
	const values = samples.map((sample) => sample?.utilisation);
	const title: Row = [
		span('Used', 'title'),
		span('  commands in flight of what all lanes take, the most in each second', 'dim'),
	];
	const {glyphs, state} = input;
	return [
		title,
		...lineChart([{values, style: 'accent', shape: 0}], {
			width,
			height: height - 1,
			scale: smallShareScale,
			windowSeconds,
			end,
			outages: state.outages,
			glyphs,
		}),
	];
}

/** One chart, or two beside one another where there is room: how full the pool is, and what goes through it. */
function drawCharts(input: ViewInput, width: number, height: number): Row[] {
	if (width < 150) return drawLoad(input, width, height);
	const half = Math.floor((width - 2) / 2);
	const {rows, notes} = trafficPanel.draw(input, half, height - 1);
	const traffic: Row[] = [[span('Traffic  ', 'title'), ...(notes?.[0] ?? [])], ...rows];
	return joinHorizontal(
		[
			{rows: drawLoad(input, half, height), width: half},
			{rows: traffic, width: half},
		],
		2,
	);
}

/** All lanes together: what to compare each with. */
function totals(lanes: readonly LaneSnapshot[]): Row {
	const sum = (of: (lane: LaneSnapshot) => number) => lanes.reduce((total, lane) => total + of(lane), 0);
	const ready = lanes.filter((lane) => lane.state === 'ready').length;
	return [
		span('Lanes', 'title'),
		span(`  ${ready} of ${lanes.length} ready`, ready === lanes.length ? 'good' : 'bad'),
		span(`  ${shortCount(sum((lane) => lane.rate))}/s`, 'dim'),
		span(`  read ${bytes(sum((lane) => lane.bytesRead))}`, 'dim'),
		span(`  written ${bytes(sum((lane) => lane.bytesWritten))}`, 'dim'),
	];
}

/** As many of these as fit, so that no word is cut. */
function fitting(parts: readonly Row[], width: number): Row {
	const row: Span[] = [];
	for (const part of parts) if (rowWidth(row) + rowWidth(part) <= width) row.push(...part);
	return row;
}

/** The pool: every lane, every checkout, everyone who waits. */
export const drawPoolView: DrawView = (input, width, height) => {
	const {ui, state, glyphs} = input;
	const snapshot = state.snapshot;
	if (!snapshot) return frame([[span(noData, 'dim')]], {title: 'Pool', width, height, glyphs});
	const pool = snapshot.cache.pool;
	const inside = insideFrame(width, height);
	const lines = poolLines(snapshot);
	const lanes = table(laneColumns(glyphs, snapshot.at), inside.width - 2);
	const checkouts = table(checkoutColumns(snapshot.at, glyphs), inside.width - 2);
	const draw = (line: PoolLine): Row => {
		if (line.kind === 'lane') return lanes.row(line.lane);
		if (line.kind === 'checkout') return checkouts.row(line.checkout);
		return [
			span(`${String(line.place).padStart(4)}  ${glyphs.modes.fallback} waiting     `, 'warn'),
			span(`${age(snapshot.at - line.since).padStart(10)}  ${printable(line.purpose)}`),
		];
	};
	const {checkouts: lent} = pool;
	const rows: Row[] = [];
	const selectedLine = Math.min(ui.pool.selected, lines.length - 1);
	let selectedRow = 0;
	let section: PoolLine['kind'] | undefined;
	const heads: Readonly<Record<PoolLine['kind'], readonly Row[]>> = {
		lane: [fitting([totals(pool.lanes)], inside.width), [span('  '), ...lanes.head]],
		checkout: [
			[],
			fitting(
				[
					[span('Checkouts', 'title'), span(`  ${lent.busy} of at most ${lent.max} lent`, 'dim')],
					...(lent.acquireTimeouts > 0 ? [[span(`  ${count(lent.acquireTimeouts)} waited too long`, 'warn')]] : []),
					...(lent.refused > 0 ? [[span(`  ${count(lent.refused)} refused`, 'bad')]] : []),
					[span(`  wait p99 ${latency(lent.wait.p99)}`, 'dim')],
					[span(`  ${lent.open} open, at least ${lent.min} kept`, 'dim')],
				],
				inside.width,
			),
			[span('  '), ...checkouts.head],
		],
		waiter: [
			[],
			[span('Waiting', 'title'), span(`  ${lent.waiting.length} of at most ${count(lent.maxWaiters)}`, 'dim')],
		],
	};
	for (const [index, line] of lines.entries()) {
		if (line.kind !== section) rows.push(...heads[line.kind]);
		section = line.kind;
		if (index === selectedLine) selectedRow = rows.length;
		rows.push(listRow(draw(line), index === selectedLine, inside.width, glyphs));
	}
	if (lent.connections.length === 0)
		rows.push([], [span('Checkouts', 'title'), span(`  none open, at most ${lent.max}`, 'dim')]);
	const top = topFor(selectedRow, 0, rows.length, inside.height);
	const room = inside.height - rows.length;
	const chartHeight = Math.min(mostChart, room - 1);
	const blanks = Array.from({length: Math.max(0, room - chartHeight)}, (): Row => []);
	const chart = chartHeight >= leastChart ? [...blanks, ...drawCharts(input, inside.width, chartHeight)] : [];
	return frame([...rows.slice(top), ...chart], {
		title: `Pool: ${pool.lanes.length} lanes`,
		notes: [
			[
				span('used ', 'dim'),
				span(percent(pool.utilisation).padStart(6)),
				span('  deadline ', 'dim'),
				span(latency(pool.deadlineMs)),
			],
		],
		width,
		height,
		glyphs,
	});
};
