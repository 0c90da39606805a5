import type {InfoSections} from '../../info/info-sections.js';

/** Clients send their name and their version to the server, each by a CLIENT SETINFO. */
const perConnection = 2;

/**
 * Error replies that new connections may have got for greetings that a server before Redis 7.2 does not know. INFO
 * counts them among all others that begin with ERR. They are harmless: clients ignore them.
 *
 * @param connections New connections of the same time.
 */
export function unknownGreetings(connections: number, {server}: InfoSections): number {
	const [major = Number.NaN, minor = 0] = (server?.redis_version ?? '').split('.').map(Number);
	return major < 7 || (major === 7 && minor < 2) ? perConnection * connections : 0;
}
