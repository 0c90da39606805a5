import {listOf, numberOf, type Sender} from '../sender.js';
import type {RoundTrip} from './round-trip.js';

/**
 * Keys in one step at most. It keeps the server busy for half a millisecond, most of it for TYPE, PTTL and MEMORY USAGE,
 * which is what another client may wait for.
 */
const mostKeys = 100;

/** Keys in one step at least, unless the slow log begins early: below that the round trips cost more than the keys. */
const leastKeys = 40;

/** Milliseconds by which a step exceeds the shortest one if the server was interrupted, or busy with something else. */
const slowMs = 5;

/** Microseconds for each key that a step must stay away from the slow log: about twice what a key takes. */
const keyMicroseconds = 10;

/** Names that a server finds in the time in which it describes one key. */
const namesForKey = 5;

/** Milliseconds of a round trip for which a step finds as many names as nearby. The farther the server, the more. */
const nearMs = 20;

/** Names in one step at most, however far the server: it keeps the server busy for about 2 ms. */
const mostFarNames = 2000;

/** Microseconds for each name that a large step must stay away from the slow log: about five times what a name takes. */
const nameMicroseconds = 5;

/** Names found in a step from which on it is not worth more: what is found has to be described as well. */
const manyFound = 100;

/**
 * Milliseconds that the trips so far must have taken at least, had all been as short as the shortest: 8 trips of 80 ms, or
 * 64 of 10 ms. On a busy machine most trips take that long, and some do not. Large steps would be interrupted there for so
 * long that they get into the slow log.
 */
const sureMs = 640;

/** True if a server is known to be as far away as its shortest round trip. */
export const isSure = (shortestMs: number, trips: number): boolean => trips * shortestMs > sureMs;

type Trip = Pick<RoundTrip, 'tookMs' | 'isLate'>;

/**
 * Keys in the next step of scans on one server. Where processors are busy, a step is interrupted the more likely the longer
 * it is, and gets into the slow log with the time of all others: so steps become smaller after a slow one, and grow again
 * one key at a time.
 */
export class StepSize {
	readonly #most: number;
	/** Less once a command of ours was in the slow log. */
	#mostFarNames: number;
	#keys: number;
	#farNames: number;
	#shortestMs = Number.POSITIVE_INFINITY;
	#trips = 0;

	/**
	 * @param most Keys in a step at most.
	 * @param farNames Names in a step on a server that is far away, at most. Default: no more than nearby.
	 */
	constructor(most: number, farNames = 0) {
		this.#most = most;
		this.#keys = most;
		this.#mostFarNames = Math.max(this.names, farNames);
		this.#farNames = this.names;
	}

	get keys(): number {
		return this.#keys;
	}

	/** Names in a step that describes no key, at most. */
	get names(): number {
		return this.#most * namesForKey;
	}

	/**
	 * Names in a step that describes no key, where most names are not wanted. From a server that is far away it is the round
	 * trips that take the time.
	 */
	get farNames(): number {
		return this.#farNames;
	}

	/** Milliseconds after which a step is late. */
	get lateMs(): number {
		return this.#shortestMs + slowMs;
	}

	/** Milliseconds after which a step of names is late: on a long way, times differ more. */
	get namesLateMs(): number {
		return 1.5 * this.#shortestMs + slowMs;
	}

	/**
	 * @param trip The step of names.
	 * @param found Names in the reply.
	 */
	noteNames({tookMs, isLate}: Trip, found: number): void {
		this.#shortestMs = Math.min(this.#shortestMs, tookMs);
		this.#trips++;
		const byDistance = isSure(this.#shortestMs, this.#trips) ? (this.names * this.#shortestMs) / nearMs : this.names;
		this.#farNames =
			isLate || found >= manyFound
				? this.names
				: Math.floor(Math.min(this.#mostFarNames, 2 * this.#farNames, Math.max(this.names, byDistance)));
	}

	/** A command of ours was in the slow log: the server is too busy for large steps. */
	noteLogged(): void {
		this.#mostFarNames = this.names;
		this.#farNames = this.names;
		this.#shrink();
	}

	/** @param trip The step. */
	note({tookMs, isLate}: Trip): void {
		this.#shortestMs = Math.min(this.#shortestMs, tookMs);
		if (isLate) this.#shrink();
		else this.#keys = Math.min(this.#most, this.#keys + 1);
	}

	#shrink(): void {
		this.#keys = Math.min(this.#most, Math.max(leastKeys, Math.floor(this.#keys / 2)));
	}
}

const known = new WeakMap<Sender, Promise<StepSize>>();

/**
 * The size of steps on a server: smaller where its slow log begins early, so that they do not fill it. The setting is
 * read once; without the right to read it, Redis's default of 10 ms is used.
 */
export function stepSizeOf(sender: Sender): Promise<StepSize> {
	const asked = known.get(sender);
	if (asked) return asked;
	const size = sender.send('CONFIG', ['GET', 'slowlog-log-slower-than']).then(
		(reply) => sizeBelow(numberOf(listOf(reply)[1])),
		() => new StepSize(mostKeys, mostFarNames),
	);
	known.set(sender, size);
	return size;
}

/** @param microseconds Negative: there is no slow log. 0: everything is in it. */
function sizeBelow(microseconds: number | undefined): StepSize {
	if (microseconds === undefined || microseconds < 0) return new StepSize(mostKeys, mostFarNames);
	if (microseconds === 0) return new StepSize(mostKeys);
	const keys = Math.max(1, Math.min(mostKeys, Math.floor(microseconds / keyMicroseconds)));
	return new StepSize(keys, Math.min(mostFarNames, Math.floor(microseconds / nameMicroseconds)));
}
