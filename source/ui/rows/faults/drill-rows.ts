import type {Drill} from '../../../drills/drill.js';
import type {DrillReport} from '../../../drills/drill-report.js';
import type {DrillExpectationSnapshot, DrillSnapshot} from '../../../engine/protocol.js';
import {formatElapsed} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {drillLines} from '../../charts/drill-line.js';
import type {Glyphs} from '../../glyphs.js';
import {type FaultsState, selectedDrill} from '../../state/faults/faults-state.js';
import {joinHorizontal, padEnd, type Row, span} from '../../text/row.js';
import type {StyleName} from '../../theme.js';
import {figureBlocks, figureLines, figuresWidth} from './drill-figures.js';

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

/** Expectations that are undecided although the drill has run to its end, which therefore has not passed. */
export const undecidedOf = ({expectations}: DrillSnapshot): readonly DrillExpectationSnapshot[] =>
	expectations.filter(({reason}) => reason !== undefined);

/** State, failed expectations and progress, for the title of the panel: from the longest wording to the shortest. */
export function drillNotes({kind, drill}: ShownDrill): readonly Row[] {
	const total = formatElapsed(drill.totalMs);
	if (kind === 'plan') return [[span('not run yet', 'dim'), span(`  ${total}`)]];
	const state = span(drill.state, stateStyles[drill.state]);
	const elapsed = span(`  ${formatElapsed(Math.min(drill.elapsedMs, drill.totalMs))} of ${total}`);
	const failed = drill.expectations.filter((expectation) => expectation.state === 'failed').length;
	const undecided = undecidedOf(drill).length;
	if (failed === 0 && undecided > 0)
		return [
			[state, span(`  ${formatCountOf(undecided, 'expectation')} not decided`, 'warn'), elapsed],
			[state, span(`  ${undecided} not decided`, 'warn')],
		];
	if (failed === 0) return [[state, elapsed]];
	// A small terminal has no room for the expectations themselves.
	return [
		[state, span(`  ${formatCountOf(failed, 'expectation')} failed`, 'bad'), elapsed],
		[state, span(`  ${failed} failed`, 'bad'), elapsed],
		[state, span(`  ${failed} failed`, 'bad')],
	];
}

const marks = {
	open: ['open', 'dim'],
	passed: ['pass', 'good'],
	failed: ['fail', 'bad'],
} as const satisfies Record<DrillExpectationSnapshot['state'], readonly [keyof Glyphs, StyleName]>;

/** The measured value of an expectation: `is 0.97`. */
function isWords(actual: DrillExpectationSnapshot['actual']): string {
	const value = typeof actual === 'number' ? Math.round(actual * 10_000) / 10_000 : actual;
	return value === undefined ? '' : `is ${printable(String(value))}`;
}

/** The measured value of an expectation, or "not measured" if it failed without one. */
export const measuredWords = ({state, actual}: DrillExpectationSnapshot): string =>
	state === 'failed' && actual === undefined ? 'not measured' : isWords(actual);

/** The reason why a value beyond its limit meets an expectation. */
const toleranceWords = ({toleratedMs}: DrillExpectationSnapshot): string =>
	toleratedMs === undefined ? '' : ', tolerated: this machine was late';

function expectationRow(expectation: DrillExpectationSnapshot, width: number, glyphs: Glyphs): Row {
	const {state, name, reason} = expectation;
	const [mark, style] = marks[state];
	return [
		span(`${glyphs[mark]} `, style),
		span(`${padEnd(printable(name), width)}  `, style),
		span(measuredWords(expectation), 'dim'),
		span(reason === undefined ? toleranceWords(expectation) : `: ${reason}`, 'warn'),
	];
}

/** Columns of the border of a panel, and of the blanks beside it. */
const borderColumns = 4;

const columnGap = 3;

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

/** Rows of the panel of a drill that is shown in full: with the border around it. */
export const drillHeight = (shown: ShownDrill, columns: number, glyphs: Glyphs): number =>
	2 + drillRows(shown, columns - borderColumns, Number.POSITIVE_INFINITY, glyphs).length;

/** From this width on, figures are beside the expectations. */
const besideFrom = 100;

/** The expectations and, for a drill on an application, its figures: in full if there is enough room. */
function resultRows(drill: DrillSnapshot, width: number, room: number, glyphs: Glyphs): readonly Row[] {
	const {report} = drill;
	const blocks = report ? figureBlocks(report, figuresWidth) : [];
	if (!report || blocks.length === 0) return expectationRows(drill, width, room, glyphs);
	const expectations = expectationRows(drill, width, Number.POSITIVE_INFINITY, glyphs);
	const stacked = blocks.flatMap((block, index) => (index === 0 ? block : [[], ...block]));
	const beside = (columns: readonly (readonly Row[])[]): readonly Row[] => {
		const left = width - columns.length * (figuresWidth + columnGap);
		return joinHorizontal(
			[
				{rows: expectationRows(drill, left, room, glyphs), width: left},
				...columns.map((rows) => ({rows, width: figuresWidth})),
			],
			columnGap,
		);
	};
	const isWide = width >= besideFrom;
	const layouts = [
		...(isWide && width >= 40 + blocks.length * (figuresWidth + columnGap) ? [beside(blocks)] : []),
		...(isWide ? [beside([stacked])] : [[...expectations, [], ...stacked]]),
	];
	const lines = figureLines(report, width);
	const short = [...expectationRows(drill, width, room - lines.length, glyphs), ...lines];
	return layouts.find((rows) => rows.length <= room) ?? withRest(short, room);
}

/** Rows as far as there is room, and how to see the rest. */
const withRest = (rows: readonly Row[], room: number): readonly Row[] =>
	rows.length <= room ? rows : [...rows.slice(0, Math.max(0, room - 1)), [span('r shows the rest', 'dim')]];

/** The time line of a drill, its expectations, and its figures. */
export function drillRows({drill}: ShownDrill, width: number, height: number, glyphs: Glyphs): readonly Row[] {
	const timeline = drillLines(drill, width, glyphs);
	const results = resultRows(drill, width, height - timeline.length, glyphs);
	const gap: Row[] = height > timeline.length + results.length ? [[]] : [];
	return [...timeline, ...gap, ...results];
}

const decisions: Readonly<Record<DrillExpectationSnapshot['state'], string>> = {
	open: 'not decided',
	passed: 'met',
	failed: 'NOT MET',
};

/** A drill that has ended, as lines of a dialog. */
export function drillText(drill: DrillSnapshot, report: DrillReport): readonly string[] {
	const {expectations} = drill;
	const nameWidth = Math.max(0, ...expectations.map(({name}) => name.length));
	return [
		...expectations.map((expectation) => {
			const {state, name} = expectation;
			const value = `${measuredWords(expectation)}${toleranceWords(expectation)}`;
			return `${padEnd(decisions[state], 11)}  ${padEnd(printable(name), nameWidth)}  ${value}`.trimEnd();
		}),
		...undecidedOf(drill).flatMap(({name, reason}) => ['', `${printable(name)} is not decided: ${reason}.`]),
		...figureBlocks(report, figuresWidth).flatMap((block) => ['', ...block.map(textOfRow)]),
	];
}

const textOfRow = (row: Row): string =>
	row
		.map(({text}) => text)
		.join('')
		.trimEnd();
