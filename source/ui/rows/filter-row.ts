import {graphemes, widthOf} from '../../text/cells.js';
import {printable} from '../../text/printable.js';
import {type Line, textOf} from '../input/line-editor.js';
import {type Filter, isEmpty} from '../state/filter.js';
import {type Row, span, truncate} from '../text/row.js';

/** A line that is being typed, with the cursor as an inverse cell. */
export function cursorRow(line: Line): Row {
	const [under = ' ', ...rest] = graphemes(line.after);
	return [span(printable(line.before)), span(printable(under), 'selected'), span(printable(rest.join('')))];
}

/** The part of a long line around its cursor that fits in `width` cells. */
export function aroundCursor(line: Line, width: number): Line {
	const before = graphemes(printable(line.before));
	let cut = 0;
	let used = widthOf(before.join(''));
	while (used > width - 2 && cut < before.length) used -= widthOf(before[cut++] ?? '');
	const shown = before.slice(cut).join('');
	return {
		before: cut > 0 ? `<${shown}` : shown,
		after: truncate(printable(line.after), Math.max(0, width - used - (cut > 0 ? 1 : 0)), ''),
	};
}

/** A filter while it is typed, while it applies, or how to start one. */
export function filterRow(filter: Filter, hint: string): Row {
	if (filter.isTyping)
		return [span('/', 'keystroke'), ...cursorRow(filter.line), span('   Enter applies, Esc removes', 'dim')];
	if (isEmpty(filter)) return [span(hint, 'dim')];
	return [span('filter ', 'dim'), span(printable(textOf(filter.line)), 'accent'), span('   Esc removes', 'dim')];
}
