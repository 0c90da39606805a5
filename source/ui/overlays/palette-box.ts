import type {Line} from '../input/line-editor.js';
import {chrome, type Size} from '../layout.js';
import {topFor} from '../state/move.js';
import {type Candidate, paletteView} from '../state/palette-model.js';
import type {PaletteState} from '../state/ui-state.js';
import {frame, insideFrame} from '../text/frame.js';
import {printable} from '../text/printable.js';
import {graphemes, padEnd, type Row, span, widthOf} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {cursorLine, listRow, type ViewInput} from '../views/view.js';
import type {OverlayBox} from './overlay.js';

const mostCandidates = 8;
const mostErrorLines = 3;

/** The candidate with the characters that were asked for standing out. */
function candidateText(candidate: Candidate, width: number): Row {
	const text = printable(candidate.text);
	const isExact = text === candidate.text;
	const matched = new Set(isExact ? candidate.positions : []);
	let at = 0;
	const parts: Row = graphemes(text).map((char) => {
		const isMatch = matched.has(at);
		at += char.length;
		return span(char, isMatch ? 'match' : 'text');
	});
	return [...parts, span(' '.repeat(Math.max(0, width - widthOf(text))))];
}

const hintFor = (width: number) =>
	`Tab completes, Enter runs, Esc closes${width >= 76 ? ', Ctrl-P and Ctrl-N walk the history' : ''}`;

function helpRows(palette: PaletteState, usage: string | undefined, width: number, glyphs: ViewInput['glyphs']): Row[] {
	if (palette.error) {
		const lines = wrapWords(`${glyphs.fail} ${printable(palette.error)}`, width).slice(0, mostErrorLines);
		return lines.map((line) => [span(line, 'bad')]);
	}
	if (palette.running !== undefined) return [[span('running', 'warn')]];
	return [[span(usage ?? hintFor(width), 'dim')]];
}

/** The palette at the bottom of the screen: candidates, the line, and what is wrong with it. */
export function drawPalette(input: ViewInput, palette: PaletteState, screen: Size): OverlayBox {
	const {context, glyphs} = input;
	const {candidates, usage} = paletteView(palette, context);
	const width = Math.min(screen.columns, 140);
	// Its height stays, so that nothing jumps while the candidates come and go.
	const room = Math.min(mostCandidates, Math.max(3, screen.rows - chrome.header - chrome.footer - 5));
	const inside = insideFrame(width, room + 4);
	const top = topFor(Math.max(0, palette.selected), 0, candidates.length, room);
	const nameWidth = Math.min(
		Math.floor(inside.width * 0.6),
		Math.max(14, ...candidates.map((candidate) => widthOf(candidate.text) + 2)),
	);
	const help = helpRows(palette, usage, inside.width, glyphs);
	// An error of several lines takes theirs from the candidates.
	const list = candidates
		.slice(top, top + room + 1 - help.length)
		.map((candidate, index) =>
			listRow(
				[
					...candidateText(candidate, nameWidth),
					span(
						padEnd(
							candidate.isRefused ? 'writes: refused, this session is read-only' : candidate.summary,
							Math.max(1, inside.width - nameWidth - 2),
						),
						candidate.isRefused ? 'warn' : 'dim',
					),
				],
				top + index === palette.selected,
				inside.width,
				glyphs,
			),
		);
	const blanks: Row[] = Array.from({length: room + 1 - help.length - list.length}, () => []);
	const rows: Row[] = [
		...list,
		...blanks,
		[span(': ', 'key'), ...cursorLine(aroundCursor(palette.line, inside.width - 4), glyphs)],
		...help,
	];
	const more = candidates.length - room;
	const height = room + 4;
	return {
		rows: frame(rows, {
			title: 'Command',
			notes: more > 0 ? [[span(`${more} more`, 'dim')]] : undefined,
			width,
			height,
			isFocused: true,
			glyphs,
		}),
		x: Math.floor((screen.columns - width) / 2),
		y: Math.max(0, screen.rows - height - chrome.footer),
		width,
		height,
	};
}

/** A long line is shown around its cursor. */
export function aroundCursor(line: Line, width: number): Line {
	const before = graphemes(line.before);
	const cut = Math.max(0, before.length - width + 2);
	const shown = before.slice(cut).join('');
	return {
		before: printable(cut > 0 ? `<${shown.slice(1)}` : shown),
		after: printable(line.after).slice(0, Math.max(0, width - shown.length)),
	};
}
