import type {BreakableServer} from './breakable-server.js';
import type {ServerFault} from './fault.js';

type Kind = ServerFault['kind'];

/** Why a fault is never possible on a server; undefined if it is. */
export function refusalBy(server: BreakableServer | undefined, kind: Kind): string | undefined {
	if (server === undefined) return notOurs(kind);
	if (kind !== 'failover' || server.failover !== undefined) return undefined;
	return 'failover needs a replica, and this server has none: start the program with --private cluster or --private sentinel';
}

/** Why a fault is refused on a server that this program did not start. */
export function notOurs(kind: Kind): string {
	return `${kind} is only done to a server that this program started, and this one was given by its URL; use a fault on the wire, which works on any server`;
}

/**
 * A process that is dead, frozen or starting cannot be broken in another way. One that is out of memory can, but stays
 * the master, so that its limit is restored where it was lowered.
 */
export function excludes(present: string, wanted: Kind): boolean {
	return present === wanted || present !== 'memory-full' || wanted === 'failover';
}
