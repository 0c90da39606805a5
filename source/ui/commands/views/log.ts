import {noEffects} from '../../state/command.js';
import {withLog} from '../../state/slices.js';
import {eventText} from '../../state/views/event-text.js';
import {levels, selectedEvent, visibleEvents} from '../../state/views/log-state.js';
import {keystrokeCommand} from '../define.js';

export const changeLevel = keystrokeCommand({
	name: 'log-level',
	summary: 'Show events from level debug, info, warn or error on',
	shortcuts: [{in: 'log', keystrokes: ['v'], label: 'level', footer: 60}],
	press: (state) =>
		noEffects(withLog(state, {level: levels[(levels.indexOf(state.log.level) + 1) % levels.length] ?? 'info'})),
});

export const follow = keystrokeCommand({
	name: 'follow-log',
	summary: 'Follow the newest events',
	shortcuts: [{in: 'log', keystrokes: ['f'], label: 'follow', footer: 70}],
	press: (state) => noEffects(withLog(state, {selected: undefined})),
});

export const showEvent = keystrokeCommand({
	name: 'show-event',
	summary: 'Show the selected event, or the newest one, in full',
	shortcuts: [{in: 'log', keystrokes: ['enter'], label: 'in full', footer: 80}],
	press(state, context) {
		const events = visibleEvents(context, state.log);
		const event = events[selectedEvent(events, state.log)];
		if (!event) return noEffects(state);
		return noEffects({...state, dialog: {kind: 'text', title: `Event ${event.id}`, lines: eventText(event), top: 0}});
	},
});
