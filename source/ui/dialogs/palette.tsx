import {useCallback, useMemo} from 'react';
import {graphemes, widthOf} from '../../text/cells.js';
import {printable} from '../../text/printable.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import {Prompt} from '../components/prompt.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useScreenParts} from '../hooks/use-screen.js';
import {type Candidate, completionsOf} from '../state/palette/completions.js';
import type {PaletteState} from '../state/ui-state.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';

/** Rows of the candidates: there is room for them on the smallest terminal, and the height stays while they come and go. */
const candidateRows = 8;
const mostErrorLines = 3;

const label: Row = [span(': ', 'keystroke')];

/** A candidate, with the characters that match the typed text highlighted. */
function candidateText(candidate: Candidate, width: number): Row {
	const text = printable(candidate.text);
	const matched = new Set(text === candidate.text ? candidate.positions : []);
	let at = 0;
	const parts: Row = graphemes(text).map((char) => {
		const isMatch = matched.has(at);
		at += char.length;
		return span(char, isMatch ? 'match' : 'text');
	});
	return [...parts, span(' '.repeat(Math.max(0, width - widthOf(text))))];
}

function helpRows(palette: PaletteState, usage: string | undefined, width: number, fail: string): readonly Row[] {
	if (palette.error) {
		const lines = wrapWords(`${fail} ${printable(palette.error)}`, width).slice(0, mostErrorLines);
		return lines.map((line) => [span(line, 'bad')]);
	}
	if (palette.running !== undefined) return [[span('running', 'warn')]];
	return [[span(usage ?? 'Tab completes, Enter runs, Esc closes', 'dim')]];
}

/** The line of a command, its completions, and its usage or the reason why it cannot run. */
export function PaletteDialog({palette}: {readonly palette: PaletteState}) {
	const {controller} = useScreenParts();
	// Completions depend on these parts of the snapshot, too, and are redrawn when they change.
	useEngine(({snapshot}) => `${snapshot?.readOnly} ${snapshot?.faults.map(({id}) => id).join()}`);
	const {candidates, usage} = completionsOf(palette, controller.context());
	const more = candidates.length - candidateRows;
	const notes = useMemo(() => (more > 0 ? [[span(`${more} more`, 'dim')]] : []), [more]);
	return (
		<Dialog title="Command" notes={notes} columns={140} place="bottom">
			{(width) => <PaletteBody palette={palette} candidates={candidates} usage={usage} width={width} />}
		</Dialog>
	);
}

type PaletteBodyProps = {
	readonly palette: PaletteState;
	readonly candidates: readonly Candidate[];
	readonly usage: string | undefined;
	readonly width: number;
};

function PaletteBody({palette, candidates, usage, width}: PaletteBodyProps) {
	const {fail} = useGlyphs();
	const isAttached = useEngine(({snapshot}) => snapshot?.attached !== undefined);
	const refused = isAttached ? 'refused by a live process' : 'refused: this session is read-only';
	const nameWidth = useMemo(
		() =>
			Math.min(Math.floor(width * 0.6), Math.max(14, ...candidates.map((candidate) => widthOf(candidate.text) + 2))),
		[candidates, width],
	);
	const row = useCallback(
		(index: number, cells: number): Row => {
			const candidate = candidates[index];
			if (!candidate) return [];
			const words = candidate.isRefused ? refused : candidate.summary;
			return [
				...candidateText(candidate, nameWidth),
				span(padEnd(words, Math.max(1, cells - nameWidth)), candidate.isRefused ? 'warn' : 'dim'),
			];
		},
		[candidates, nameWidth, refused],
	);
	const help = useMemo(() => helpRows(palette, usage, width, fail), [palette, usage, width, fail]);
	return (
		<>
			<List
				count={candidates.length}
				selected={Math.max(0, palette.selected)}
				isMarked={palette.selected >= 0}
				row={row}
				// A long error takes its further lines from the list.
				height={candidateRows + 1 - help.length}
			/>
			<Prompt label={label} line={palette.line} />
			<Lines rows={help} />
		</>
	);
}
