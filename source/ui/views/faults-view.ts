import {duration} from '../format.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {joinHorizontal, padEnd, padStart, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {drawDrill, drillHeight, shownDrill} from './drill-rows.js';
import {faultDetails, faultRow} from './fault-rows.js';
import {type DrawView, listRow, type ViewInput} from './view.js';

/** Below this, faults and drills take turns. */
const wideColumns = 110;

/** Rows of a list that are always left, however much there is to say of the selected one. */
const fewestRows = 3;

const nameWidth = 20;

/** A list with the selected line in sight, and below it what is to be said of that one. */
function listWithDetails(
	count: number,
	selected: number,
	draw: (index: number) => Row,
	details: readonly Row[],
	height: number,
): Row[] {
	const shown = details.slice(0, Math.max(0, height - fewestRows));
	const room = height - shown.length;
	const top = topFor(selected, 0, count, room);
	const rows = Array.from({length: Math.min(room, count - top)}, (_, index) => draw(top + index));
	return [...rows, ...shown];
}

function drawFaults(input: ViewInput, width: number, height: number): Row[] {
	const {ui, context, glyphs} = input;
	const isFocused = ui.faults.pane === 'faults';
	const inside = insideFrame(width, height);
	const {catalogue} = context;
	const selected = Math.min(ui.faults.selectedFault, catalogue.length - 1);
	const active = input.state.snapshot?.faults ?? [];
	const isSelectedActive = active.some(({fault}) => fault.kind === catalogue[selected]?.kind);
	const rows = listWithDetails(
		catalogue.length,
		selected,
		(index) => {
			const info = catalogue[index];
			const row = info ? faultRow(info, input, inside.width) : [];
			return listRow(row, isFocused && index === selected, inside.width, glyphs);
		},
		faultDetails(catalogue[selected], input, inside.width, inside.height - fewestRows),
		inside.height,
	);
	return frame(rows, {
		title: 'Faults',
		notes: [
			active.length > 0
				? [span(`${active.length} in force, ${isSelectedActive ? 'u lifts this one, ' : ''}x heals all`, 'bad')]
				: [span('none in force', 'good')],
		],
		width,
		height,
		isFocused,
		glyphs,
	});
}

function drawDrills({ui, glyphs}: ViewInput, width: number, height: number): Row[] {
	const {pane, drills, selectedDrill} = ui.faults;
	const isFocused = pane === 'drills';
	const inside = insideFrame(width, height);
	const here = drills[selectedDrill];
	const details: Row[] = here
		? [[], ...wrapWords(printable(here.summary), inside.width).map((line): Row => [span(line)])]
		: [];
	const drawOne = (index: number): Row => {
		const drill = drills[index];
		if (!drill) return [];
		const summary = padEnd(printable(drill.summary), Math.max(1, inside.width - nameWidth - 10));
		return listRow(
			[
				span(`${padEnd(drill.name, nameWidth)} `, 'strong'),
				span(`${padStart(duration(drill.durationMs), 5)}  `, 'dim'),
				span(summary, 'dim'),
			],
			isFocused && index === selectedDrill,
			inside.width,
			glyphs,
		);
	};
	const rows: Row[] =
		drills.length === 0
			? [[span('no drills are known', 'dim')]]
			: listWithDetails(drills.length, selectedDrill, drawOne, details, inside.height);
	return frame(rows, {
		title: 'Drills',
		notes: [[span('Enter runs', 'dim')]],
		width,
		height,
		isFocused,
		glyphs,
	});
}

/** The fault lab: what can be broken, the drills, and the drill that runs. */
export const drawFaultsView: DrawView = (input, width, height) => {
	const shown = shownDrill(input.ui.faults, input.state.snapshot?.drill);
	const isWide = width >= wideColumns;
	// Setting parameters needs the room more than a plan that waits, and a drill that runs more than the list.
	const fewest = isWide || input.ui.faults.editing ? 14 : shown.kind === 'run' ? 7 : 9;
	const lowerHeight = Math.max(4, Math.min(drillHeight(shown), height - Math.min(height - 4, fewest)));
	const upper = height - lowerHeight;
	const lower = drawDrill(shown, width, lowerHeight, input.glyphs);
	if (!isWide) {
		const pane = input.ui.faults.pane === 'faults' ? drawFaults(input, width, upper) : drawDrills(input, width, upper);
		return [...pane, ...lower];
	}
	const left = Math.floor(width * 0.58);
	return [
		...joinHorizontal(
			[
				{rows: drawFaults(input, left, upper), width: left},
				{rows: drawDrills(input, width - left, upper), width: width - left},
			],
			0,
		),
		...lower,
	];
};
