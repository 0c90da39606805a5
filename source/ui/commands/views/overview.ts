import type {KeystrokeName} from '../../input/keystroke.js';
import {noEffects} from '../../state/command.js';
import {keystrokeCommand} from '../define.js';

const forward: readonly [KeystrokeName, ...KeystrokeName[]] = ['tab', 'right', 'down', 'l', 'j'];
const backward: readonly KeystrokeName[] = ['shift+tab', 'left', 'up', 'h', 'k'];

export const focusPanel = keystrokeCommand({
	name: 'focus-panel',
	summary: 'Move the focus between panels; so do the arrows and hjkl',
	shortcuts: [{in: 'overview', keystrokes: [...forward, ...backward], shown: 'Tab', label: 'panel', footer: 70}],
	press(state, {panels}, {keystroke}) {
		const by = keystroke.name !== undefined && forward.includes(keystroke.name) ? 1 : -1;
		const at = state.focus === undefined ? -1 : panels.indexOf(state.focus);
		const from = at === -1 && by === -1 ? 0 : at;
		const focus = panels[(from + by + panels.length) % panels.length];
		return noEffects({...state, focus, enlarged: state.enlarged === undefined ? undefined : focus});
	},
});

export const enlargePanel = keystrokeCommand({
	name: 'enlarge-panel',
	summary: 'Enlarge the focused panel to the whole screen, or shrink it',
	shortcuts: [{in: 'overview', keystrokes: ['enter'], label: 'enlarge', footer: 90}],
	press(state, {panels}) {
		const focus = state.focus ?? panels[0];
		return noEffects({...state, focus, enlarged: state.enlarged === undefined ? focus : undefined});
	},
});

export const leavePanel = keystrokeCommand({
	name: 'leave-panel',
	summary: 'Shrink the panel, then remove the focus',
	shortcuts: [{in: 'overview', keystrokes: ['esc'], label: 'back'}],
	press: (state) =>
		noEffects(state.enlarged === undefined ? {...state, focus: undefined} : {...state, enlarged: undefined}),
});
