/** `load/many/`: `getOrSetMany`, which shares one loader between the loads of its keys. */
import type {GetOrSetManyOptions, ManyLoader} from '../../api/call-types.js';
import {checkKey, isTooLong, tooLong} from '../../keys/check-key.js';
import type {Namespace} from '../../keys/namespace.js';
import type {ManyReadTrace} from '../../observe/trace-types.js';
import {checkLoadManyOptions} from '../../options/call-options.js';
import {checkFunction} from '../../options/checks.js';
import {serveFresh} from '../../read/get.js';
import {type Hit, nothing} from '../../read/look-up.js';
import {raceWithSignal} from '../../support/race-with-signal.js';
import type {Flight} from '../flight.js';
import {
	currentOf,
	type Found,
	fallbackOf,
	type GetOrSetParts,
	isDueForRefresh,
	isResting,
	seenFresh,
	waitForLoad,
} from '../get-or-set.js';
import {beginLoad} from '../lease-read/begin-load.js';
import {giveUpLater, readForLoad} from '../lease-read/read-for-load.js';
import type {ReadForLoad} from '../lease-read/shared-lease-reads.js';
import type {LoadRequest} from '../load.js';
import {type GatheredLoad, GatheredLoads} from './gathered-loads.js';

/** A call of `getOrSetMany`. */
type ManyCall = {
	readonly namespace: Namespace;
	readonly keys: readonly string[];
	readonly loadMissing: ManyLoader<unknown>;
	readonly options: GetOrSetManyOptions | undefined;
	readonly trace: ManyReadTrace | undefined;
};

/** A key to load. */
type Missing = {
	readonly key: string;
	readonly redisKey: string;
	readonly read: ReadForLoad;
	readonly current: LoadRequest['current'];
	/** The value that may be served if the load fails or is slow. */
	readonly stale: Hit | undefined;
	readonly gathered: GatheredLoad;
};

/**
 * Reads each key like `getOrSet`, and loads the missing ones with one call of the loader.
 *
 * @returns The values, in the order of the keys, without those that are "not there".
 */
export async function getOrSetMany(parts: GetOrSetParts, call: ManyCall): Promise<Map<string, unknown>> {
	const {availability, recorder} = parts;
	const {loadMissing, options} = call;
	checkFunction(loadMissing, 'the loader of getOrSetMany');
	if (options !== undefined) checkLoadManyOptions(options);
	options?.signal?.throwIfAborted();
	const keys = [...new Set(call.keys)];
	for (const key of keys) if (typeof key !== 'string' || !isTooLong(key)) checkKey(key);
	availability.assertOpen();
	recorder.callsInProgress++;
	try {
		return await new ManyReads(parts, call, keys).run();
	} finally {
		recorder.callsInProgress--;
	}
}

/** The state of one call: its values, and the loads that it has started. */
class ManyReads {
	readonly #parts: GetOrSetParts;
	readonly #call: ManyCall;
	readonly #keys: readonly string[];
	readonly #values = new Map<string, unknown>();
	readonly #gathering: GatheredLoads;
	readonly #missing: Missing[] = [];
	/** Reads that may have been granted a lease. */
	readonly #reading: Promise<ReadForLoad>[] = [];
	/** Keys of fresh values with little of their TTL left, which are reloaded in the background. */
	readonly #refreshing: Missing[] = [];

	constructor(parts: GetOrSetParts, call: ManyCall, keys: readonly string[]) {
		this.#parts = parts;
		this.#call = call;
		this.#keys = keys;
		this.#gathering = new GatheredLoads(call.loadMissing, parts.slots);
	}

	async run(): Promise<Map<string, unknown>> {
		try {
			await this.#readAll();
			await this.#load();
		} finally {
			// Has no effect on lease reads whose loads have begun.
			for (const reading of this.#reading) giveUpLater(reading);
		}
		const found = new Map<string, unknown>();
		for (const key of this.#keys) {
			const value = this.#values.get(key);
			if (value !== undefined) found.set(key, value);
		}
		return found;
	}

	async #readAll(): Promise<void> {
		const {maxReads} = this.#parts.batcher;
		for (let from = 0; from < this.#keys.length; ) {
			const start = from;
			const part = this.#keys.slice(start, start + maxReads);
			from += part.length;
			await this.#untilAborted(Promise.all(part.map((key, index) => this.#read(key, start + index))));
		}
	}

	async #read(key: string, order: number): Promise<void> {
		const {memory, recorder, sliding, batcher} = this.#parts;
		const {namespace, options} = this.#call;
		if (isTooLong(key)) {
			recorder.missLoaded(namespace, key);
			recorder.error('fill', tooLong(key, 'key'));
			this.#missing.push(this.#missed(key, order, {seen: nothing}));
			return;
		}
		const isReload = options?.fresh === true;
		const fresh = isReload ? undefined : memory.getFresh(namespace, key);
		if (fresh !== undefined) {
			this.#found(key, order, fresh, serveFresh(this.#parts, namespace, key, fresh));
			return;
		}
		// If the call is read in several batches, no lease is requested with the read, since the loads begin only when all
		// batches were read.
		const reading = readForLoad(this.#parts, namespace, key, options, this.#keys.length <= batcher.maxReads);
		this.#reading.push(reading);
		const read = await reading;
		const {seen} = read;
		if (seen.hit !== undefined && !seen.isStale && !isReload) {
			recorder.hit(namespace, key, seen.hit.source, false);
			sliding?.onHit(namespace, key, seen.hit);
			read.claim?.giveUp();
			this.#found(key, order, seen.hit, seen.hit.value);
			return;
		}
		recorder.missLoaded(namespace, key);
		const stale = fallbackOf(seen);
		if (stale !== undefined && isResting(this.#parts, namespace.redisKey(key), options, stale)) {
			recorder.pausedLoad(stale.source);
			read.claim?.giveUp();
			this.#values.set(key, stale.value);
		} else this.#missing.push(this.#missed(key, order, read));
	}

	#found(key: string, order: number, hit: Found, value: unknown): void {
		this.#values.set(key, value);
		const redisKey = this.#call.namespace.redisKey(key);
		if (!isDueForRefresh(this.#parts, redisKey, this.#call.options, hit)) return;
		const {seen, current} = seenFresh(hit);
		this.#refreshing.push({
			key,
			redisKey,
			read: {seen},
			current,
			stale: undefined,
			gathered: this.#gathering.expect(order),
		});
	}

	#missed(key: string, order: number, read: ReadForLoad): Missing {
		const {seen} = read;
		return {
			key,
			redisKey: this.#call.namespace.redisKey(key),
			read,
			current: currentOf(seen),
			stale: fallbackOf(seen),
			gathered: this.#gathering.expect(order),
		};
	}

	async #load(): Promise<void> {
		const {options, trace} = this.#call;
		if (trace !== undefined && this.#missing.length > 0) trace.source = 'loader';
		for (const missing of this.#refreshing) this.#start(missing);
		// All loads begin in this turn, in order, except those that wait for the lease read of another call.
		const loading = this.#missing.map((missing) => {
			const beginning = this.#start(missing);
			const wait = async (flight: Flight) => {
				const loaded = waitForLoad(this.#parts, flight, {options, trace: undefined}, missing.stale);
				this.#values.set(missing.key, await loaded);
			};
			return beginning instanceof Promise ? beginning.then(wait) : wait(beginning);
		});
		if (options?.partial !== true) {
			await Promise.all(loading);
			return;
		}
		await Promise.allSettled(loading);
		this.#parts.availability.assertOpen();
		options.signal?.throwIfAborted();
	}

	#start({key, redisKey, read, current, gathered}: Missing): Flight | Promise<Flight> {
		const {namespace, options} = this.#call;
		const request: LoadRequest = {
			namespace,
			key,
			redisKey,
			loader: (context) => gathered.loader(context),
			options,
			seen: read.seen,
			current,
			many: gathered,
		};
		const beginning = beginLoad(this.#parts, request, read);
		// A load may settle without calling its loader.
		const observe = (flight: Flight) => void flight.result.then(gathered.delayed, gathered.delayed);
		if (beginning instanceof Promise) void beginning.then(observe, gathered.delayed);
		else observe(beginning);
		return beginning;
	}

	#untilAborted<T>(reading: Promise<T>): Promise<T> {
		const {signal} = this.#call.options ?? {};
		return signal === undefined ? reading : raceWithSignal(reading, signal);
	}
}
