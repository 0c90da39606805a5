import {printable} from '../../text/printable.js';
import {helpSections} from '../commands/help-sections.js';
import {explanationOf} from '../dialogs/explain.js';
import {type Line, textOf} from '../input/line-editor.js';
import {lineOfCall} from '../input/split-command.js';
import type {Context} from '../state/command.js';
import {refusalOf} from '../state/confirm.js';
import {callOf, outageItems} from '../state/faults/outage-menu.js';
import {wordsOfLine} from '../state/filter.js';
import {completionsOf} from '../state/palette/completions.js';
import type {Viewport} from '../state/scroll.js';
import type {PaletteState, UiState} from '../state/ui-state.js';

/** Lines of the help that are read at once. */
const helpLimit = 10;

/** Lines of commands and replies of Redis that are read at once. */
const readLines = 20;

/** The sections of the help, without those that lack the searched words. */
function helpLines(search: Line): readonly string[] {
	return helpSections(wordsOfLine(search)).flatMap(({title, entries}) => [
		`${title}:`,
		...entries.map(({name, text}) => `${name} ${text}`),
	]);
}

/** The lines that keystrokes scroll: those of the help. All other dialogs are read completely. */
export const viewportOf = ({dialog}: UiState): Viewport => ({
	rows: helpLimit,
	lines: dialog.kind === 'help' ? helpLines(dialog.line).length : 0,
});

function paletteLines(palette: PaletteState, context: Context): readonly string[] {
	const chosen = completionsOf(palette, context).candidates[Math.max(0, palette.selected)];
	const hint = chosen ? `Tab completes to ${printable(chosen.text)}` : 'Enter runs';
	return [
		`Command: ${printable(textOf(palette.line))}`,
		palette.error === undefined ? hint : `Error: ${printable(palette.error)}`,
	];
}

/** The open dialog, else the last answer, else the main keystrokes, as sentences. */
export function dialogLines({dialog, reply, printed}: UiState, context: Context): readonly string[] {
	switch (dialog.kind) {
		case 'palette':
			return paletteLines(dialog, context);
		case 'redis':
			return [...printed.slice(-readLines).map(printable), `Redis command: ${printable(textOf(dialog.line))}`];
		case 'outage-menu': {
			const item = outageItems(context.snapshot)[dialog.selected];
			const call = item && callOf(item, dialog);
			return [`Outage menu. Enter runs: ${call ? lineOfCall(call) : 'nothing, it is refused on this server'}`];
		}
		case 'connections': {
			const item = dialog.items[dialog.selected];
			return [`Connections. Enter switches to ${item ? `${printable(item.name)}, ${printable(item.url)}` : 'nothing'}`];
		}
		case 'explain': {
			const {title, explain} = explanationOf(dialog.subject, context.snapshot?.source);
			const {shows, source, normal} = explain;
			return [title, 'What it shows', shows, 'Where the data comes from', source, 'What is normal', normal];
		}
		case 'help': {
			const shown = helpLines(dialog.line).slice(dialog.top, dialog.top + helpLimit);
			return [`Help. Search: ${printable(textOf(dialog.line))}`, ...shown];
		}
		case 'edit':
			return [`Edit ${printable(dialog.key)}: ${printable(textOf(dialog.line))}`, dialog.about];
		case 'text':
			return [printable(dialog.title), ...dialog.lines.map(printable)];
		case 'confirm': {
			const refusal = refusalOf(dialog);
			return [
				...dialog.about.map(printable),
				...(refusal === undefined ? [] : [refusal]),
				`Type ${dialog.word} and Enter: ${printable(textOf(dialog.line))}`,
			];
		}
		case 'none':
			if (reply.kind === 'answered') return [printable(reply.ok ? reply.text : `Error: ${reply.text}`)];
			return ['Keys: 1 to 7 views, o outage menu, colon command, question mark help, p pause, q quit.'];
	}
}
