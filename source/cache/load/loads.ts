import type {EntryOptions} from '../api/types.js';
import type {CacheCore} from '../core.js';
import type {Tracing} from '../observe/tracing.js';
import {checkEntryOptions} from '../options/call-options.js';
import {milliseconds} from '../options/duration.js';
import type {Lookups} from '../read/lookups.js';
import {localNow} from '../support/server-clock.js';
import {waitAtMost} from '../support/wait-at-most.js';
import type {Writes} from '../write/writes.js';
import type {Flight} from './flights.js';
import {Leases} from './leases.js';
import type {LoadOrder} from './load-order.js';
import {LoadResults} from './load-results.js';
import {LoaderRuns} from './loader-runs.js';

/** How old a load may be, in ms, that runs without a lease while Redis is in use, and is joined nevertheless. */
const youngMs = 50;
/** How long callers wait for a loaded value to be put into Redis. The load goes on being offered to others until it is. */
const fillPatienceMs = 25;

/** Runs loaders: one for each key in this process, and one across processes by a lease in Redis. */
export class Loads {
	readonly #core: CacheCore;
	readonly #leases: Leases;
	readonly #runs: LoaderRuns;
	readonly #results: LoadResults;

	constructor(core: CacheCore, lookups: Lookups, writes: Writes, tracing: Tracing) {
		this.#core = core;
		this.#leases = new Leases(core, lookups, writes.marks);
		this.#runs = new LoaderRuns(core, tracing);
		this.#results = new LoadResults(core, this.#leases);
	}

	/** Joins the load of this key that is under way, if nothing can have changed since it began; else starts one. */
	flight(order: LoadOrder): Flight {
		const running = this.#core.flights.get(order.physical);
		if (running !== undefined && this.#mayJoin(running, order)) return running;
		return this.#core.flights.start(order.physical, (flight) => this.#fly(flight, order));
	}

	/**
	 * A caller that asked Redis after the load began may join only if its lease was still there: then nothing changed in
	 * between but, maybe, the mark of the namespace or of a tag, and which tags the loader will choose is not known yet.
	 * Without a lease (Redis is away, or full) only what this process changed is known, and the load must be young.
	 */
	#mayJoin(flight: Flight, {space, lookup}: LoadOrder): boolean {
		if (!flight.valid || !flight.open) return false;
		if (flight.token === undefined) return true;
		const core = this.#core;
		if (flight.token > 0) {
			if (!lookup.viaRedis) return !core.connected;
			return (
				flight.token === lookup.lease &&
				lookup.mark > 0 &&
				lookup.mark < flight.token &&
				!core.changes.changedSince(space.keys.anyTag, flight.sequence) &&
				localNow() < core.trustUntil(flight.startedAt)
			);
		}
		return !core.connected || localNow() - flight.startedAt < youngMs;
	}

	async #fly(flight: Flight, order: LoadOrder): Promise<unknown> {
		const core = this.#core;
		const hardMs =
			order.options?.hardTimeout === undefined
				? core.settings.hardTimeoutMs
				: milliseconds(order.options.hardTimeout, 'hardTimeout');
		let token = 0;
		// A read that just failed has used up the deadline: asking for a lease would take another.
		if (
			core.connected &&
			core.mechanisms.leases &&
			order.lookup.viaRedis &&
			!core.isOurs(order.space, order.physical)
		) {
			const granted = await this.#leases.ask(flight, order, hardMs);
			core.assertOpen();
			if ('found' in granted) return granted.found.value;
			token = granted.token;
		}
		flight.token = token;
		flight.sequence = core.changes.now;
		const asOf = token > 0 ? token : core.clock.notAfter();
		const chosen: {options: EntryOptions | undefined} = {options: order.options};
		const endRenewing = token > 0 ? this.#leases.renewing(order.physical, token) : () => {};
		try {
			const value = await this.#runs.run(flight, order, hardMs, (options) => {
				checkEntryOptions(options);
				chosen.options = {...chosen.options, ...options};
			});
			const kept = this.#results.keep(flight, order, value, chosen.options, token, asOf);
			flight.afterwards = kept.catch(() => {});
			await waitAtMost(kept, fillPatienceMs);
			return value;
		} catch (error) {
			// Who comes now has not asked for this failure: it is only waited for until the lease is free.
			flight.open = false;
			if (token > 0) flight.afterwards = this.#leases.release(order.physical, token);
			throw error;
		} finally {
			endRenewing();
		}
	}
}
