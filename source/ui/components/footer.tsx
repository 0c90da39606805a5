import {useCallback} from 'react';
import type {Source} from '../../engine/protocol.js';
import {printable} from '../../text/printable.js';
import {type Hint, hintsOf} from '../commands/keymap.js';
import type {Glyphs} from '../glyphs.js';
import {useGlyphs} from '../hooks/use-look.js';
import {useEngine, useTerminalSize, useUi} from '../hooks/use-screen.js';
import {hasSameFields} from '../hooks/use-selector.js';
import {lineOfCall} from '../input/split-command.js';
import {chartWindows} from '../state/names.js';
import {scopesOf} from '../state/scopes.js';
import {isTooSmall} from '../state/terminal-size.js';
import type {ReplyState, UiState} from '../state/ui-state.js';
import {joinFitting, padEnd, type Row, rowWidth, span, spread, truncate} from '../text/row.js';
import {type Draw, Raster} from './raster.js';

/** Milliseconds that an answer is shown; an error takes longer to read. */
const answerMs = 5000;
const errorMs = 15_000;

const isShown = (reply: ReplyState, now: number) =>
	reply.kind === 'waiting' || (reply.kind === 'answered' && now - reply.at < (reply.ok ? answerMs : errorMs));

/** The command in progress, or its answer. */
function replyRow(reply: ReplyState, glyphs: Glyphs, width: number): Row {
	if (reply.kind === 'none') return [];
	if (reply.kind === 'waiting')
		return [span(` ${glyphs.modes.recovering} `, 'warn'), span(printable(lineOfCall(reply.call)), 'dim')];
	const {ok, text} = reply;
	return [
		span(` ${ok ? glyphs.pass : glyphs.fail} `, ok ? 'good' : 'bad'),
		span(truncate(printable(text), width - 4, glyphs.ellipsis), ok ? 'text' : 'bad'),
	];
}

/** The hints. While a panel is enlarged, the keystroke that shrinks it comes first. */
function hints(ui: UiState, tooSmall: boolean, source: Source | undefined): readonly Hint[] {
	const all = hintsOf(scopesOf(ui, tooSmall, source), source);
	const isEnlarged = ui.view === 'overview' && ui.enlarged !== undefined && ui.dialog.kind === 'none';
	return isEnlarged ? [{keystrokes: 'Esc', label: 'shrink'}, ...all.filter(({label}) => label !== 'enlarge')] : all;
}

/** From this width on, the chart window is shown where there are charts. */
const windowFrom = 78;

function hintRow(ui: UiState, tooSmall: boolean, source: Source | undefined, width: number): Row {
	const hasCharts = (ui.view === 'overview' || ui.view === 'pool') && width >= windowFrom;
	const right: Row = hasCharts ? [span(`chart window ${padEnd(chartWindows[ui.window].label, 6)} `, 'dim')] : [];
	const parts = hints(ui, tooSmall, source).map(
		({keystrokes, label}): Row => [span(keystrokes, 'keystroke'), span(` ${label}  `, 'dim')],
	);
	const left = joinFitting(parts, width - rowWidth(right) - 1);
	return spread([span(' '), ...left], right, width);
}

/** The last line: the answer to the last command, else the keystrokes that matter now. */
export function Footer() {
	const glyphs = useGlyphs();
	const tooSmall = isTooSmall(useTerminalSize());
	const ui = useUi((state) => state, hasSameFields);
	// An answer expires with the next snapshot after its time.
	const hasReply = useEngine(() => isShown(ui.reply, Date.now()));
	const source = useEngine(({snapshot}) => snapshot?.source);
	const draw: Draw = useCallback(
		({width}) => [hasReply ? replyRow(ui.reply, glyphs, width) : hintRow(ui, tooSmall, source, width)],
		[hasReply, ui, tooSmall, source, glyphs],
	);
	return <Raster draw={draw} height={1} />;
}
