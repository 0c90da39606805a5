import {useCallback, useMemo} from 'react';
import {graphemes, widthOf} from '../../text/cells.js';
import {Dialog} from '../components/dialog.js';
import {Lines} from '../components/lines.js';
import {List} from '../components/list.js';
import {Prompt} from '../components/prompt.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useScreenParts, useScreenSize} from '../hooks/use-screen.js';
import {type Candidate, completionsOf} from '../state/palette/completions.js';
import type {PaletteState} from '../state/ui-state.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';

const mostCandidates = 8;
const fewestCandidates = 3;
const mostErrorLines = 3;

/** Rows of the screen outside of the list: header, footer, border, prompt and help. */
const otherRows = 8;

const label: Row = [span(': ', 'key')];

/** A candidate, with the characters that match what was typed standing out. */
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

/** The line of a command, its completions, and how it is written or why it cannot run. */
export function PaletteDialog({palette}: {readonly palette: PaletteState}) {
	const {controller} = useScreenParts();
	const {rows} = useScreenSize();
	// Completions depend on these parts of the snapshot, too: drawn again when they change.
	useEngine(({snapshot}) => `${snapshot?.readOnly} ${snapshot?.faults.map(({id}) => id).join()}`);
	const {candidates, usage} = completionsOf(palette, controller.context());
	// Its height stays while candidates come and go.
	const room = Math.min(mostCandidates, Math.max(fewestCandidates, rows - otherRows));
	const notes = useMemo(
		() => (candidates.length > room ? [[span(`${candidates.length - room} more`, 'dim')]] : []),
		[candidates, room],
	);
	return (
		<Dialog title="Command" notes={notes} columns={140} place="bottom">
			{(width) => <PaletteBody palette={palette} candidates={candidates} usage={usage} width={width} room={room} />}
		</Dialog>
	);
}

type PaletteBodyProps = {
	readonly palette: PaletteState;
	readonly candidates: readonly Candidate[];
	readonly usage: string | undefined;
	readonly width: number;
	/** Rows of the candidates and the help. */
	readonly room: number;
};

function PaletteBody({palette, candidates, usage, width, room}: PaletteBodyProps) {
	const {fail} = useGlyphs();
	const nameWidth = useMemo(
		() =>
			Math.min(Math.floor(width * 0.6), Math.max(14, ...candidates.map((candidate) => widthOf(candidate.text) + 2))),
		[candidates, width],
	);
	const row = useCallback(
		(index: number, cells: number): Row => {
			const candidate = candidates[index];
			if (!candidate) return [];
			const words = candidate.isRefused ? 'writes: refused, this session is read-only' : candidate.summary;
			return [
				...candidateText(candidate, nameWidth),
				span(padEnd(words, Math.max(1, cells - nameWidth)), candidate.isRefused ? 'warn' : 'dim'),
			];
		},
		[candidates, nameWidth],
	);
	const help = useMemo(() => helpRows(palette, usage, width, fail), [palette, usage, width, fail]);
	return (
		<>
			<List
				count={candidates.length}
				selected={Math.max(0, palette.selected)}
				isMarked={palette.selected >= 0}
				row={row}
				height={room + 1 - help.length}
			/>
			<Prompt label={label} line={palette.line} />
			<Lines rows={help} />
		</>
	);
}
