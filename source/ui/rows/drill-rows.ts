import type {Drill} from '../../drills/drill.js';
import type {DrillExpectationSnapshot, DrillSnapshot} from '../../engine/protocol.js';
import {formatElapsed} from '../../text/duration.js';
import {formatCountOf} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {drillLines} from '../charts/drill-line.js';
import type {Glyphs} from '../glyphs.js';
import {type FaultsState, selectedDrill} from '../state/faults/faults-state.js';
import {joinHorizontal, padEnd, type Row, span} from '../text/row.js';
import type {StyleName} from '../theme.js';

/** The drill on the faults view: one that runs or ran, or the plan of one that has not run. */
type ShownDrill = {readonly kind: 'run' | 'plan'; readonly drill: DrillSnapshot};

/** A running drill is always shown; otherwise the selected one, with its result or its plan. */
export function shownDrill(faults: FaultsState, last: DrillSnapshot | undefined): ShownDrill | undefined {
	const selected = selectedDrill(faults);
	if (last && (last.state === 'running' || faults.pane === 'faults' || !selected || last.name === selected.name))
		return {kind: 'run', drill: last};
	return faults.pane === 'drills' && selected ? {kind: 'plan', drill: planOf(selected)} : undefined;
}

function planOf({name, summary, durationMs, steps, expectations}: Drill): DrillSnapshot {
	return {
		name,
		summary,
		state: 'running',
		elapsedMs: 0,
		totalMs: durationMs,
		steps: steps.map(({atMs, forMs, label, kind}) => ({atMs, forMs, label, kind, state: 'waiting'})),
		expectations: expectations.map((expectation) => ({name: expectation.name, state: 'open', actual: undefined})),
		report: undefined,
	};
}

const stateStyles: Readonly<Record<DrillSnapshot['state'], StyleName>> = {
	running: 'accent',
	passed: 'good',
	failed: 'bad',
	interrupted: 'warn',
};

/** State, failed expectations and progress, for the title of the panel: from the longest wording to the shortest. */
export function drillNotes({kind, drill}: ShownDrill): readonly Row[] {
	const total = formatElapsed(drill.totalMs);
	if (kind === 'plan') return [[span('not run yet', 'dim'), span(`  ${total}`)]];
	const state = span(drill.state, stateStyles[drill.state]);
	const elapsed = span(`  ${formatElapsed(Math.min(drill.elapsedMs, drill.totalMs))} of ${total}`);
	const failed = drill.expectations.filter((expectation) => expectation.state === 'failed').length;
	if (failed === 0) return [[state, elapsed]];
	// On a small terminal there is no room for the expectations themselves.
	return [
		[state, span(`  ${formatCountOf(failed, 'expectation')} failed`, 'bad'), elapsed],
		[state, span(`  ${failed} failed`, 'bad'), elapsed],
		[state, span(`  ${failed} failed`, 'bad')],
	];
}

/** Rows of the time line and its steps, of the expectations, and of the border around them. */
export const drillHeight = ({drill}: ShownDrill): number => 4 + drill.steps.length + drill.expectations.length;

const marks = {
	open: ['open', 'dim'],
	passed: ['pass', 'good'],
	failed: ['fail', 'bad'],
} as const satisfies Record<DrillExpectationSnapshot['state'], readonly [keyof Glyphs, StyleName]>;

function expectationRow(expectation: DrillExpectationSnapshot, width: number, glyphs: Glyphs): Row {
	const {state, name, actual, toleratedMs} = expectation;
	const [mark, style] = marks[state];
	const value = typeof actual === 'number' ? Math.round(actual * 10_000) / 10_000 : actual;
	const is = value === undefined ? '' : `is ${printable(String(value))}`;
	const tolerated = toleratedMs === undefined ? [] : [span(', tolerated: this machine was late', 'warn')];
	return [
		span(`${glyphs[mark]} `, style),
		span(`${padEnd(printable(name), width)}  `, style),
		span(is, 'dim'),
		...tolerated,
	];
}

/** Cells that the value of an expectation takes. */
const valueWidth = 20;

/** The expectations, in several columns where there are more than rows. */
function expectationRows({expectations}: DrillSnapshot, width: number, room: number, glyphs: Glyphs): Row[] {
	const nameWidth = Math.max(0, ...expectations.map(({name}) => name.length));
	const rows = expectations.map((expectation) => expectationRow(expectation, nameWidth, glyphs));
	const fitting = Math.floor(width / (nameWidth + valueWidth));
	const columns = Math.max(1, Math.min(fitting, Math.ceil(rows.length / Math.max(1, room))));
	if (columns === 1) return rows;
	const each = Math.ceil(rows.length / columns);
	const blocks = Array.from({length: columns}, (_, column) => ({
		rows: rows.slice(column * each, (column + 1) * each),
		width: Math.floor(width / columns),
	}));
	return joinHorizontal(blocks, 0);
}

/** The time line of a drill, and its expectations. */
export function drillRows({drill}: ShownDrill, width: number, height: number, glyphs: Glyphs): Row[] {
	const timeline = drillLines(drill, width, glyphs);
	const gap: Row[] = height > timeline.length + drill.expectations.length ? [[]] : [];
	const room = height - timeline.length - gap.length;
	return [...timeline, ...gap, ...expectationRows(drill, width, room, glyphs)];
}
