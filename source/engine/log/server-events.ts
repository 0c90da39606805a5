import type {ActivityEvents} from '../../inspect/server/activity/server-activity.js';
import {formatElapsed} from '../../text/duration.js';
import type {Target} from '../target/target.js';
import type {EventsWriter} from './events-log.js';

const quiet: ActivityEvents = {onChange: () => undefined, onProblem: () => () => undefined};

/**
 * Logs what changes on a server, and its problems from their beginning to their end.
 *
 * @param target What happens to a server that this program started is its own doing, and is logged as such.
 */
export function serverEvents(log: EventsWriter, {server}: Pick<Target, 'server'>): ActivityEvents {
	if (server) return quiet;
	return {
		onChange: ({level, text}) => void log.add({level, topic: 'server', text}),
		onProblem({id, text, since, level}) {
			// It is logged as a change.
			if (id === 'restarted') return () => undefined;
			const event = log.open({level: level === 'bad' ? 'error' : 'warn', topic: 'server', text});
			return (endedAt) => event.update(`${text}; over after ${formatElapsed(Math.max(0, endedAt - since))}`, 'info');
		},
	};
}
