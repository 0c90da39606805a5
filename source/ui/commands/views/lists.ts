import {noEffects} from '../../state/command.js';
import {isScrollScope, motionKeystrokes, motionOf, scrollText} from '../../state/scroll.js';
import {withKeys} from '../../state/slices.js';
import {keystrokeCommand} from '../define.js';
import {isList, listMoves} from './list-moves.js';

const further = 'PgUp, PgDn, g and G go further';

export const move = keystrokeCommand({
	name: 'move',
	summary: 'Move the selection',
	shortcuts: [
		{
			in: 'key-list',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: `Move through the keys; ${further}`,
		},
		{
			in: 'key-tree',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: `Move through the tree; ${further}`,
		},
		{
			in: 'pool',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: `Move through lanes, checkouts and waiting callers, or the connections of an application; ${further}`,
			footer: 60,
		},
		{
			in: 'server',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'scroll',
			help: `Move through the fields; ${further}`,
			footer: 60,
		},
		{
			in: 'fault-list',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: `Move through the faults; ${further}`,
		},
		{
			in: 'drill-list',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: `Move through the drills; ${further}`,
		},
		{
			in: 'log',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: 'Move through the events; this stops following',
		},
		{
			in: 'findings',
			keystrokes: motionKeystrokes,
			shown: '↑↓ jk',
			label: 'move',
			help: `Move through the findings; ${further}`,
			sources: ['application'],
			footer: 60,
		},
		{
			in: 'outage-menu',
			keystrokes: motionKeystrokes,
			shown: '↑↓',
			label: 'choose',
			help: `Move through the faults; ${further}`,
			footer: 20,
		},
		{
			in: 'connections',
			keystrokes: motionKeystrokes,
			shown: '↑↓',
			label: 'choose',
			help: `Move through the connections; ${further}`,
			footer: 20,
		},
	],
	press(state, context, {keystroke, scope}) {
		const motion = motionOf(keystroke.name);
		if (!motion || !isList(scope)) return noEffects(state);
		return listMoves[scope](state, motion, context.viewports[scope], context);
	},
});

/** Keystrokes that scroll where letters are typed or have another meaning. */
const scrollKeystrokes = ['up', 'down', 'pageup', 'pagedown', 'home', 'end'] as const;

export const scroll = keystrokeCommand({
	name: 'scroll',
	summary: 'Scroll the text',
	shortcuts: [
		{
			in: 'help',
			keystrokes: scrollKeystrokes,
			shown: '↑↓ PgUp PgDn',
			label: 'scroll',
			help: 'Scroll the help',
			footer: 20,
		},
		{
			in: 'text',
			keystrokes: motionKeystrokes,
			shown: '↑↓ PgUp PgDn',
			label: 'scroll',
			help: 'Scroll a reply',
			footer: 10,
		},
		{
			in: 'redis',
			keystrokes: ['pageup', 'pagedown'],
			shown: 'PgUp PgDn',
			label: 'scroll',
			help: 'Scroll the replies of Redis',
			footer: 20,
		},
		{
			in: 'explain',
			keystrokes: motionKeystrokes,
			shown: '↑↓',
			label: 'scroll',
			help: 'Scroll an explanation',
			footer: 20,
		},
		{
			in: 'key-value',
			keystrokes: ['pageup', 'pagedown'],
			shown: 'PgUp PgDn',
			label: 'scroll',
			help: 'Scroll the value',
			footer: 6,
		},
	],
	press(state, {viewports}, {keystroke, scope}) {
		const motion = motionOf(keystroke.name);
		if (!motion || !isScrollScope(scope)) return noEffects(state);
		const viewport = viewports[scope];
		const {dialog} = state;
		if (dialog.kind === 'help' || dialog.kind === 'text' || dialog.kind === 'redis' || dialog.kind === 'explain')
			return noEffects({...state, dialog: {...dialog, top: scrollText(motion, dialog.top, viewport)}});
		const {open} = state.keys;
		if (scope !== 'key-value' || !open) return noEffects(state);
		return noEffects(withKeys(state, {open: {...open, top: scrollText(motion, open.top, viewport)}}));
	},
});
