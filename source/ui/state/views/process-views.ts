import type {Source} from '../../../engine/protocol.js';
import type {ViewName} from '../names.js';

/** Views that need a connection to a Redis. */
export type ViewOfRedis = Extract<ViewName, 'keys' | 'server' | 'faults' | 'findings'>;

const viewsOfRedis: readonly ViewOfRedis[] = ['keys', 'server', 'faults', 'findings'];

/** The view, if it has no data while the screen shows a live process; an explanation is shown instead. */
export const viewElsewhere = (view: ViewName, source: Source | undefined): ViewOfRedis | undefined =>
	source === 'process' ? viewsOfRedis.find((name) => name === view) : undefined;

/** True if an explanation is shown instead of the view. */
export const isElsewhere = (view: ViewName, source: Source | undefined): boolean =>
	viewElsewhere(view, source) !== undefined;

/** Explains how to see this data for the Redis of a live process. @param url URL without credentials. */
export function elsewhereWords(view: ViewOfRedis, url: string): string {
	const withPassword = 'A process does not report its password: add it to the URL, if there is one.';
	switch (view) {
		case 'keys':
			return `Keys and values are read from Redis, but this program is attached to a process, not to its Redis. In another terminal: redis-cache-tui --url ${url}. ${withPassword}`;
		case 'server':
			return `Figures of the server are read from Redis, but this program is attached to a process, not to its Redis. In another terminal: redis-cache-tui --url ${url}. ${withPassword}`;
		case 'faults':
			return `Outages are simulated on connections through this program, and a live process does not use it. Start a tap, redis-cache-tui tap --url ${url}, connect the application to it instead of Redis, and attach as well: then both screens show the outage.`;
		case 'findings':
			return `Findings need the traffic of the application: run redis-cache-tui tap --url ${url}, and connect the application to the tap.`;
	}
}
