import type {Source} from '../../../engine/protocol.js';
import type {ViewName} from '../names.js';

/** Views that show what a Redis says, or what this program does to it. */
export type ViewOfRedis = Extract<ViewName, 'keys' | 'server' | 'faults' | 'findings'>;

const viewsOfRedis: readonly ViewOfRedis[] = ['keys', 'server', 'faults', 'findings'];

/** The view, if it has nothing to show while the screen is about a live process: words stand there. */
export const viewElsewhere = (view: ViewName, source: Source | undefined): ViewOfRedis | undefined =>
	source === 'process' ? viewsOfRedis.find((name) => name === view) : undefined;

/** True if words stand in place of the view. */
export const isElsewhere = (view: ViewName, source: Source | undefined): boolean =>
	viewElsewhere(view, source) !== undefined;

/** The way to see this of the Redis of a live process, in words. @param url Without credentials. */
export function elsewhereWords(view: ViewOfRedis, url: string): string {
	const withPassword = 'A process does not tell its password: put it into the URL, if there is one.';
	switch (view) {
		case 'keys':
			return `Names of keys and values are read from Redis, and this program is attached to a process, not to its Redis. In another terminal: redis-cache-tui --url ${url}. ${withPassword}`;
		case 'server':
			return `Figures of the server are read from Redis, and this program is attached to a process, not to its Redis. In another terminal: redis-cache-tui --url ${url}. ${withPassword}`;
		case 'faults':
			return `Outages are simulated on connections that go through this program, and those of a live process do not. Have the application connect to a tap instead of Redis, redis-cache-tui tap --url ${url}, and attach to it as well: then both screens show the outage.`;
		case 'findings':
			return `Findings are made of what an application sends to Redis: redis-cache-tui tap --url ${url}, and let it connect to the tap.`;
	}
}
