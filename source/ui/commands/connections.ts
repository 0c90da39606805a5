import {noEffects} from '../state/command.js';
import {listConnections, switchConnection} from '../state/connections.js';
import {engineCommand} from './define.js';

export const connections = engineCommand('connections', {
	shortcuts: [
		{
			in: 'everywhere',
			keystrokes: ['c'],
			label: 'connections',
			help: 'Switch to another connection of the configuration file',
			sources: ['cache', 'server', 'application'],
			footer: 110,
		},
	],
	press: listConnections,
	type: listConnections,
});

export const connect = engineCommand('connect', {
	shortcuts: [
		{in: 'connections', keystrokes: ['enter'], label: 'connect', help: 'Switch to the selected connection', footer: 10},
	],
	press: (state) => (state.dialog.kind === 'connections' ? switchConnection(state, state.dialog) : noEffects(state)),
});
