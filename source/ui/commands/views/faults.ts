import type {CommandCall} from '../../../engine/specs/command-calls.js';
import type {FaultInfo} from '../../../faults/catalogue.js';
import {lineOf, textOf} from '../../input/line-editor.js';
import {lineOfCall} from '../../input/split-command.js';
import {drillText} from '../../rows/faults/drill-rows.js';
import {type Context, noEffects, type Step} from '../../state/command.js';
import {argumentsOf, fieldsOf, nextChoice, problemOf, settingOf} from '../../state/faults/fault-settings.js';
import {selectedDrill, selectedFault, settingsOf} from '../../state/faults/faults-state.js';
import {
	callOf,
	faultDurations,
	nodeChoices,
	type OutageChoices,
	type OutageItem,
	outageItems,
	refusalOf,
} from '../../state/faults/outage-menu.js';
import {openPalette} from '../../state/palette/palette.js';
import {runAndShow} from '../../state/reply.js';
import {withFaults} from '../../state/slices.js';
import {closeDialog, type UiState, withAnswer} from '../../state/ui-state.js';
import {engineCommand, keystrokeCommand} from '../define.js';

/** True if there are several nodes, so that a fault can be limited to one. */
const hasNodes = ({snapshot}: Context): boolean => (snapshot?.target.nodes ?? []).length > 0;

export const switchPane = keystrokeCommand({
	name: 'switch-pane',
	summary: 'Switch between faults and drills',
	shortcuts: [
		{
			in: 'faults',
			keystrokes: ['tab', 'shift+tab', 'left', 'right', 'h', 'l'],
			shown: 'Tab',
			label: 'faults/drills',
			footer: 60,
		},
	],
	press: (state) => noEffects(withFaults(state, {pane: state.faults.pane === 'faults' ? 'drills' : 'faults'})),
});

/** Starts the selected fault with its settings. If it cannot start, the settings stay open, where the reason is shown. */
function startFault(state: UiState, context: Context): Step {
	const info = selectedFault(state.faults);
	if (!info) return noEffects(state);
	const settings = settingsOf(state.faults, info);
	if (problemOf(info, settings) !== undefined || refusalOf(info, context.snapshot?.target) !== undefined)
		return noEffects(state);
	return runAndShow(withFaults(state, {editing: undefined}), {name: 'outage', args: argumentsOf(info, settings)});
}

function selectedItem(state: UiState, context: Context): (OutageChoices & {readonly item: OutageItem}) | undefined {
	const {dialog} = state;
	if (dialog.kind !== 'outage-menu') return undefined;
	const items = outageItems(context.snapshot);
	const item = items[Math.min(dialog.selected, items.length - 1)];
	return item && {item, lasting: dialog.lasting, node: dialog.node};
}

function selectedCall(state: UiState, context: Context): CommandCall<'heal' | 'outage'> | undefined {
	const selected = selectedItem(state, context);
	return selected && callOf(selected.item, selected);
}

export const outage = engineCommand('outage', {
	shortcuts: [
		{in: 'fault-list', keystrokes: ['enter'], label: 'start', help: 'Start the fault with its settings', footer: 50},
		{
			in: 'fault-settings',
			keystrokes: ['enter'],
			label: 'start',
			help: 'Start the fault with its settings',
			footer: 10,
		},
		{
			in: 'outage-menu',
			keystrokes: ['enter'],
			label: 'start or heal',
			help: 'Start the selected fault, or lift it',
			footer: 10,
		},
	],
	press(state, context, {scope}) {
		if (scope !== 'outage-menu') return startFault(state, context);
		const call = selectedCall(state, context);
		return call ? runAndShow(closeDialog(state), call) : noEffects(state);
	},
});

export const changeDuration = keystrokeCommand({
	name: 'change-duration',
	summary: 'Change how long the outage lasts',
	shortcuts: [{in: 'outage-menu', keystrokes: ['left', 'right', 'h', 'l'], shown: '←→', label: 'duration', footer: 30}],
	press(state, _, {keystroke}) {
		const {dialog} = state;
		if (dialog.kind !== 'outage-menu') return noEffects(state);
		const by = keystroke.name === 'left' || keystroke.name === 'h' ? faultDurations.length - 1 : 1;
		return noEffects({...state, dialog: {...dialog, lasting: (dialog.lasting + by) % faultDurations.length}});
	},
});

export const changeNode = keystrokeCommand({
	name: 'change-node',
	summary: 'Change the node of the cluster, or the server behind Sentinel, for the outage',
	shortcuts: [{in: 'outage-menu', keystrokes: ['n'], label: 'node'}],
	press(state, {snapshot}) {
		const {dialog} = state;
		if (dialog.kind !== 'outage-menu') return noEffects(state);
		const choices = nodeChoices(snapshot);
		const next = choices[(choices.indexOf(dialog.node) + 1) % choices.length] ?? '';
		return noEffects({...state, dialog: {...dialog, node: next}});
	},
});

export const editOutage = keystrokeCommand({
	name: 'edit-outage',
	summary: 'Edit the command of the selected fault in the palette',
	shortcuts: [{in: 'outage-menu', keystrokes: ['e'], label: 'edit', footer: 40}],
	press(state, context) {
		const call = selectedCall(state, context);
		return noEffects(call ? openPalette(state, `${lineOfCall(call)} `) : state);
	},
});

export const heal = engineCommand('heal', {
	shortcuts: [
		{
			in: 'fault-list',
			keystrokes: ['u'],
			label: 'lift it',
			help: 'Lift the selected fault; other faults stay active',
			footer: 50,
		},
		{
			in: 'faults',
			keystrokes: ['x'],
			label: 'heal all',
			help: 'Lift all faults, or stop the running drill',
			footer: 80,
		},
	],
	press(state, {snapshot}, {keystroke}) {
		if (keystroke.name === 'u') {
			const info = selectedFault(state.faults);
			return info ? runAndShow(state, {name: 'heal', args: [info.kind]}) : noEffects(state);
		}
		const isDrill = snapshot?.drill?.state === 'running';
		return isDrill ? runAndShow(state, {name: 'drill', args: ['stop']}) : runAndShow(state, {name: 'heal', args: []});
	},
});

export const drill = engineCommand('drill', {
	shortcuts: [{in: 'drill-list', keystrokes: ['enter'], label: 'run', help: 'Run the selected drill', footer: 50}],
	press(state) {
		const selected = selectedDrill(state.faults);
		return selected ? runAndShow(state, {name: 'drill', args: [selected.name]}) : noEffects(state);
	},
});

export const showDrill = keystrokeCommand({
	name: 'show-drill',
	summary: 'Show the result of the last drill in full: expectations, probes, and the connections of the application',
	shortcuts: [{in: 'faults', keystrokes: ['r'], label: 'result', footer: 75}],
	press(state, {snapshot, now}) {
		const last = snapshot?.drill;
		if (!last?.report) return noEffects(withAnswer(state, false, 'no drill has ended yet', now));
		const title = `Drill ${last.name}: ${last.state}`;
		return noEffects({...state, dialog: {kind: 'text', title, lines: drillText(last, last.report), top: 0}});
	},
});

/** Starts setting a parameter; its value can be typed over. */
function editField(state: UiState, context: Context, info: FaultInfo, index: number): Step {
	const fields = fieldsOf(info, hasNodes(context));
	const at = Math.min(fields.length - 1, Math.max(0, index));
	const field = fields[at];
	if (!field) return noEffects(state);
	const line = lineOf(settingOf(field, settingsOf(state.faults, info)));
	return noEffects(withFaults(state, {editing: {index: at, line}}));
}

export const editSettings = keystrokeCommand({
	name: 'edit-settings',
	summary: 'Set the parameters of the fault, and its duration',
	shortcuts: [{in: 'fault-list', keystrokes: ['e'], label: 'edit', footer: 70}],
	press(state, context) {
		const info = selectedFault(state.faults);
		return info ? editField(state, context, info, 0) : noEffects(state);
	},
});

export const leaveSettings = keystrokeCommand({
	name: 'leave-settings',
	summary: 'Keep the settings and go back to the list',
	shortcuts: [{in: 'fault-settings', keystrokes: ['esc'], label: 'back', footer: 20}],
	press: (state) => noEffects(withFaults(state, {editing: undefined})),
});

export const nextField = keystrokeCommand({
	name: 'next-setting',
	summary: 'Go to the next or the previous parameter',
	shortcuts: [
		{
			in: 'fault-settings',
			keystrokes: ['down', 'tab', 'up', 'shift+tab'],
			shown: '↑↓',
			label: 'next',
			help: 'Go to the next or the previous parameter; so does Tab',
			footer: 30,
		},
	],
	press(state, context, {keystroke}) {
		const info = selectedFault(state.faults);
		const {editing} = state.faults;
		if (!info || !editing) return noEffects(state);
		return editField(
			state,
			context,
			info,
			editing.index + (keystroke.name === 'up' || keystroke.name === 'shift+tab' ? -1 : 1),
		);
	},
});

export const chooseSetting = keystrokeCommand({
	name: 'choose-setting',
	summary: 'Choose the value of the parameter',
	shortcuts: [
		{
			in: 'fault-choice',
			keystrokes: ['left', 'right', ' '],
			shown: '←→',
			label: 'choose',
			help: 'Choose the next or the previous value; so does Space',
			footer: 40,
		},
	],
	press(state, context, {keystroke}) {
		const {faults} = state;
		const info = selectedFault(faults);
		const {editing} = faults;
		const field = info && editing && fieldsOf(info)[editing.index];
		if (!info || !editing || !field?.choices) return noEffects(state);
		const value = nextChoice(field.choices, textOf(editing.line), keystroke.name === 'left' ? -1 : 1);
		const settings = {...faults.settings, [info.kind]: {...settingsOf(faults, info), [field.field]: value}};
		return editField(withFaults(state, {settings}), context, info, editing.index);
	},
});
