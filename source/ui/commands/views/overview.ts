import {noEffects} from '../../state/command.js';
import {keyCommand} from '../define.js';

const forward = ['tab', 'right', 'down', 'l', 'j'] as const;
const backward = ['shift+tab', 'left', 'up', 'h', 'k'] as const;

export const focusPanel = keyCommand({
	name: 'focus-panel',
	summary: 'Move the focus between panels; so do the arrows and hjkl',
	shortcuts: [{in: 'overview', keys: [...forward, ...backward], shown: 'Tab', label: 'panel', footer: 70}],
	press(state, {panels}, {key}) {
		const by = (forward as readonly string[]).includes(key.name) ? 1 : -1;
		const at = state.focus === undefined ? -1 : panels.indexOf(state.focus);
		const from = at === -1 && by === -1 ? 0 : at;
		const focus = panels[(from + by + panels.length) % panels.length];
		return noEffects({...state, focus, enlarged: state.enlarged === undefined ? undefined : focus});
	},
});

export const enlargePanel = keyCommand({
	name: 'enlarge-panel',
	summary: 'Enlarge the focused panel to the whole screen, or shrink it',
	shortcuts: [{in: 'overview', keys: ['enter'], label: 'enlarge', footer: 90}],
	press(state, {panels}) {
		const focus = state.focus ?? panels[0];
		return noEffects({...state, focus, enlarged: state.enlarged === undefined ? focus : undefined});
	},
});

export const leavePanel = keyCommand({
	name: 'leave-panel',
	summary: 'Shrink the panel, then remove the focus',
	shortcuts: [{in: 'overview', keys: ['esc'], label: 'back'}],
	press: (state) =>
		noEffects(state.enlarged === undefined ? {...state, focus: undefined} : {...state, enlarged: undefined}),
});
