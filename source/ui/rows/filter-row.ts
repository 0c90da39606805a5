import {graphemes} from '../../text/cells.js';
import {type Line, textOf} from '../input/line-editor.js';
import {type Filter, isEmpty} from '../state/filter.js';
import {printable} from '../text/printable.js';
import {type Row, span} from '../text/row.js';

/** A line that is being typed, with the cursor as an inverse cell. */
export function cursorRow(line: Line): Row {
	const [under = ' ', ...rest] = graphemes(line.after);
	return [span(line.before), span(under, 'selected'), span(rest.join(''))];
}

/** The part of a long line around its cursor that fits in `width` cells. */
export function aroundCursor(line: Line, width: number): Line {
	const before = graphemes(line.before);
	const cut = Math.max(0, before.length - width + 2);
	const shown = before.slice(cut).join('');
	return {
		before: printable(cut > 0 ? `<${shown.slice(1)}` : shown),
		after: printable(line.after).slice(0, Math.max(0, width - shown.length)),
	};
}

/** A filter while it is typed, while it applies, or how to start one. */
export function filterRow(filter: Filter, hint: string): Row {
	if (filter.isTyping)
		return [span('/', 'keystroke'), ...cursorRow(filter.line), span('   Enter applies, Esc removes', 'dim')];
	if (isEmpty(filter)) return [span(hint, 'dim')];
	return [span('filter ', 'dim'), span(textOf(filter.line), 'accent'), span('   Esc removes', 'dim')];
}
