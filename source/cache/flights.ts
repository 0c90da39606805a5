import {localNow} from './server-clock.js';

/** A load under way in this process. Callers share it for as long as nothing says that its key changed since it began. */
export type Flight = {
	/** The lease in Redis under which it runs; `undefined` while it is being asked for; 0: it runs without one. */
	token: number | undefined;
	/** Whether its result may still be kept. Cleared when this process changes the key. */
	valid: boolean;
	/** Whether callers who come now may still join: not while it reads what will be its result. */
	open: boolean;
	readonly startedAt: number;
	readonly promise: Promise<unknown>;
	readonly controller: AbortController;
};

/** Loads under way, one for each key: single flight. */
export class Flights {
	readonly #flights = new Map<string, Flight>();

	get size(): number {
		return this.#flights.size;
	}

	get(physical: string): Flight | undefined {
		return this.#flights.get(physical);
	}

	/** Starts a load that later callers of the same key may join, until it has settled. */
	start(physical: string, work: (flight: Flight) => Promise<unknown>): Flight {
		const controller = new AbortController();
		const flight: {-readonly [K in keyof Flight]: Flight[K]} = {
			token: undefined,
			valid: true,
			open: true,
			startedAt: localNow(),
			promise: Promise.resolve(),
			controller,
		};
		this.#flights.set(physical, flight);
		flight.promise = work(flight).finally(() => {
			if (this.#flights.get(physical) === flight) this.#flights.delete(physical);
		});
		// Callers that gave up no longer listen; a rejection is theirs, not the process's.
		flight.promise.catch(() => {});
		return flight;
	}

	/** The key changed: those who wait get what they asked for, later callers start a new load, and nothing is kept. */
	detach(physical: string): void {
		const flight = this.#flights.get(physical);
		if (flight === undefined) return;
		flight.valid = false;
		this.#flights.delete(physical);
	}

	detachAll(entryPrefix: string): void {
		for (const physical of this.#flights.keys()) {
			if (physical.startsWith(entryPrefix)) this.detach(physical);
		}
	}

	/** Ends every load: the cache closes. */
	abort(reason: Error): void {
		for (const flight of this.#flights.values()) {
			flight.valid = false;
			flight.controller.abort(reason);
		}
	}
}
