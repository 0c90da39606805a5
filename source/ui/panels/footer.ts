import type {Glyphs} from '../glyphs.js';
import {lineOfCall} from '../input/split-command.js';
import {bindings} from '../keymap.js';
import {isTyping, type Overlay, type UiState} from '../state/ui-state.js';
import {printable} from '../text/printable.js';
import {fitRow, padEnd, type Row, rowWidth, span, truncate} from '../text/row.js';
import {windows} from './panel.js';

/** How long an answer stands in the footer; a refusal wants more time to be read. */
const answerMs = 5000;
const refusalMs = 15_000;

type Hint = readonly [keys: string, label: string];

/** Keys of what lies over the view: they go there first. */
const overlayHints: Readonly<Record<Exclude<Overlay['kind'], 'none'>, readonly Hint[]>> = {
	palette: [
		['Enter', 'run'],
		['Tab', 'complete'],
		['↑↓', 'choose'],
		['Esc', 'close'],
		['Ctrl-P Ctrl-N', 'history'],
		['Ctrl-U', 'empty'],
		['Ctrl-W', 'delete word'],
	],
	help: [
		['type', 'to search'],
		['↑↓ PgUp PgDn', 'scroll'],
		['Esc', 'close'],
	],
	outage: [
		['Enter', 'do it'],
		['↑↓', 'choose'],
		['←→', 'how long'],
		['e', 'edit'],
		['Esc', 'close'],
	],
	explain: [
		['Esc', 'close'],
		['↑↓', 'scroll'],
	],
	reply: [
		['↑↓ PgUp PgDn', 'scroll'],
		['Esc', 'close'],
		[':', 'command'],
	],
	confirm: [
		['type the word, Enter', 'do it'],
		['Esc', 'cancel'],
	],
	edit: [
		['Enter', 'write'],
		['Esc', 'cancel'],
		['Ctrl-A Ctrl-E', 'ends'],
		['Ctrl-U', 'empty'],
		['Ctrl-W', 'delete word'],
	],
};

const filterHints: readonly Hint[] = [
	['Enter', 'keep'],
	['Esc', 'clear'],
	['Ctrl-U', 'empty'],
	['Ctrl-W', 'delete word'],
];

const settingHints: readonly Hint[] = [
	['Enter', 'start'],
	['Esc', 'back'],
	['↑↓', 'next'],
	['←→', 'choose'],
	['Ctrl-U', 'empty'],
];

/** Of a value that is open beside the list of keys, or instead of it. */
const openKeyHints: readonly Hint[] = [
	['Esc', 'back'],
	['e', 'edit'],
	['x', 'expire'],
	['d', 'delete'],
	['↑↓', 'next key'],
	['PgUp PgDn', 'scroll'],
	[':', 'command'],
	['?', 'help'],
	['q', 'quit'],
];

function hintsOf(ui: UiState): readonly Hint[] {
	if (ui.overlay.kind !== 'none') return overlayHints[ui.overlay.kind];
	if (isTyping(ui)) return ui.view === 'faults' ? settingHints : filterHints;
	if (ui.view === 'keys' && ui.keys.open) return openKeyHints;
	const isEnlarged = ui.view === 'overview' && ui.enlarged !== undefined;
	const here = bindings
		.filter((binding) => binding.footer !== undefined && (binding.where === 'everywhere' || binding.where === ui.view))
		.sort(
			(a, b) =>
				(a.footer ?? 0) - (b.footer ?? 0) || Number(a.where === 'everywhere') - Number(b.where === 'everywhere'),
		)
		.map(({keys, label}): Hint => [keys, label]);
	// The way back is seen on every screen.
	return isEnlarged ? [['Esc', 'shrink'], ...here.filter(([, label]) => label !== 'enlarge')] : here;
}

/** The last line: what the last command came to, else the keys that matter here. */
export function drawFooter(ui: UiState, glyphs: Glyphs, width: number, now: number): Row {
	const {reply} = ui;
	if (reply.kind === 'waiting')
		return fitRow(
			[span(` ${glyphs.modes.recovering} `, 'warn'), span(printable(lineOfCall(reply.call)), 'dim')],
			width,
		);
	if (reply.kind === 'answered' && now - reply.at < (reply.reply.ok ? answerMs : refusalMs)) {
		const text = reply.reply.ok ? (reply.reply.lines[0] ?? 'done') : reply.reply.message;
		const mark = reply.reply.ok ? glyphs.pass : glyphs.fail;
		const style = reply.reply.ok ? 'good' : 'bad';
		return fitRow(
			[
				span(` ${mark} `, style),
				span(truncate(printable(text), width - 4, glyphs.ellipsis), reply.reply.ok ? 'text' : 'bad'),
			],
			width,
		);
	}
	const here = hintsOf(ui);
	const parts: Row[] = [];
	let used = 1;
	// Only where there are charts; on a small screen they say so themselves.
	const hasCharts = (ui.view === 'overview' || ui.view === 'pool') && width >= 78;
	const right: Row = hasCharts ? [span(`charts show ${padEnd(windows[ui.window].label, 6)} `, 'dim')] : [];
	for (const binding of here) {
		const [keys, label] = binding;
		const part: Row = [span(keys, 'key'), span(` ${label}  `, 'dim')];
		if (used + rowWidth(part) > width - rowWidth(right)) continue;
		used += rowWidth(part);
		parts.push(part);
	}
	return [...fitRow([span(' '), ...parts.flat()], width - rowWidth(right)), ...right];
}
