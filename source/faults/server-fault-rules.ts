import type {BreakableServer} from './breakable-server.js';
import {type FaultNeed, traitsOf} from './catalogue.js';
import type {ServerFault} from './fault.js';

type Kind = ServerFault['kind'];

/** The servers that a fault needs, and the options that start them. */
const needWords: Readonly<Record<Exclude<FaultNeed, 'clock'>, string>> = {
	replicas: 'a replica: start the program with --private cluster or --private sentinel',
	sentinel: 'Sentinels: start the program with --private sentinel',
	cluster: 'a cluster: start the program with --private cluster',
};

/** The reason why a fault is never possible on a server; undefined if it is. */
export function refusalBy(server: BreakableServer | undefined, kind: Kind): string | undefined {
	if (server === undefined) return notOurs(kind);
	const {needs} = traitsOf(kind);
	if (needs === 'clock')
		return server.clockObstacle && `${kind} needs a server whose clock can be set: ${server.clockObstacle}`;
	if (needs === undefined || isPossible(server, kind)) return undefined;
	return `${kind} needs ${needs === 'sentinel' && isWatched(server) ? sentinelUserWords : needWords[needs]}`;
}

/** Masters are cut off by disabling the ACL user of Sentinels and replicas, which requires a password and Redis 6.2. */
const sentinelUserWords =
	'a Redis 6.2 or newer with a password, and --private sentinel has none while an application uses it (--listen)';

/** True for a server behind Sentinels: only masters of a cluster can give slots away. */
function isWatched({together}: BreakableServer): boolean {
	return together !== undefined && together.reshard === undefined;
}

function isPossible({together}: BreakableServer, kind: Kind): boolean {
	return together !== undefined && kind in together;
}

/** The reason why a fault is refused on a server that this program did not start. */
export function notOurs(kind: Kind): string {
	return `${kind} is available only on a server that this program started, and this one was given by its URL; use a fault of the connection, which works on any server`;
}

/** Faults that leave a server in use, so that it can be broken in another way. */
const leavesInUse: ReadonlySet<string> = new Set(['memory-full', 'clock', 'lag', 'split', 'reshard'] satisfies Kind[]);

/**
 * A process that is dead, frozen or starting cannot have another fault. One that is out of memory can, but must stay the
 * master, so that its limit is restored on the same server. A lagging replica can be promoted.
 */
export function excludes(present: string, wanted: Kind): boolean {
	return present === wanted || !leavesInUse.has(present) || (present === 'memory-full' && wanted === 'failover');
}
