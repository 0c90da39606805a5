import {useMemo} from 'react';
import {widthOf} from '../../text/cells.js';
import {type HelpEntry, helpSections} from '../commands/help-sections.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {Prompt} from '../components/prompt.js';
import {Scroll} from '../components/scroll.js';
import {wordsOfLine} from '../state/filter.js';
import type {Dialog as DialogState} from '../state/ui-state.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';

const label: Row = [span('search ', 'dim')];
const gap: readonly Row[] = [[]];
const notes = [[span('Esc closes', 'dim')]] as const;

/** Share of the width for names; longer names have a separate line. */
const nameShare = 0.4;

function entryRows({name, text}: HelpEntry, nameWidth: number, width: number): readonly Row[] {
	const isLong = widthOf(name) > nameWidth;
	const lines = wrapWords(text, Math.max(10, width - nameWidth - 4)).map(
		(line, index): Row => [
			span(`  ${padEnd(index === 0 && !isLong ? name : '', nameWidth)}  `, 'keystroke'),
			span(line),
		],
	);
	return isLong ? [[span(`  ${name}`, 'keystroke')], ...lines] : lines;
}

/** Keystrokes and commands in sections, as rows of at most `width` cells; only those that contain all words. */
function helpRows(words: readonly string[], width: number): readonly Row[] {
	const rows = helpSections(words).flatMap(({title, entries}): readonly Row[] => {
		const longest = Math.max(...entries.map(({name}) => widthOf(name)));
		const nameWidth = Math.min(longest, Math.floor(width * nameShare));
		return [[span(title, 'title')], ...entries.flatMap((entry) => entryRows(entry, nameWidth, width))];
	});
	return rows.length > 0 ? rows : [[span('no key or command contains these words', 'dim')]];
}

type HelpState = Extract<DialogState, {readonly kind: 'help'}>;

/** All keystrokes and commands, with a search. */
export function HelpDialog({help: {line, top}}: {readonly help: HelpState}) {
	const lines = useMemo(() => {
		const words = wordsOfLine(line);
		return (width: number) => helpRows(words, width);
	}, [line]);
	return (
		<Dialog title="Help" notes={notes} columns={100} height="85%">
			{() => (
				<>
					<Prompt label={label} line={line} />
					<Lines rows={gap} />
					<Scroll lines={lines} top={top} scope="help" />
				</>
			)}
		</Dialog>
	);
}
