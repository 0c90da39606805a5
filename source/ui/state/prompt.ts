import {type Line, textOf} from '../input/line-editor.js';
import {type Context, noEffects, type Step} from './command.js';
import {fieldsOf} from './faults/fault-settings.js';
import {selectedFault, settingsOf} from './faults/faults-state.js';
import type {Filter} from './filter.js';
import {showPalette, withLine} from './palette/palette.js';
import {typedLine} from './redis/redis-pane.js';
import {withFaults, withKeys, withLog, withServer} from './slices.js';
import type {UiState} from './ui-state.js';

/** The line that typed text goes to. */
export type Prompt = {readonly line: Line; readonly change: (line: Line, context: Context) => Step};

function viewPrompt(state: UiState): Prompt | undefined {
	switch (state.view) {
		case 'keys':
			return keysPrompt(state);
		case 'server':
			return filterPrompt(state.server.filter, (filter) => withServer(state, {filter, selected: 0}));
		case 'log':
			return filterPrompt(state.log.filter, (filter) => withLog(state, {filter}));
		case 'faults':
			return settingPrompt(state);
		case 'overview':
		case 'pool':
		case 'findings':
			return undefined;
	}
}

/** The search in the open value, else the filter of the list. */
function keysPrompt(state: UiState): Prompt | undefined {
	const {open, filter} = state.keys;
	if (open?.filter.isTyping)
		return filterPrompt(open.filter, (changed) => withKeys(state, {open: {...open, filter: changed, top: 0}}));
	return filterPrompt(filter, (changed) => withKeys(state, {filter: changed}));
}

function filterPrompt(filter: Filter, set: (filter: Filter) => UiState): Prompt | undefined {
	if (!filter.isTyping) return undefined;
	return {line: filter.line, change: (line) => noEffects(set({...filter, line}))};
}

/** A parameter of the selected fault, unless it has a fixed set of choices. */
function settingPrompt(state: UiState): Prompt | undefined {
	const {faults} = state;
	const info = selectedFault(faults);
	const field = info && faults.editing && fieldsOf(info)[faults.editing.index];
	if (!info || !faults.editing || !field || field.choices) return undefined;
	const {index, line} = faults.editing;
	const change = (changed: Line) => {
		const settings = {...settingsOf(faults, info), [field.field]: textOf(changed)};
		return noEffects(
			withFaults(state, {settings: {...faults.settings, [info.kind]: settings}, editing: {index, line: changed}}),
		);
	};
	return {line, change};
}

/** The line that is being typed now; undefined when letters start commands. */
export function promptOf(state: UiState): Prompt | undefined {
	const {dialog} = state;
	switch (dialog.kind) {
		case 'none':
			return viewPrompt(state);
		case 'palette':
			return {line: dialog.line, change: (line, context) => showPalette(state, withLine(dialog, line), context)};
		case 'redis':
			return {line: dialog.line, change: (line) => noEffects({...state, dialog: typedLine(dialog, line)})};
		case 'help':
			return {line: dialog.line, change: (line) => noEffects({...state, dialog: {...dialog, line, top: 0}})};
		case 'edit':
		case 'confirm':
			return {line: dialog.line, change: (line) => noEffects({...state, dialog: {...dialog, line}})};
		case 'outage-menu':
		case 'connections':
		case 'explain':
		case 'text':
			return undefined;
	}
}
