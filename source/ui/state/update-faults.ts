import type {FaultInfo} from '../../faults/catalogue.js';
import type {Keystroke} from '../input/keystroke.js';
import {editLine, lineOf, textOf} from '../input/line-editor.js';
import {argumentsOf, fieldsOf, nextChoice, problemOf, settingOf} from './fault-settings.js';
import type {FaultSettings} from './faults-state.js';
import {type Context, noEffects, type Step, withEffects} from './message.js';
import {moveSelection} from './move.js';
import {refusalOf} from './outage-menu.js';
import type {UiState} from './ui-state.js';

export function updateFaults(state: UiState, key: Keystroke, context: Context): Step | undefined {
	const {faults} = state;
	const isFaults = faults.pane === 'faults';
	const info = isFaults ? context.catalogue[faults.selectedFault] : undefined;
	if (info && faults.editing) return edit(state, info, faults.editing, key, context);
	const drill = isFaults ? undefined : faults.drills[faults.selectedDrill];
	switch (key.name) {
		case 'tab':
		case 'shift+tab':
		case 'left':
		case 'right':
		case 'h':
		case 'l':
			return change(state, {pane: isFaults ? 'drills' : 'faults'});
		case 'enter':
			if (info) return start(state, info, settingsOf(state, info), context);
			return drill ? run(state, 'drill', [drill.name]) : noEffects(state);
		case 'e':
			return info && fieldsOf(info).length > 0 ? goTo(state, info, 0) : noEffects(state);
		case 'u':
			return info ? run(state, 'heal', [info.kind]) : noEffects(state);
		case 'x':
			return context.snapshot?.drill?.state === 'running' ? run(state, 'drill', ['stop']) : run(state, 'heal', []);
		default: {
			const count = isFaults ? context.catalogue.length : faults.drills.length;
			const selected = moveSelection(key.name, isFaults ? faults.selectedFault : faults.selectedDrill, count, 8);
			if (selected === undefined) return undefined;
			return change(state, isFaults ? {selectedFault: selected} : {selectedDrill: selected});
		}
	}
}

/** As if it had been typed. */
export function pasteIntoFault(state: UiState, text: string, context: Context): Step {
	const info = context.catalogue[state.faults.selectedFault];
	const {editing} = state.faults;
	if (!info || !editing) return noEffects(state);
	return edit(state, info, editing, {name: text, text}, context);
}

const settingsOf = ({faults}: UiState, info: FaultInfo): FaultSettings => faults.settings[info.kind] ?? {};

function change(state: UiState, part: Partial<UiState['faults']>): Step {
	return noEffects({...state, faults: {...state.faults, ...part}});
}

function run(state: UiState, name: string, args: readonly string[]): Step {
	const call = {name, args};
	return withEffects({...state, reply: {kind: 'waiting', call}}, {type: 'run', purpose: 'menu', call});
}

/** Starts it as set; what cannot be started is said where it is set. */
function start(state: UiState, info: FaultInfo, settings: FaultSettings, context: Context): Step {
	if (refusalOf(info, context) !== undefined || problemOf(info, settings) !== undefined) return noEffects(state);
	return run(state, 'outage', argumentsOf(info, settings));
}

/** To a parameter; what it is set to can be typed over. */
function goTo(state: UiState, info: FaultInfo, index: number): Step {
	const fields = fieldsOf(info);
	const at = Math.min(fields.length - 1, Math.max(0, index));
	const field = fields[at];
	if (!field) return noEffects(state);
	return change(state, {editing: {index: at, line: lineOf(settingOf(field, settingsOf(state, info)))}});
}

function withValue(state: UiState, info: FaultInfo, field: string, value: string): UiState {
	const settings = {...settingsOf(state, info), [field]: value};
	return {...state, faults: {...state.faults, settings: {...state.faults.settings, [info.kind]: settings}}};
}

function edit(
	state: UiState,
	info: FaultInfo,
	{index, line}: NonNullable<UiState['faults']['editing']>,
	key: Keystroke,
	context: Context,
): Step {
	const field = fieldsOf(info)[index];
	const left: UiState = {...state, faults: {...state.faults, editing: undefined}};
	if (!field) return noEffects(left);
	switch (key.name) {
		case 'esc':
			return noEffects(left);
		case 'up':
		case 'shift+tab':
			return goTo(state, info, index - 1);
		case 'down':
		case 'tab':
			return goTo(state, info, index + 1);
		case 'enter': {
			const settings = settingsOf(state, info);
			return problemOf(info, settings) === undefined ? start(left, info, settings, context) : noEffects(state);
		}
	}
	if (field.choices) {
		const by = key.name === 'left' ? -1 : key.name === 'right' || key.name === ' ' ? 1 : undefined;
		if (by === undefined) return noEffects(state);
		return goTo(withValue(state, info, field.field, nextChoice(field.choices, textOf(line), by)), info, index);
	}
	const edited = editLine(line, key);
	if (!edited) return noEffects(state);
	const typed = withValue(state, info, field.field, textOf(edited));
	return change(typed, {editing: {index, line: edited}});
}
