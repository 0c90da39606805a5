import type {GetOptions} from '../api/types.js';
import type {CacheCore} from '../core.js';
import {checkKey} from '../keys/key-builder.js';
import type {Namespace} from '../keys/namespace.js';
import type {MemoryEntry} from '../memory/memory-tier.js';
import {noteFound, type ReadTrace} from '../observe/tracing.js';
import {checkReadOptions} from '../options/call-options.js';
import {raceWithSignal} from '../support/race-with-signal.js';
import {type Hit, PendingRead, type ReadResult} from './lookup.js';
import type {Lookups} from './lookups.js';
import type {Sliding} from './sliding.js';

/** Keys that a bulk read has under way at once. */
const bulkWidth = 2048;

/** Reads that load nothing: memory first, then a lookup; and what a hit or a miss means to counters, events and sliding TTLs. */
export class Reads {
	readonly #core: CacheCore;
	readonly #lookups: Lookups;
	/** `undefined`: TTLs do not slide. */
	readonly #sliding: Sliding | undefined;

	constructor(core: CacheCore, lookups: Lookups, sliding: Sliding | undefined) {
		this.#core = core;
		this.#lookups = lookups;
		this.#sliding = sliding;
	}

	/** What memory has of a key, if it is known to be current. */
	believed(space: Namespace, key: string): MemoryEntry | undefined {
		return this.#lookups.believed(space, key);
	}

	/** A value. One promise from call to answer: everything else on the way is a callback. */
	get(space: Namespace, key: string, options: GetOptions | undefined): Promise<unknown> {
		if (options !== undefined) return this.find('get', space, key, options).then((found) => found?.value);
		const entry = this.believed(space, key);
		if (entry !== undefined) return Promise.resolve(this.hitInMemory(space, key, entry));
		return new Promise((resolve, reject) => this.#look(space, key, undefined, undefined, itsValue, resolve, reject));
	}

	/** A value and what is known about it. */
	find(
		call: ReadTrace['operation'],
		space: Namespace,
		key: string,
		options: GetOptions | undefined,
		trace?: ReadTrace,
	): Promise<Hit | undefined> {
		if (options !== undefined) {
			try {
				checkReadOptions(options, call);
				options.signal?.throwIfAborted();
			} catch (error) {
				return Promise.reject(error);
			}
		}
		const finding = new Promise<Hit | undefined>((resolve, reject) => {
			const entry = this.believed(space, key);
			if (entry !== undefined) resolve({...entry, value: this.hitInMemory(space, key, entry), source: 'memory'});
			else this.#look(space, key, options, trace, asItIs, resolve as (found: unknown) => void, reject);
		});
		return options?.signal === undefined ? finding : raceWithSignal(finding, options.signal);
	}

	/** What was found of many keys, in their order. */
	async many(
		space: Namespace,
		keys: readonly string[],
		options: GetOptions | undefined,
	): Promise<ReadonlyMap<string, unknown>> {
		if (options !== undefined) checkReadOptions(options, 'getMany');
		const {signal, strict} = options ?? {};
		signal?.throwIfAborted();
		const each: GetOptions | undefined = strict === undefined ? undefined : {strict};
		const found = new Map<string, unknown>();
		for (let from = 0; from < keys.length; from += bulkWidth) {
			const part = keys.slice(from, from + bulkWidth);
			const reading = Promise.all(part.map((key) => this.get(space, key, each)));
			const values = await (signal === undefined ? reading : raceWithSignal(reading, signal));
			for (const [index, key] of part.entries()) {
				const value = values[index];
				if (value !== undefined) found.set(key, value);
			}
		}
		return found;
	}

	/** @returns The value. */
	hitInMemory(space: Namespace, key: string, entry: MemoryEntry): unknown {
		const {counters, emitter} = this.#core;
		counters.hitsMemory++;
		if (emitter.wants('hit'))
			emitter.emit('hit', {namespace: space.keys.namespace, key, source: 'memory', stale: false});
		this.#sliding?.onHit(space, key, entry);
		return entry.value;
	}

	hit(space: Namespace, key: string, found: Hit, stale: boolean): void {
		const {counters, emitter} = this.#core;
		if (found.source === 'memory') counters.hitsMemory++;
		else counters.hitsRedis++;
		if (stale) counters.hitsStale++;
		if (emitter.wants('hit')) emitter.emit('hit', {namespace: space.keys.namespace, key, source: found.source, stale});
		if (!stale) this.#sliding?.onHit(space, key, found);
	}

	miss(space: Namespace, key: string): void {
		const {counters, emitter} = this.#core;
		counters.misses++;
		if (emitter.wants('miss')) emitter.emit('miss', {namespace: space.keys.namespace, key});
	}

	#look(
		space: Namespace,
		key: string,
		options: GetOptions | undefined,
		trace: ReadTrace | undefined,
		shape: (found: Hit | undefined) => unknown,
		resolve: (value: unknown) => void,
		reject: (error: Error) => void,
	): void {
		const core = this.#core;
		core.assertOpen();
		checkKey(key);
		core.pending++;
		const strict = options?.strict ?? core.settings.strict;
		const lookups = this.#lookups;
		lookups.look(
			new CallersLook(this, lookups, space, key, space.keys.entry(key), strict, trace, shape, resolve, reject),
		);
	}

	/** @internal For `CallersLook`. */
	looked({space, key, trace}: CallersLook, {found, stale, viaRedis}: ReadResult): Hit | undefined {
		this.#core.pending--;
		// Redis is there and says the value is past its TTL: grace is for when it, or a loader, fails.
		if (found === undefined || (stale && viaRedis)) {
			this.miss(space, key);
			if (trace !== undefined) trace.outcome = 'miss';
			return undefined;
		}
		this.hit(space, key, found, stale);
		if (trace !== undefined) noteFound(trace, found, stale);
		return found;
	}

	/** @internal For `CallersLook`. */
	failed(): void {
		this.#core.pending--;
	}
}

/** A lookup for a caller of `get` and its like: on the hot path, so it takes the place of closures. */
class CallersLook extends PendingRead {
	constructor(
		private readonly reads: Reads,
		lookups: Lookups,
		space: Namespace,
		key: string,
		physical: string,
		strict: boolean,
		readonly trace: ReadTrace | undefined,
		private readonly shape: (found: Hit | undefined) => unknown,
		private readonly resolve: (value: unknown) => void,
		private readonly reject: (error: Error) => void,
	) {
		super(lookups, space, key, physical, strict);
	}

	done(lookup: ReadResult): void {
		this.resolve(this.shape(this.reads.looked(this, lookup)));
	}

	fail(error: Error): void {
		this.reads.failed();
		this.reject(error);
	}
}

function itsValue(found: Hit | undefined): unknown {
	return found?.value;
}

function asItIs(found: Hit | undefined): Hit | undefined {
	return found;
}
