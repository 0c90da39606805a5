import {useMemo} from 'react';
import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {Prompt} from '../components/prompt.js';
import {Words} from '../components/words.js';
import {refusalOf} from '../state/confirm.js';
import type {ConfirmState} from '../state/ui-state.js';
import {type Row, span} from '../text/row.js';

const notes = [[span('Esc cancels', 'dim')]] as const;
const gap: readonly Row[] = [[]];

/** A line of the question: names are not wrapped. */
function AboutLine({line}: {readonly line: string}) {
	const isName = line.startsWith(' ');
	const rows = useMemo(() => [[span(printable(line), 'strong')]], [line]);
	return isName ? <Lines rows={rows} /> : <Words>{printable(line)}</Words>;
}

/** Explains the effect of a command, and requires a typed word before it runs. */
export function ConfirmDialog({confirm}: {readonly confirm: ConfirmState}) {
	const {title, word, about, line} = confirm;
	const refusal = refusalOf(confirm);
	const label = useMemo((): Row => [span('Type ', 'dim'), span(word, 'bad'), span(' and Enter: ', 'dim')], [word]);
	return (
		<Dialog title={title} notes={notes} columns={70}>
			{() => (
				<>
					{about.map((each) => (
						<AboutLine key={each} line={each} />
					))}
					{refusal === undefined ? <Lines rows={gap} /> : <Words style="warn">{refusal}</Words>}
					<Prompt label={label} line={line} />
				</>
			)}
		</Dialog>
	);
}
