import type {InfoSections} from '../../info/info-sections.js';

/** Clients send two CLIENT SETINFO commands when they connect: name and version of their library. */
const perConnection = 2;

/**
 * Number of error replies that new connections may have got for CLIENT SETINFO, which a server before Redis 7.2 does not know.
 * INFO counts them with all other errors that begin with ERR. They are harmless, since clients ignore them.
 *
 * @param connections Number of new connections in the same span of time.
 */
export function unknownGreetings(connections: number, {server}: InfoSections): number {
	const [major = Number.NaN, minor = 0] = (server?.redis_version ?? '').split('.').map(Number);
	return major < 7 || (major === 7 && minor < 2) ? perConnection * connections : 0;
}
