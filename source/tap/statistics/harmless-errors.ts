import type {CommandEvent} from '../traffic.js';

/**
 * Commands that clients send to a server of any version when they connect: `SETINFO` (Redis 7.2) sends the name of the
 * library, `MAINT_NOTIFICATIONS` subscribes to maintenance notifications. Clients expect that an older server does not
 * know them.
 */
const greetings: ReadonlySet<string> = new Set(['CLIENT SETINFO', 'CLIENT MAINT_NOTIFICATIONS']);

/** True for an error that every application gets from an older server when it connects, which is not a problem. */
export function isHarmlessError({command, error}: Pick<CommandEvent, 'command' | 'error'>): boolean {
	return error === 'ERR' && greetings.has(command);
}
