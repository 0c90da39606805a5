import type {Glyphs} from '../glyphs.js';
import type {WindowName} from '../panels/panel.js';
import type {Context} from '../state/message.js';
import type {UiState} from '../state/ui-state.js';
import type {StoreState} from '../store.js';
import {padEnd, type Row, restyle, rowWidth, span} from '../text/row.js';

/** What a view draws from. */
export type ViewInput = {
	readonly ui: UiState;
	readonly state: StoreState;
	readonly context: Context;
	readonly window: WindowName;
	readonly glyphs: Glyphs;
};

/** Draws a whole view as exactly `width` × `height` cells. */
export type DrawView = (input: ViewInput, width: number, height: number) => Row[];

/** A line of a list: the selected one has a mark and stands out as a whole. */
export function listRow(row: Row, isSelected: boolean, width: number, glyphs: Glyphs): Row {
	const marked: Row = [span(isSelected ? `${glyphs.pointer} ` : '  ', isSelected ? 'focus' : 'text'), ...row];
	if (!isSelected) return marked;
	const filled: Row = [...marked, span(' '.repeat(Math.max(0, width - rowWidth(marked))))];
	return restyle(filled, 'selected');
}

/** The line in which a filter is typed or, later, shown. */
export function filterRow(
	filter: {readonly before: string; readonly after: string},
	isTyping: boolean,
	hint: string,
	glyphs: Glyphs,
): Row {
	if (!isTyping && filter.before + filter.after === '') return [span(hint, 'dim')];
	if (!isTyping)
		return [span('filter ', 'dim'), span(filter.before + filter.after, 'accent'), span('   Esc clears', 'dim')];
	return [span('/', 'key'), ...cursorLine(filter, glyphs), span('   Enter keeps, Esc clears', 'dim')];
}

/** A line that is being edited, with the cursor as a block of its own. */
export function cursorLine(line: {readonly before: string; readonly after: string}, _glyphs: Glyphs): Row {
	const [under = ' ', ...rest] = [...line.after];
	return [span(line.before), span(under, 'selected'), span(rest.join(''))];
}

export const label = (text: string, width: number) => span(padEnd(text, width), 'dim');
