import {listOf, numberOf, type Sender} from '../sender.js';

/**
 * Keys in one step at most. It keeps the server busy for half a millisecond, most of it for TYPE, PTTL and MEMORY USAGE,
 * which is what another client may wait for.
 */
const mostKeys = 100;

/** Keys in one step at least, unless the slow log begins early: below that the round trips cost more than the keys. */
const leastKeys = 40;

/** Milliseconds longer than the shortest one that a step takes if another program has interrupted it, here or there. */
const slowMs = 5;

/** Microseconds for each key that a step must stay away from the slow log: about twice what a key takes. */
const keyMicroseconds = 10;

/** Names that a server finds in the time in which it describes one key. */
const namesForKey = 5;

/**
 * Keys in the next step of scans on one server. Where processors are busy, a step is interrupted the more likely the longer
 * it is, and gets into the slow log with the time of all others: so steps become smaller after a slow one, and grow again
 * one key at a time.
 */
export class StepSize {
	readonly #most: number;
	#keys: number;
	#shortestMs = Number.POSITIVE_INFINITY;

	/** @param most Keys in a step at most. */
	constructor(most: number) {
		this.#most = most;
		this.#keys = most;
	}

	get keys(): number {
		return this.#keys;
	}

	/** Names in a step that describes no key, at most. */
	get names(): number {
		return this.#most * namesForKey;
	}

	/** @param tookMs Milliseconds from the request for a step to its reply. */
	note(tookMs: number): void {
		this.#shortestMs = Math.min(this.#shortestMs, tookMs);
		const isSlow = tookMs > this.#shortestMs + slowMs;
		this.#keys = isSlow
			? Math.min(this.#most, Math.max(leastKeys, Math.floor(this.#keys / 2)))
			: Math.min(this.#most, this.#keys + 1);
	}
}

const known = new WeakMap<Sender, Promise<StepSize>>();

/**
 * The size of steps on a server: smaller where its slow log begins early, so that they do not fill it. The setting is
 * asked for once; a user who may not ask gets that of Redis, 10 ms.
 */
export function stepSizeOf(sender: Sender): Promise<StepSize> {
	const asked = known.get(sender);
	if (asked) return asked;
	const size = sender.send('CONFIG', ['GET', 'slowlog-log-slower-than']).then(
		(reply) => new StepSize(keysBelow(numberOf(listOf(reply)[1]))),
		() => new StepSize(mostKeys),
	);
	known.set(sender, size);
	return size;
}

/** @param microseconds Negative: there is no slow log. 0: everything is in it. */
function keysBelow(microseconds: number | undefined): number {
	if (microseconds === undefined || microseconds <= 0) return mostKeys;
	return Math.max(1, Math.min(mostKeys, Math.floor(microseconds / keyMicroseconds)));
}
