import {useMemo} from 'react';
import type {Source} from '../../engine/protocol.js';
import {Dialog} from '../components/dialog.js';
import {Scroll} from '../components/scroll.js';
import {useEngine} from '../hooks/use-screen.js';
import {panels} from '../panels/index.js';
import type {Explanation} from '../panels/panel.js';
import {viewTitles} from '../state/names.js';
import type {Dialog as DialogState, ExplainSubject} from '../state/ui-state.js';
import {type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {views} from '../views/index.js';

const notes = [[span('Esc closes', 'dim')]] as const;

/** The title of a panel or a view, and its explanation. */
export function explanationOf(
	subject: ExplainSubject,
	source: Source | undefined,
): {readonly title: string; readonly explain: Explanation} {
	if ('panel' in subject) return panels[subject.panel];
	const {explain, explainApplication = explain} = views[subject.view];
	return {title: viewTitles[subject.view], explain: source === 'application' ? explainApplication : explain};
}

/** An explanation in lines of at most `width` cells, with an empty line between its parts. */
function explanationRows({shows, source, normal}: Explanation, width: number): readonly Row[] {
	const part = (title: string, text: string): readonly Row[] => [
		[span(title, 'title')],
		...wrapWords(text, width - 2).map((line): Row => [span(`  ${line}`)]),
	];
	return [
		...part('What it shows', shows),
		[],
		...part('Where the data comes from', source),
		[],
		...part('What is normal', normal),
	];
}

type ExplainState = Extract<DialogState, {readonly kind: 'explain'}>;

/** The explanation of a panel or a view: its content, the source of its data, and its normal state. */
export function ExplainDialog({explain: {subject, top}}: {readonly explain: ExplainState}) {
	const source = useEngine(({snapshot}) => snapshot?.source);
	const {title, explain} = explanationOf(subject, source);
	const lines = useMemo(() => (width: number) => explanationRows(explain, width), [explain]);
	return (
		<Dialog title={title} notes={notes} columns={78}>
			{(width) => <Scroll lines={lines} top={top} scope="explain" height={lines(width).length} />}
		</Dialog>
	);
}
