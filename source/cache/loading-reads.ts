import {abandonable} from './abandonable.js';
import {checkLoadOptions} from './call-options.js';
import {checkFunction, checkSignal} from './check-arguments.js';
import type {CacheCore} from './core.js';
import {checkKey} from './keys.js';
import type {LoadOrder} from './load-order.js';
import type {Loads} from './loads.js';
import type {Lookup} from './lookup.js';
import type {Lookups} from './lookups.js';
import type {Reads} from './reads.js';
import {localNow} from './server-clock.js';
import type {Space} from './space.js';
import {noteFound, noteLoaded, type ReadTrace} from './tracing.js';
import type {GetOrSetOptions, Loader} from './types.js';
import {waitForLoad} from './wait-for-load.js';

/** What a hit knows of its key when it reloads ahead of time. */
const seenInHit: Lookup = {found: undefined, stale: false, viaRedis: true, seenVersion: 0, lease: 0, mark: 0};

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
		space: Space,
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
			const lookup = await (options?.signal === undefined ? looking : abandonable(looking, options.signal));
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
		space: Space,
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
		const lookup: Lookup = {...seenInHit, seenVersion: entry.version};
		this.#loads.flight({space, key, physical, loader, options, lookup, trace: undefined});
	}
}
