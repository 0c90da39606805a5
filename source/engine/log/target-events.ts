import type {TargetEvent} from '../target/target.js';
import type {EventsWriter} from './events-log.js';
import type {FaultEvents} from './fault-events.js';

/** Logs the events of a target's proxy, or of the tap in front of it. */
export function logTargetEvent(event: TargetEvent, faultEvents: FaultEvents, log: EventsWriter): void {
	switch (event.type) {
		case 'tunnel':
			log.add({level: event.level, topic: 'server', text: event.text});
			return;
		case 'added':
			faultEvents.added(event.fault);
			return;
		case 'lifted':
			faultEvents.lifted(event.fault);
			return;
		case 'full': {
			const text = `the proxy has ${event.limit} connections, and refuses more: close some, or connect to the server itself`;
			log.add({level: 'warn', topic: 'fault', text});
			return;
		}
		case 'port taken': {
			const text = `the proxy cannot open its port, and keeps trying: ${event.error.message}`;
			log.add({level: 'error', topic: 'fault', text});
			return;
		}
		case 'long reply': {
			const text = `a reply of more than ${event.limit} bytes names servers, and an application that follows it goes around the proxy`;
			log.add({level: 'warn', topic: 'fault', text});
			return;
		}
		case 'opaque':
			log.add({
				level: 'debug',
				topic: 'fault',
				text: 'a connection through the proxy does not speak the Redis protocol: `error` has no effect on it, and addresses in it stay as they are',
			});
	}
}
