import {useMemo} from 'react';
import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Scroll} from '../components/scroll.js';
import type {Dialog as DialogState} from '../state/ui-state.js';
import {type Row, span} from '../text/row.js';
import {wrapCells, wrapWords} from '../text/wrap.js';

const notes = [[span('Esc closes', 'dim')]] as const;

type TextState = Extract<DialogState, {readonly kind: 'text'}>;

/** A line that is too long is broken between words; a word that is too long is broken, too. */
function wrapped(line: string, width: number): readonly string[] {
	const words = line.includes('  ') ? [line] : wrapWords(line, width);
	return words.length === 0 ? [''] : words.flatMap((part) => wrapCells(part, width));
}

/** A reply of several lines, or an event in full. */
export function TextDialog({text: {title, lines, top}}: {readonly text: TextState}) {
	const rows = useMemo(
		() => (width: number) => lines.flatMap((line) => wrapped(printable(line), width)).map((line): Row => [span(line)]),
		[lines],
	);
	return (
		<Dialog title={printable(title)} notes={notes} columns={100}>
			{(width) => <Scroll lines={rows} top={top} scope="text" height={rows(width).length} />}
		</Dialog>
	);
}
