import type {DrillSnapshot} from '../../engine/protocol.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import {drillLines} from '../charts/drill-line.js';
import {age, duration} from '../format.js';
import type {Glyphs} from '../glyphs.js';
import {topFor} from '../state/move.js';
import {faultArguments, refusalOf} from '../state/outage-menu.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {beside, padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {type DrawView, listRow, type ViewInput} from './view.js';

const kindWidth = 12;

function faultRow(info: FaultInfo, input: ViewInput, width: number): Row {
	const active = input.state.snapshot?.faults.filter((fault) => fault.fault.kind === info.kind) ?? [];
	const refusal = refusalOf(info, input.context);
	const first = active[0];
	const mark = first ? input.glyphs.modes.fallback : ' ';
	const words = first
		? `${first.label} for ${age((input.state.snapshot?.at ?? 0) - first.since)}`
		: (refusal ?? info.summary);
	return [
		span(`${mark} `, 'bad'),
		span(padEnd(info.kind, kindWidth), first ? 'bad' : refusal ? 'dim' : 'strong'),
		span(padEnd(words, Math.max(1, width - kindWidth - 4)), first ? 'bad' : 'dim'),
	];
}

/** What the selected fault is, in full, and what its keys do. */
function detailRows(info: FaultInfo | undefined, width: number): Row[] {
	if (!info) return [];
	const words = info.parameters.map((parameter) =>
		parameter.choices
			? parameter.choices.join('|')
			: `${parameter.word} ${parameter.default}${parameter.unit === 'share' ? '' : ` ${parameter.unit}`}`,
	);
	const edits = words.length > 0 ? `e edits ${words.join(', ')}, and for how long` : 'e edits for how long';
	return [
		[],
		...wrapWords(info.summary, width).map((line): Row => [span(line)]),
		[span('Enter runs ', 'dim'), span(`outage ${faultArguments(info).join(' ')}`, 'accent')],
		...wrapWords(edits, width).map((line): Row => [span(line, 'dim')]),
	];
}

function drawFaults(input: ViewInput, width: number, height: number): Row[] {
	const {ui, context, glyphs} = input;
	const isFocused = ui.faults.pane === 'faults';
	const inside = insideFrame(width, height);
	const selected = Math.min(ui.faults.selectedFault, context.catalogue.length - 1);
	const details = detailRows(context.catalogue[selected], inside.width).slice(0, Math.max(0, inside.height - 3));
	const room = inside.height - details.length;
	const top = topFor(selected, 0, context.catalogue.length, room);
	const rows = context.catalogue
		.slice(top, top + room)
		.map((info, index) =>
			listRow(faultRow(info, input, inside.width), isFocused && top + index === selected, inside.width, glyphs),
		);
	const blanks = Array.from({length: Math.max(0, room - rows.length)}, (): Row => []);
	const active = input.state.snapshot?.faults.length ?? 0;
	return frame([...rows, ...blanks, ...details], {
		title: 'Faults',
		notes: [active > 0 ? [span(`${active} in force, x heals`, 'bad')] : [span('none in force', 'good')]],
		width,
		height,
		isFocused,
		glyphs,
	});
}

function drawDrills({ui, glyphs}: ViewInput, width: number, height: number): Row[] {
	const {faults} = ui;
	const isFocused = faults.pane === 'drills';
	const inside = insideFrame(width, height);
	const here = faults.drills[faults.selectedDrill];
	const details: Row[] = here
		? [[], ...wrapWords(printable(here.summary), inside.width).map((line): Row => [span(line)])]
		: [];
	const room = Math.max(1, inside.height - details.length);
	const top = topFor(faults.selectedDrill, 0, faults.drills.length, room);
	const rows: Row[] =
		faults.drills.length === 0
			? [[span('no drills are known', 'dim')]]
			: faults.drills
					.slice(top, top + room)
					.map((drill, index) =>
						listRow(
							[
								span(`${padEnd(drill.name, 20)} `, 'strong'),
								span(padEnd(printable(drill.summary), Math.max(1, inside.width - 23)), 'dim'),
							],
							isFocused && top + index === faults.selectedDrill,
							inside.width,
							glyphs,
						),
					);
	const blanks = Array.from({length: Math.max(0, room - rows.length)}, (): Row => []);
	return frame([...rows, ...blanks, ...details], {
		title: 'Drills',
		notes: [[span('Enter runs', 'dim')]],
		width,
		height,
		isFocused,
		glyphs,
	});
}

const verdicts = {
	running: ['accent', 'running'],
	passed: ['good', 'passed'],
	failed: ['bad', 'failed'],
	interrupted: ['warn', 'interrupted'],
} as const;

function expectationRows(drill: DrillSnapshot, glyphs: Glyphs): Row[] {
	const marks = {open: [glyphs.open, 'dim'], passed: [glyphs.pass, 'good'], failed: [glyphs.fail, 'bad']} as const;
	return drill.expectations.map((expectation): Row => {
		const [mark, style] = marks[expectation.state];
		const actual = expectation.actual === undefined ? '' : `  is ${expectation.actual}`;
		return [span(`${mark} `, style), span(padEnd(expectation.name, 34), style), span(actual, 'dim')];
	});
}

function drawDrill(drill: DrillSnapshot | undefined, width: number, height: number, glyphs: Glyphs): Row[] {
	const inside = insideFrame(width, height);
	if (!drill) {
		const words =
			'No drill has run yet: Tab to the drills, Enter runs one. Its time line runs here, with what is expected of the cache.';
		return frame(
			wrapWords(words, inside.width).map((line): Row => [span(line, 'dim')]),
			{title: 'Drill', width, height, glyphs},
		);
	}
	const [style, word] = verdicts[drill.state];
	const timeline = drillLines(drill, inside.width, glyphs);
	const expectations = expectationRows(drill, glyphs);
	const room = inside.height - timeline.length - 1;
	const columns = expectations.length > room && inside.width >= 100 ? 2 : 1;
	const half = Math.ceil(expectations.length / columns);
	const below =
		columns === 1
			? expectations
			: beside(
					[
						{rows: expectations.slice(0, half), width: Math.floor(inside.width / 2)},
						{rows: expectations.slice(half), width: Math.floor(inside.width / 2)},
					],
					0,
				);
	return frame([...timeline, [], ...below], {
		title: `Drill: ${drill.name}`,
		notes: [
			[
				span(word, style),
				span(`  ${duration(Math.min(drill.elapsedMs, drill.totalMs))} of ${duration(drill.totalMs)}`),
			],
		],
		width,
		height,
		glyphs,
	});
}

/** The fault lab: what can be broken, the drills, and the drill that runs. */
export const drawFaultsView: DrawView = (input, width, height) => {
	const drill = input.state.snapshot?.drill;
	const isWide = width >= 110;
	const wanted = drill ? 5 + drill.steps.length + drill.expectations.length : 4;
	const drillHeight = Math.max(4, Math.min(wanted, height - Math.min(height - 4, isWide ? 12 : 8)));
	const upper = height - drillHeight;
	const lower = drawDrill(drill, width, drillHeight, input.glyphs);
	if (!isWide) {
		const pane = input.ui.faults.pane === 'faults' ? drawFaults(input, width, upper) : drawDrills(input, width, upper);
		return [...pane, ...lower];
	}
	const left = Math.floor(width * 0.58);
	return [
		...beside(
			[
				{rows: drawFaults(input, left, upper), width: left},
				{rows: drawDrills(input, width - left, upper), width: width - left},
			],
			0,
		),
		...lower,
	];
};
