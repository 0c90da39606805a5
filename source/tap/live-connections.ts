import type {LiveConnection} from './snapshot.js';
import type {OpenConnection} from './traffic.js';

/** Connections that are listed. */
const maxListed = 100;

/** The open connections: those that wait longest first, then those that have sent most. */
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

/** Milliseconds that a command waits which does not block on purpose; 0 if none does. */
function waitOf({oldest}: OpenConnection, now: number): number {
	return oldest === undefined || oldest.isBlocking ? 0 : now - oldest.sentAt;
}
