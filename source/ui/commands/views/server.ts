import type {KeystrokeName} from '../../input/keystroke.js';
import {askToCount, askToKill, loadReport, toggleSearch, turnTab} from '../../state/views/server-report.js';
import {engineCommand, keystrokeCommand} from '../define.js';

const forward: readonly [KeystrokeName, ...KeystrokeName[]] = ['tab', 'right', 'l'];
const backward: readonly KeystrokeName[] = ['shift+tab', 'left', 'h'];

export const switchTab = keystrokeCommand({
	name: 'switch-tab',
	summary: 'Go to the next tab of the server: slow log, clients, commands, memory, hot keys, copies, settings',
	shortcuts: [{in: 'server', keystrokes: [...forward, ...backward], shown: 'Tab', label: 'tab', footer: 55}],
	press: (state, _, {keystroke}) =>
		turnTab(state, keystroke.name !== undefined && forward.includes(keystroke.name) ? 1 : -1),
});

export const reloadReport = keystrokeCommand({
	name: 'reload-report',
	summary: 'Reload the tab of the server',
	shortcuts: [{in: 'server-report', keystrokes: ['r'], label: 'again', footer: 58}],
	press: loadReport,
});

export const countKeys = engineCommand('hotkeys', {
	shortcuts: [
		{
			in: 'server-hot-keys',
			keystrokes: ['s'],
			label: 'sample',
			help: 'Count for 2 s which keys are used, after a confirmation',
			footer: 56,
		},
	],
	press: askToCount,
});

export const biggest = engineCommand('biggest', {
	shortcuts: [
		{
			in: 'server-memory',
			keystrokes: ['b'],
			label: 'biggest',
			help: 'Search for the biggest keys, or stop',
			footer: 56,
		},
	],
	press: toggleSearch,
});

export const kill = engineCommand('kill', {
	shortcuts: [
		{
			in: 'server-clients',
			keystrokes: ['x'],
			label: 'close',
			help: 'Close the connections of the row, after a confirmation',
			footer: 62,
		},
	],
	press: askToKill,
});
