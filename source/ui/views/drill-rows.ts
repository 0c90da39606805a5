import type {DrillExpectationSnapshot, DrillSnapshot} from '../../engine/protocol.js';
import {drillLines} from '../charts/drill-line.js';
import {duration} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import type {DrillInfo, FaultsState} from '../state/faults-state.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {joinHorizontal, padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';

const verdicts = {
	running: ['accent', 'running'],
	passed: ['good', 'passed'],
	failed: ['bad', 'failed'],
	interrupted: ['warn', 'interrupted'],
} as const;

/** What is shown of a drill: the one that runs, or ran last, or one that has not been run. */
export type ShownDrill =
	| {readonly kind: 'none'}
	| {readonly kind: 'run'; readonly drill: DrillSnapshot}
	| {readonly kind: 'plan'; readonly drill: DrillSnapshot};

/** A drill that runs is always shown. Otherwise, among the drills, the selected one is: what came of it, or its plan. */
export function shownDrill(faults: FaultsState, last: DrillSnapshot | undefined): ShownDrill {
	const here = faults.drills[faults.selectedDrill];
	if (last && (last.state === 'running' || faults.pane === 'faults' || !here || last.name === here.name))
		return {kind: 'run', drill: last};
	return faults.pane === 'drills' && here ? {kind: 'plan', drill: planOf(here)} : {kind: 'none'};
}

function planOf({name, summary, durationMs, steps, expectations}: DrillInfo): DrillSnapshot {
	return {
		name,
		summary,
		state: 'running',
		elapsedMs: 0,
		totalMs: durationMs,
		steps: steps.map((step) => ({...step, state: 'waiting'})),
		expectations: expectations.map(({name: expected}) => ({name: expected, state: 'open', actual: undefined})),
		report: undefined,
	};
}

/** Rows that a drill wants to be seen in full. */
export function drillHeight(shown: ShownDrill): number {
	return shown.kind === 'none' ? 4 : 4 + shown.drill.steps.length + shown.drill.expectations.length;
}

function expectationRow(expectation: DrillExpectationSnapshot, width: number, glyphs: Glyphs): Row {
	const {state, name, actual, toleratedMs} = expectation;
	const marks = {open: [glyphs.open, 'dim'], passed: [glyphs.pass, 'good'], failed: [glyphs.fail, 'bad']} as const;
	const [mark, style] = marks[state];
	const value = typeof actual === 'number' ? Math.round(actual * 10_000) / 10_000 : actual;
	const is = value === undefined ? '' : `is ${printable(String(value))}`;
	const late = toleratedMs === undefined ? [] : [span(', this machine was late', 'warn')];
	return [span(`${mark} `, style), span(`${padEnd(printable(name), width)}  `, style), span(is, 'dim'), ...late];
}

function expectationRows({expectations}: DrillSnapshot, width: number, room: number, glyphs: Glyphs): Row[] {
	const nameWidth = Math.max(0, ...expectations.map(({name}) => name.length));
	const rows = expectations.map((expectation) => expectationRow(expectation, nameWidth, glyphs));
	const columnWidth = nameWidth + 20;
	const columns = Math.max(1, Math.min(Math.floor(width / columnWidth), Math.ceil(rows.length / Math.max(1, room))));
	if (columns === 1) return rows;
	const each = Math.ceil(rows.length / columns);
	const blocks = Array.from({length: columns}, (_, column) => ({
		rows: rows.slice(column * each, (column + 1) * each),
		width: Math.floor(width / columns),
	}));
	return joinHorizontal(blocks, 0);
}

/** A drill with its time line across the screen, and what is expected of it. */
export function drawDrill(shown: ShownDrill, width: number, height: number, glyphs: Glyphs): Row[] {
	const inside = insideFrame(width, height);
	if (shown.kind === 'none') {
		const words =
			'No drill has run yet: Tab to the drills, Enter runs one. Its time line runs here, with what is expected of the cache.';
		return frame(
			wrapWords(words, inside.width).map((line): Row => [span(line, 'dim')]),
			{title: 'Drill', width, height, glyphs},
		);
	}
	const {drill} = shown;
	const timeline = drillLines(drill, inside.width, glyphs);
	const hasRoom = inside.height > timeline.length + drill.expectations.length;
	const gap: Row[] = hasRoom ? [[]] : [];
	const room = inside.height - timeline.length - gap.length;
	const [style, word] = verdicts[drill.state];
	const total = duration(drill.totalMs);
	const note: Row =
		shown.kind === 'plan'
			? [span('not run yet', 'dim'), span(`  ${total}`)]
			: [span(word, style), span(`  ${duration(Math.min(drill.elapsedMs, drill.totalMs))} of ${total}`)];
	return frame([...timeline, ...gap, ...expectationRows(drill, inside.width, room, glyphs)], {
		title: `Drill: ${printable(drill.name)}`,
		notes: [note],
		width,
		height,
		glyphs,
	});
}
