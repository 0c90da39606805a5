import type {GetOrSetOptions, Loader} from '../api/types.js';
import type {CacheCore} from '../core.js';
import {checkKey} from '../keys/key-builder.js';
import type {Namespace} from '../keys/namespace.js';
import {noteFound, noteLoaded, type ReadTrace} from '../observe/tracing.js';
import {checkLoadOptions} from '../options/call-options.js';
import {checkFunction, checkSignal} from '../options/check-arguments.js';
import type {ReadResult} from '../read/lookup.js';
import type {Lookups} from '../read/lookups.js';
import type {Reads} from '../read/reads.js';
import {raceWithSignal} from '../support/race-with-signal.js';
import {localNow} from '../support/server-clock.js';
import type {LoadOrder} from './load-order.js';
import type {Loads} from './loads.js';
import {waitForLoad} from './wait-for-load.js';

/** What a hit knows of its key when it reloads ahead of time. */
const seenInHit: ReadResult = {found: undefined, stale: false, viaRedis: true, seenVersion: 0, lease: 0, mark: 0};

/** Reads that load what is not there, or will not be there for long. */
export class LoadingReads {
	readonly #core: CacheCore;
	readonly #lookups: Lookups;
	readonly #reads: Reads;
	readonly #loads: Loads;

	constructor(core: CacheCore, lookups: Lookups, reads: Reads, loads: Loads) {
		this.#core = core;
		this.#lookups = lookups;
		this.#reads = reads;
		this.#loads = loads;
	}

	async getOrSet(
		space: Namespace,
		key: string,
		loader: Loader<unknown>,
		options: GetOrSetOptions | undefined,
		trace: ReadTrace | undefined,
	): Promise<unknown> {
		const core = this.#core;
		checkFunction(loader, 'the loader of getOrSet');
		if (options?.signal !== undefined) {
			checkSignal(options.signal);
			options.signal.throwIfAborted();
		}
		if (options?.fresh !== true) {
			const entry = this.#reads.believed(space, key);
			if (entry !== undefined) {
				this.#refreshAhead(space, key, loader, entry, options);
				return this.#reads.hitInMemory(space, key, entry);
			}
		}
		core.assertOpen();
		checkKey(key);
		if (options !== undefined) checkLoadOptions(options);
		const physical = space.keys.entry(key);
		core.pending++;
		try {
			const looking = this.#lookups.find(space, key, physical, options?.strict ?? core.settings.strict);
			const lookup = await (options?.signal === undefined ? looking : raceWithSignal(looking, options.signal));
			if (lookup.found !== undefined && !lookup.stale && options?.fresh !== true) {
				this.#reads.hit(space, key, lookup.found, false);
				if (trace !== undefined) noteFound(trace, lookup.found, false);
				this.#refreshAhead(space, key, loader, lookup.found, options);
				return lookup.found.value;
			}
			this.#reads.miss(space, key);
			if (trace !== undefined) noteLoaded(trace);
			const order: LoadOrder = {space, key, physical, loader, options, lookup, trace};
			const stale = lookup.found?.kind === 'value' ? lookup.found : undefined;
			return await waitForLoad(this.#core, this.#loads.flight(order), order, stale);
		} finally {
			core.pending--;
		}
	}

	#refreshAhead(
		space: Namespace,
		key: string,
		loader: Loader<unknown>,
		entry: {readonly freshUntil: number; readonly ttlMs: number; readonly version: number},
		options: GetOrSetOptions | undefined,
	): void {
		const share = options?.refreshAhead ?? this.#core.settings.ttl.refreshAhead;
		if (share === 0 || entry.freshUntil - localNow() > entry.ttlMs * share) return;
		const physical = space.keys.entry(key);
		if (this.#core.flights.get(physical) !== undefined) return;
		// A hit in memory has not looked at its options yet.
		if (options !== undefined) checkLoadOptions(options);
		const lookup: ReadResult = {...seenInHit, seenVersion: entry.version};
		this.#loads.flight({space, key, physical, loader, options, lookup, trace: undefined});
	}
}
