import type {LiveConnection} from './snapshot.js';
import type {OpenConnection} from './traffic.js';

/** Most connections that are listed. */
const maxListed = 100;

/** The open connections, sorted by the longest current wait, then by the number of commands. */
export function liveConnections(open: readonly OpenConnection[], now: number): readonly LiveConnection[] {
	return [...open]
		.sort((one, other) => waitOf(other, now) - waitOf(one, now) || other.commands - one.commands)
		.slice(0, maxListed)
		.map((connection) => {
			const {openedAt, oldest, longestMs} = connection;
			return {
				...connection,
				openedAt: Math.round(performance.timeOrigin + openedAt),
				oldest: oldest && {command: oldest.command, waitMs: now - oldest.sentAt, isBlocking: oldest.isBlocking},
				longestMs: Math.max(longestMs, waitOf(connection, now)),
			};
		});
}

/** Milliseconds that the oldest command has waited; 0 if there is none, or it is a blocking one. */
function waitOf({oldest}: OpenConnection, now: number): number {
	return oldest === undefined || oldest.isBlocking ? 0 : now - oldest.sentAt;
}
