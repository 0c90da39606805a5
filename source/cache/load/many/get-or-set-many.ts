/** `load/many/`: `getOrSetMany`, which shares one loader between the loads of its keys. */
import type {GetOrSetManyOptions, ManyLoader} from '../../api/call-types.js';
import {checkKey, isTooLong, tooLong} from '../../keys/check-key.js';
import type {Namespace} from '../../keys/namespace.js';
import type {ManyReadTrace} from '../../observe/trace-types.js';
import {checkLoadManyOptions} from '../../options/call-options.js';
import {checkFunction} from '../../options/checks.js';
import {serveFresh} from '../../read/get.js';
import {type Hit, lookUpAsync, nothing, type ReadResult} from '../../read/look-up.js';
import {raceWithSignal} from '../../support/race-with-signal.js';
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
import {type LoadRequest, load} from '../load.js';
import {type GatheredLoad, GatheredLoads} from './gathered-loads.js';

/** A call of `getOrSetMany`. */
type ManyCall = {
	readonly namespace: Namespace;
	readonly keys: readonly string[];
	readonly loadMissing: ManyLoader<unknown>;
	readonly options: GetOrSetManyOptions | undefined;
	readonly trace: ManyReadTrace | undefined;
};

/** A key that is to be loaded. */
type Missing = {
	readonly key: string;
	readonly redisKey: string;
	readonly seen: ReadResult;
	readonly current: LoadRequest['current'];
	/** The value that may be served if the load fails or is slow. */
	readonly stale: Hit | undefined;
	readonly gathered: GatheredLoad;
};

/**
 * Reads each key as `getOrSet` does, and loads those that are missing with one call of the loader.
 *
 * @returns The values, in the order of the keys; those that are "not there" are left out.
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

/** One call: its values, and the loads that it has started. */
class ManyReads {
	readonly #parts: GetOrSetParts;
	readonly #call: ManyCall;
	readonly #keys: readonly string[];
	readonly #values = new Map<string, unknown>();
	readonly #gathering: GatheredLoads;
	readonly #missing: Missing[] = [];
	/** Fresh values with little of their TTL left: loaded in the background. */
	readonly #refreshing: Missing[] = [];

	constructor(parts: GetOrSetParts, call: ManyCall, keys: readonly string[]) {
		this.#parts = parts;
		this.#call = call;
		this.#keys = keys;
		this.#gathering = new GatheredLoads(call.loadMissing, parts.slots);
	}

	async run(): Promise<Map<string, unknown>> {
		for (let from = 0; from < this.#keys.length; ) {
			const start = from;
			const part = this.#keys.slice(start, start + this.#parts.batcher.maxReads);
			from += part.length;
			await this.#untilAborted(Promise.all(part.map((key, index) => this.#read(key, start + index))));
		}
		await this.#load();
		const found = new Map<string, unknown>();
		for (const key of this.#keys) {
			const value = this.#values.get(key);
			if (value !== undefined) found.set(key, value);
		}
		return found;
	}

	async #read(key: string, order: number): Promise<void> {
		const {memory, recorder, sliding, isStrict} = this.#parts;
		const {namespace, options} = this.#call;
		if (isTooLong(key)) {
			recorder.missLoaded(namespace, key);
			recorder.error('fill', tooLong(key, 'key'));
			this.#missing.push(this.#missed(key, order, nothing));
			return;
		}
		const isReload = options?.fresh === true;
		const fresh = isReload ? undefined : memory.getFresh(namespace, key);
		if (fresh !== undefined) {
			this.#found(key, order, fresh, serveFresh(this.#parts, namespace, key, fresh));
			return;
		}
		const seen = await lookUpAsync(this.#parts, namespace, key, options?.strict ?? isStrict);
		if (seen.hit !== undefined && !seen.isStale && !isReload) {
			recorder.hit(namespace, key, seen.hit.source, false);
			sliding?.onHit(namespace, key, seen.hit);
			this.#found(key, order, seen.hit, seen.hit.value);
			return;
		}
		recorder.missLoaded(namespace, key);
		const stale = fallbackOf(seen);
		if (stale !== undefined && isResting(this.#parts, namespace.redisKey(key), options, stale)) {
			recorder.pausedLoad(stale.source);
			this.#values.set(key, stale.value);
		} else this.#missing.push(this.#missed(key, order, seen));
	}

	#found(key: string, order: number, hit: Found, value: unknown): void {
		this.#values.set(key, value);
		const redisKey = this.#call.namespace.redisKey(key);
		if (!isDueForRefresh(this.#parts, redisKey, this.#call.options, hit)) return;
		this.#refreshing.push({
			key,
			redisKey,
			...seenFresh(hit),
			stale: undefined,
			gathered: this.#gathering.expect(order),
		});
	}

	#missed(key: string, order: number, seen: ReadResult): Missing {
		return {
			key,
			redisKey: this.#call.namespace.redisKey(key),
			seen,
			current: currentOf(seen),
			stale: fallbackOf(seen),
			gathered: this.#gathering.expect(order),
		};
	}

	async #load(): Promise<void> {
		const {options, trace} = this.#call;
		if (trace !== undefined && this.#missing.length > 0) trace.source = 'loader';
		for (const missing of this.#refreshing) this.#start(missing);
		const loading = this.#missing.map(async (missing) => {
			const loaded = waitForLoad(this.#parts, this.#start(missing), {options, trace: undefined}, missing.stale);
			this.#values.set(missing.key, await loaded);
		});
		if (options?.partial !== true) {
			await Promise.all(loading);
			return;
		}
		await Promise.allSettled(loading);
		this.#parts.availability.assertOpen();
		options.signal?.throwIfAborted();
	}

	#start({key, redisKey, seen, current, gathered}: Missing) {
		const {namespace, options} = this.#call;
		const flight = load(this.#parts, {
			namespace,
			key,
			redisKey,
			loader: (context) => gathered.loader(context),
			options,
			seen,
			current,
			many: gathered,
		});
		// It may have got its value, or failed, without a loader.
		void flight.result.then(gathered.delayed, gathered.delayed);
		return flight;
	}

	#untilAborted<T>(reading: Promise<T>): Promise<T> {
		const {signal} = this.#call.options ?? {};
		return signal === undefined ? reading : raceWithSignal(reading, signal);
	}
}
