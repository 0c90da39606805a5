import {age, noData} from '../format.js';
import {serverOldMs} from '../panels/server-summary.js';
import {topFor} from '../state/move.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {fitRow, padEnd, type Row, span} from '../text/row.js';
import {type ServerLine, serverLines} from './server-lines.js';
import {meanings} from './server-meanings.js';
import {serverVitals} from './server-vitals.js';
import {type DrawView, filterRow, listRow, type ViewInput} from './view.js';

/** From here on INFO stands in two columns. */
const wideWidth = 150;
const fieldWidth = 30;
const meaningWidth = 33;

/** Rows of INFO and its filter that are always left. */
const fewestRows = 6;

/** The summary, with as much of it as leaves a few rows of INFO. */
const summaryOf = (input: ViewInput, width: number, height: number): Row[] => {
	const server = input.state.snapshot?.server;
	if (!server) return [];
	const rows = serverVitals(server, width, Math.max(0, height - fewestRows));
	return height - rows.length > fewestRows ? [...rows, []] : rows;
};

/** INFO of the server, by section, with words for what matters. */
export const drawServerView: DrawView = (input, width, height) => {
	const {ui, state, glyphs} = input;
	const snapshot = state.snapshot;
	const server = snapshot?.server;
	const {server: view} = ui;
	const inside = insideFrame(width, height);
	const lines = serverLines(snapshot, view.filter);
	const summary = summaryOf(input, inside.width, inside.height);
	const room = Math.max(1, inside.height - 1 - summary.length);
	const columns = inside.width >= wideWidth ? 2 : 1;
	const cell = Math.floor(inside.width / columns);
	const selected = Math.min(view.list.selected, lines.length - 1);
	const top = topFor(selected, view.list.top, lines.length, room * columns);
	const draw = (line: ServerLine): Row => {
		if (line.kind === 'section') return [span(line.name.toUpperCase(), 'title')];
		const meaning = cell >= 74 ? meanings[line.name] : undefined;
		const left = cell - fieldWidth - 4 - (meaning ? meaningWidth + 1 : 0);
		const valueWidth = Math.max(10, meaning ? Math.min(26, left) : left);
		return [
			span(`${padEnd(line.name, fieldWidth)} `, 'dim'),
			span(padEnd(printable(line.value), valueWidth)),
			...(meaning ? [span(` ${meaning}`, 'dim')] : []),
		];
	};
	const rows: Row[] =
		lines.length > 0
			? Array.from({length: room}, (_, y) =>
					Array.from({length: columns}, (__, x) => top + x * room + y).flatMap((at) => {
						const line = lines[at];
						return line ? fitRow(listRow(draw(line), at === selected, cell, glyphs), cell) : [];
					}),
				)
			: [[span(server ? 'no field has these words' : `${noData}: the server has not answered yet`, 'dim')]];
	const old = server && snapshot ? snapshot.at - server.at : 0;
	return frame([...summary, filterRow(view.filter, view.isFiltering, '/ filters INFO by words', glyphs), ...rows], {
		title: `Server: ${snapshot ? `${snapshot.target.name} ${snapshot.target.version ?? ''}` : ''}`.trim(),
		notes: server
			? [[span(old > serverOldMs ? `${age(old)} old` : `asked ${age(old)} ago`, old > serverOldMs ? 'warn' : 'dim')]]
			: undefined,
		width,
		height,
		glyphs,
	});
};
