import {type CommandName, specOf} from '../specs/command-specs.js';

/**
 * The reason why a live process cannot execute a command; undefined if it can. @param url URL of its Redis, without
 * credentials.
 */
export function unfitCommand(name: CommandName, url: string): string | undefined {
	switch (specOf(name).group) {
		case 'cache':
			return undefined;
		case 'outage':
			return `${name} breaks connections that go through this program, and those of a live process do not: use redis-cache-tui tap --url ${url}`;
		case 'workload':
		case 'pool':
			return `${name} is for the traffic of this program, and a live process has its own`;
		case 'screen':
			return `${name} is for a Redis of this program: use redis-cache-tui attach <name> --once --json`;
		case 'server':
			return `${name} asks Redis itself, whose password only the process knows: use redis-cache-tui --url ${url}`;
	}
}
