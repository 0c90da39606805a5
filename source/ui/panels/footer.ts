import type {Glyphs} from '../glyphs.js';
import {lineOfCall} from '../input/split-command.js';
import {bindings} from '../keymap.js';
import type {UiState} from '../state/ui-state.js';
import {printable} from '../text/printable.js';
import {fitRow, padEnd, type Row, rowWidth, span, truncate} from '../text/row.js';
import {windows} from './panel.js';

/** How long an answer stands in the footer; a refusal wants more time to be read. */
const answerMs = 5000;
const refusalMs = 15_000;

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
	const here = bindings
		.filter((binding) => binding.footer !== undefined && (binding.where === 'everywhere' || binding.where === ui.view))
		.sort((a, b) => (a.footer ?? 0) - (b.footer ?? 0) || (a.where === 'everywhere' ? 1 : -1));
	const parts: Row[] = [];
	let used = 1;
	const right: Row = [span(`charts show ${padEnd(windows[ui.window].label, 6)} `, 'dim')];
	for (const binding of here) {
		const part: Row = [span(binding.keys, 'key'), span(` ${binding.label}  `, 'dim')];
		if (used + rowWidth(part) > width - rowWidth(right)) continue;
		used += rowWidth(part);
		parts.push(part);
	}
	return [...fitRow([span(' '), ...parts.flat()], width - rowWidth(right)), ...right];
}
