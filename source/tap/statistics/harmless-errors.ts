import type {CommandEvent} from '../traffic.js';

/**
 * Commands by which clients greet a server of any version: `SETINFO` (Redis 7.2) tells it the name of their library,
 * `MAINT_NOTIFICATIONS` asks it to announce that it will move. They expect that an older one does not know them.
 */
const greetings: ReadonlySet<string> = new Set(['CLIENT SETINFO', 'CLIENT MAINT_NOTIFICATIONS']);

/** True for an error that every application gets from an older server when it connects, and that means nothing. */
export function isHarmlessError({command, error}: Pick<CommandEvent, 'command' | 'error'>): boolean {
	return error === 'ERR' && greetings.has(command);
}
