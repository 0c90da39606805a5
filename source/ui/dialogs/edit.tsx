import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {Prompt} from '../components/prompt.js';
import {Words} from '../components/words.js';
import type {EditState} from '../state/ui-state.js';
import {type Row, span} from '../text/row.js';

const noLabel: Row = [];
const gap: readonly Row[] = [[]];
const hints: readonly Row[] = [
	[span('Enter', 'keystroke'), span(' writes, ', 'dim'), span('Esc', 'keystroke'), span(' leaves it as it is', 'dim')],
];

/** Edits a value in one line. */
export function EditDialog({edit: {key, line, about}}: {readonly edit: EditState}) {
	return (
		<Dialog title={`Edit ${printable(key)}`} columns={110}>
			{() => (
				<>
					<Prompt label={noLabel} line={line} />
					<Lines rows={gap} />
					<Words style="dim">{printable(about)}</Words>
					<Lines rows={hints} />
				</>
			)}
		</Dialog>
	);
}
