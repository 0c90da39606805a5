import {lineEdits, textOf} from '../input/line-editor.js';
import {noEffects} from '../state/command.js';
import {completeLine, completionsOf} from '../state/palette/completions.js';
import {chooseCompletion, recallLine, showPalette, withLine} from '../state/palette/palette.js';
import {parseLine, runLine as run} from '../state/palette/run-line.js';
import {promptOf} from '../state/prompt.js';
import {closeDialog} from '../state/ui-state.js';
import {keystrokeCommand} from './define.js';

export const runLine = keystrokeCommand({
	name: 'run-line',
	summary: 'Run the line, with the selected completion',
	shortcuts: [{in: 'palette', keystrokes: ['enter'], label: 'run', footer: 10}],
	press(state, context) {
		const {dialog} = state;
		if (dialog.kind !== 'palette') return noEffects(state);
		const chosen = dialog.selected < 0 ? undefined : completionsOf(dialog, context).candidates[dialog.selected];
		if (!chosen) return run(state, dialog, context);
		const completed = withLine(dialog, completeLine(dialog.line, chosen.text));
		return parseLine(completed.line, context).ok
			? run({...state, dialog: completed}, completed, context)
			: showPalette(state, completed, context);
	},
});

export const complete = keystrokeCommand({
	name: 'complete',
	summary: 'Take the selected completion, or the first one',
	shortcuts: [{in: 'palette', keystrokes: ['tab'], label: 'complete', footer: 20}],
	press(state, context) {
		const {dialog} = state;
		if (dialog.kind !== 'palette') return noEffects(state);
		const chosen = completionsOf(dialog, context).candidates[Math.max(0, dialog.selected)];
		if (!chosen) return noEffects(state);
		return showPalette(state, withLine(dialog, completeLine(dialog.line, chosen.text)), context);
	},
});

export const choose = keystrokeCommand({
	name: 'choose-completion',
	summary: 'Select a completion; on an empty line, walk the history',
	shortcuts: [{in: 'palette', keystrokes: ['up', 'down', 'shift+tab'], shown: '↑↓', label: 'choose', footer: 30}],
	press(state, context, {keystroke}) {
		const {dialog} = state;
		if (dialog.kind !== 'palette') return noEffects(state);
		return noEffects(chooseCompletion(state, dialog, keystroke.name === 'down' ? 1 : -1, context));
	},
});

export const recall = keystrokeCommand({
	name: 'recall-line',
	summary: 'Walk the history of lines',
	shortcuts: [{in: 'palette', keystrokes: ['ctrl+p', 'ctrl+n'], shown: 'Ctrl-P Ctrl-N', label: 'history', footer: 50}],
	press(state, _, {keystroke}) {
		const {dialog} = state;
		if (dialog.kind !== 'palette') return noEffects(state);
		return noEffects(recallLine(state, dialog, keystroke.name === 'ctrl+n' ? 1 : -1));
	},
});

export const backspace = keystrokeCommand({
	name: 'leave-empty-line',
	summary: 'Close the palette when its line is empty',
	shortcuts: [{in: 'palette', keystrokes: ['backspace'], label: 'close'}],
	press(state, context) {
		const prompt = promptOf(state);
		if (!prompt || textOf(prompt.line) === '') return noEffects(closeDialog(state));
		return prompt.change(lineEdits.backspace(prompt.line), context);
	},
});
