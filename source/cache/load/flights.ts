import {localNow} from '../support/server-clock.js';
import {LazyAbortController} from './lazy-abort-controller.js';

/** A load under way in this process. Callers share it for as long as nothing says that its key changed since it began. */
export type Flight = {
	/** The lease in Redis under which it runs; `undefined` while it is being asked for; 0: it runs without one. */
	token: number | undefined;
	/** Whether its result may still be kept. Cleared when this process changes the key. */
	valid: boolean;
	/** Whether callers who come now may still join: not while it reads what will be its result. */
	open: boolean;
	readonly startedAt: number;
	/** State of the change log when the loader was called. */
	sequence: number;
	/** What its callers get. */
	readonly promise: Promise<unknown>;
	/** What goes on after they got it: the flight may be joined until this has settled, too. Never rejects. */
	afterwards: Promise<void> | undefined;
	readonly ending: LazyAbortController;
};

/**
 * Loads under way. Usually one for each key: single flight. Where later callers could not join it, another runs beside it;
 * the latest is the one that is offered, and a change of the key concerns them all.
 */
export class Flights {
	readonly #flights = new Map<string, Flight[]>();
	/** Every load that has not settled, also those whose key has changed since they began. */
	readonly #unsettled = new Set<Flight>();

	/** Loads that have not settled. */
	get size(): number {
		return this.#unsettled.size;
	}

	get(physical: string): Flight | undefined {
		return this.#flights.get(physical)?.at(-1);
	}

	/** Starts a load that later callers of the same key may join, until it has settled. */
	start(physical: string, work: (flight: Flight) => Promise<unknown>): Flight {
		const flight: {-readonly [K in keyof Flight]: Flight[K]} = {
			token: undefined,
			valid: true,
			open: true,
			startedAt: localNow(),
			sequence: 0,
			promise: Promise.resolve(),
			afterwards: undefined,
			ending: new LazyAbortController(),
		};
		const running = this.#flights.get(physical);
		if (running === undefined) this.#flights.set(physical, [flight]);
		else running.push(flight);
		this.#unsettled.add(flight);
		flight.promise = work(flight);
		// Callers that gave up no longer listen; a rejection is theirs, not the process's.
		void flight.promise
			.catch(() => {})
			.then(() => flight.afterwards)
			.then(() => this.#remove(physical, flight));
		return flight;
	}

	/** The key changed: those who wait get what they asked for, later callers start a new load, and nothing is kept. */
	detach(physical: string): void {
		const running = this.#flights.get(physical);
		if (running === undefined) return;
		for (const flight of running) flight.valid = false;
		this.#flights.delete(physical);
	}

	detachAll(entryPrefix: string): void {
		for (const physical of this.#flights.keys()) {
			if (physical.startsWith(entryPrefix)) this.detach(physical);
		}
	}

	/** Ends every load: the cache closes. */
	abort(reason: Error): void {
		for (const flight of this.#unsettled) {
			flight.valid = false;
			flight.ending.end(reason);
		}
	}

	#remove(physical: string, flight: Flight): void {
		this.#unsettled.delete(flight);
		const running = this.#flights.get(physical);
		const place = running?.indexOf(flight) ?? -1;
		if (running === undefined || place < 0) return;
		if (running.length === 1) this.#flights.delete(physical);
		else running.splice(place, 1);
	}
}
