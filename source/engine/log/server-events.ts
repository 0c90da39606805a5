import type {ActivityEvents} from '../../inspect/server/activity/server-activity.js';
import {formatElapsed} from '../../text/duration.js';
import type {Target} from '../target/target.js';
import type {EventsWriter} from './events-log.js';

const quiet: ActivityEvents = {onChange: () => undefined, onProblem: () => () => undefined};

/**
 * Logs changes of a server, and its problems from beginning to end.
 *
 * @param target Changes of a server that this program started are its own, and are logged as such.
 */
export function serverEvents(log: EventsWriter, {server}: Pick<Target, 'server'>): ActivityEvents {
	if (server) return quiet;
	return {
		onChange: ({level, text}) => void log.add({level, topic: 'server', text}),
		onProblem({id, text, since, level}) {
			// A restart is already logged as a change.
			if (id === 'restarted') return () => undefined;
			const event = log.open({level: level === 'bad' ? 'error' : 'warn', topic: 'server', text});
			return (endedAt) => event.update(`${text}; over after ${formatElapsed(Math.max(0, endedAt - since))}`, 'info');
		},
	};
}
