import {listOf, numberOf, type Sender} from '../sender.js';
import type {RoundTrip} from './round-trip.js';

/**
 * Maximum number of keys in one step. Such a step blocks other clients for half a millisecond, mostly because of TYPE, PTTL and
 * MEMORY USAGE.
 */
const mostKeys = 100;

/** Minimum number of keys in one step, unless the slow log threshold is low: with fewer, round trips cost more than the keys. */
const leastKeys = 40;

/** A step that takes this much longer than the shortest one, in milliseconds, shows that the server was interrupted or busy. */
const slowMs = 5;

/** Microseconds per key that are assumed to keep a step out of the slow log: about twice the real time. */
const keyMicroseconds = 10;

/** Number of names that a server finds in the time that it needs to describe one key. */
const namesForKey = 5;

/** Round-trip time in milliseconds up to which a step has the usual number of names. With a longer one, steps are larger. */
const nearMs = 20;

/** Maximum number of names in one step, however far the server is: such a step blocks other clients for about 2 ms. */
const mostFarNames = 2000;

/** Microseconds per name that are assumed to keep a large step out of the slow log: about five times the real time. */
const nameMicroseconds = 5;

/** Number of found names from which on larger steps bring no gain, since each found key has to be described as well. */
const manyFound = 100;

/**
 * Minimum of the number of round trips so far times the shortest one, in milliseconds, for a server to count as far away: 8
 * round trips of 80 ms, or 64 of 10 ms. On a busy machine most round trips are long, but some are not. There, large steps would
 * be interrupted for so long that they get into the slow log.
 */
const sureMs = 640;

/** True if enough round trips were made to trust the shortest one as the distance of the server. */
export const isSure = (shortestMs: number, trips: number): boolean => trips * shortestMs > sureMs;

type Trip = Pick<RoundTrip, 'tookMs' | 'isLate'>;

/**
 * Keys in the next step of scans on one server. On a machine with busy processors, a longer step is more likely to be
 * interrupted, and gets into the slow log with the time of the interruption. So steps become smaller after a slow one, and grow
 * again by one key at a time.
 */
export class StepSize {
	readonly #most: number;
	/** Reduced once a command of this program was in the slow log. */
	#mostFarNames: number;
	#keys: number;
	#farNames: number;
	#shortestMs = Number.POSITIVE_INFINITY;
	#trips = 0;

	/**
	 * @param most Maximum number of keys in a step.
	 * @param farNames Maximum number of names in a step on a server that is far away. Default: as on one that is near.
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

	/** Maximum number of names in a step that describes no keys. */
	get names(): number {
		return this.#most * namesForKey;
	}

	/**
	 * Maximum number of names in a step that describes no keys, and of which most are not wanted. On a server that is far away
	 * it is larger, since most time is spent on round trips.
	 */
	get farNames(): number {
		return this.#farNames;
	}

	/** Milliseconds after which a step is late. */
	get lateMs(): number {
		return this.#shortestMs + slowMs;
	}

	/** Milliseconds after which a step of names is late. Over long distances, round-trip times vary more. */
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

	/** A command of this program was in the slow log: the server is too busy for large steps. */
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
 * The size of steps on a server: smaller if the threshold of its slow log is low, so that steps do not fill it. The setting is
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

/** @param microseconds `slowlog-log-slower-than`. Negative: the slow log is off. 0: it contains all commands. */
function sizeBelow(microseconds: number | undefined): StepSize {
	if (microseconds === undefined || microseconds < 0) return new StepSize(mostKeys, mostFarNames);
	if (microseconds === 0) return new StepSize(mostKeys);
	const keys = Math.max(1, Math.min(mostKeys, Math.floor(microseconds / keyMicroseconds)));
	return new StepSize(keys, Math.min(mostFarNames, Math.floor(microseconds / nameMicroseconds)));
}
