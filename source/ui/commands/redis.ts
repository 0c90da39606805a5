import {noEffects} from '../state/command.js';
import {openRedisPane} from '../state/redis/printed.js';
import {recallCommand, sendLine as send, sendToRedis} from '../state/redis/redis-pane.js';
import {engineCommand, keystrokeCommand} from './define.js';

/** When typed, it opens the Redis pane, where the reply scrolls and the next command can be typed. */
export const redis = engineCommand('redis', {
	shortcuts: [],
	press: noEffects,
	type(state, words) {
		const opened = openRedisPane(state);
		return words.length === 0 ? noEffects(opened) : sendToRedis(opened, words);
	},
});

export const sendLine = keystrokeCommand({
	name: 'send-line',
	summary: 'Send the line to Redis',
	shortcuts: [{in: 'redis', keystrokes: ['enter'], label: 'send', footer: 10}],
	press(state) {
		const {dialog} = state;
		return dialog.kind === 'redis' ? send(state, dialog) : noEffects(state);
	},
});

export const recallCommandOfRedis = keystrokeCommand({
	name: 'recall-redis-command',
	summary: 'Walk the history of commands that were sent to Redis',
	shortcuts: [{in: 'redis', keystrokes: ['up', 'down', 'ctrl+p', 'ctrl+n'], shown: '↑↓', label: 'history', footer: 30}],
	press(state, _, {keystroke}) {
		const {dialog} = state;
		if (dialog.kind !== 'redis') return noEffects(state);
		const isLater = keystroke.name === 'down' || keystroke.name === 'ctrl+n';
		return noEffects(recallCommand(state, dialog, isLater ? 1 : -1));
	},
});
