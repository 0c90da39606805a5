import {listOf, numberOf, type Sender} from '../sender.js';

/**
 * Keys in one step at most. It keeps the server busy for half a millisecond, most of it for TYPE, PTTL and MEMORY USAGE,
 * which is what another client may wait for. In larger steps more of them are interrupted by other programs where the
 * processors are busy, and get into the slow log.
 */
const mostKeys = 100;

/** Microseconds for each key that a step must stay away from the slow log: about twice what a key takes. */
const keyMicroseconds = 10;

const known = new WeakMap<Sender, Promise<number>>();

/**
 * Keys that one step may describe on a server: fewer where its slow log begins early, so that the steps do not fill it.
 * The setting is asked for once; a user who may not ask gets that of Redis, 10 ms.
 */
export function stepKeys(sender: Sender): Promise<number> {
	const asked = known.get(sender);
	if (asked) return asked;
	const keys = sender.send('CONFIG', ['GET', 'slowlog-log-slower-than']).then(
		(reply) => keysBelow(numberOf(listOf(reply)[1])),
		() => mostKeys,
	);
	known.set(sender, keys);
	return keys;
}

/** @param microseconds Negative: there is no slow log. 0: everything is in it. */
function keysBelow(microseconds: number | undefined): number {
	if (microseconds === undefined || microseconds <= 0) return mostKeys;
	return Math.max(1, Math.min(mostKeys, Math.floor(microseconds / keyMicroseconds)));
}
