import {checkEntries, checkFunction, checkKeys} from './check-arguments.js';
import type {CacheCore} from './core.js';
import {checkKey} from './keys.js';
import {checkLoadOptions} from './load-options.js';
import type {LoadOrder, Loads} from './loads.js';
import type {Found, Lookup, Lookups} from './lookups.js';
import type {MemoryEntry} from './memory-tier.js';
import {localNow} from './server-clock.js';
import type {Space} from './space.js';
import {
	type ManyReadTrace,
	type ManyWriteTrace,
	noteFound,
	noteLoaded,
	type ReadTrace,
	type Tracing,
	type WriteTrace,
} from './tracing.js';
import type {
	CacheApi,
	DeleteOptions,
	Duration,
	Entry,
	ExpireResult,
	GetOptions,
	GetOrSetOptions,
	Loader,
	SetOptions,
	WriteResult,
} from './types.js';
import type {Writes} from './writes.js';

/** Keys that bulk calls have under way at once. */
const bulkWidth = 256;
const maxTouches = 1024;
/** What a hit knows of its key when it reloads ahead of time. */
const seenInHit: Lookup = {found: undefined, stale: false, viaRedis: true, seenVersion: 0, lease: 0, mark: 0};

/** The parts of a cache that its namespaces share. */
export type Shared = {
	readonly core: CacheCore;
	readonly lookups: Lookups;
	readonly writes: Writes;
	readonly loads: Loads;
	readonly touching: Set<string>;
	readonly tracing: Tracing;
};

/** A cache's calls on one namespace. See {@link CacheApi} for what they promise. */
export class NamespaceCache implements CacheApi {
	readonly #shared: Shared;
	readonly #space: Space;

	/** @internal Made by `RedisCache` and `namespace()`. */
	constructor(shared: Shared, space: Space) {
		this.#shared = shared;
		this.#space = space;
	}

	get<T = unknown>(key: string, options?: GetOptions): Promise<T | undefined> {
		if (this.#shared.tracing.wantsGet) return this.#read('get', key, options, foundValue<T>);
		return this.#get(key, options) as Promise<T | undefined>;
	}

	getEntry<T = unknown>(key: string, options?: GetOptions): Promise<Entry<T> | undefined> {
		return this.#read('getEntry', key, options, foundEntry<T>);
	}

	has(key: string): Promise<boolean> {
		return this.#read('has', key, undefined, (found) => found?.kind === 'value');
	}

	set(key: string, value: unknown, options?: SetOptions): Promise<WriteResult> {
		return this.#write('set', key, () => this.#shared.writes.set(this.#space, key, value, options));
	}

	delete(key: string, options?: DeleteOptions): Promise<WriteResult> {
		return this.#write('delete', key, () => this.#shared.writes.delete(this.#space, key, options));
	}

	getOrSet<T>(key: string, loader: Loader<T>, options?: GetOrSetOptions): Promise<T | undefined> {
		const {tracing} = this.#shared;
		if (!tracing.wants('getOrSet')) return this.#getOrSet(key, loader, options, undefined);
		const trace = this.#readTrace('getOrSet', key, options?.fresh !== true);
		return tracing.run(trace, () => this.#getOrSet(key, loader, options, trace));
	}

	async getMany<T = unknown>(keys: readonly string[]): Promise<Map<string, T>> {
		const {tracing} = this.#shared;
		checkKeys(keys);
		if (!tracing.wants('getMany')) return this.#getMany<T>(keys);
		const trace: ManyReadTrace = {operation: 'getMany', ...this.#place(), keys: keys.length};
		return tracing.run(trace, async () => {
			const found = await this.#getMany<T>(keys);
			trace.hits = found.size;
			return found;
		});
	}

	async setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<WriteResult> {
		const {writes} = this.#shared;
		const all = checkEntries(entries);
		return this.#writeMany({operation: 'setMany', keys: all.length}, () =>
			this.#inParts(all, ([key, value]) => writes.set(this.#space, key, value, options)),
		);
	}

	async deleteMany(keys: readonly string[]): Promise<WriteResult> {
		const {writes} = this.#shared;
		checkKeys(keys);
		return this.#writeMany({operation: 'deleteMany', keys: keys.length}, () =>
			this.#inParts(keys, (key) => writes.delete(this.#space, key, undefined)),
		);
	}

	ttl(key: string): Promise<number | undefined> {
		return this.#read('ttl', key, undefined, (found) => foundEntry(found)?.ttlMs);
	}

	expire(key: string, ttl: Duration): Promise<ExpireResult> {
		return this.#write('expire', key, () => this.#shared.writes.expire(this.#space, key, ttl));
	}

	touch(key: string): Promise<ExpireResult> {
		return this.#write('touch', key, () => this.#shared.writes.expire(this.#space, key, undefined));
	}

	invalidateTags(tags: readonly string[]): Promise<WriteResult> {
		return this.#writeMany({operation: 'invalidateTags', tags}, () =>
			this.#shared.writes.invalidateTags(this.#space, tags),
		);
	}

	clear(): Promise<WriteResult> {
		return this.#writeMany({operation: 'clear'}, () => this.#shared.writes.clear(this.#space));
	}

	namespace(name: string): CacheApi {
		return new NamespaceCache(this.#shared, this.#shared.core.space(name));
	}

	#believed(key: string): MemoryEntry | undefined {
		return this.#shared.lookups.believed(this.#space, key);
	}

	#get(key: string, options: GetOptions | undefined): Promise<unknown> {
		const entry = this.#believed(key);
		if (entry !== undefined) return Promise.resolve(this.#hitInMemory(key, entry));
		return this.#getSlowly(key, options);
	}

	/** One promise from call to answer: everything else on the way is a callback. */
	#getSlowly(key: string, options: GetOptions | undefined): Promise<unknown> {
		if (options?.signal !== undefined) return this.#find(key, options).then((found) => found?.value);
		return new Promise((resolve, reject) => this.#look(key, options, (found) => resolve(found?.value), reject));
	}

	async #getOrSet<T>(
		key: string,
		loader: Loader<T>,
		options: GetOrSetOptions | undefined,
		trace: ReadTrace | undefined,
	): Promise<T | undefined> {
		const {core, lookups} = this.#shared;
		checkFunction(loader, 'the loader of getOrSet');
		options?.signal?.throwIfAborted();
		if (options?.fresh !== true) {
			const entry = this.#believed(key);
			if (entry !== undefined) {
				this.#refreshAhead(key, loader, entry, options);
				return this.#hitInMemory(key, entry) as T | undefined;
			}
		}
		core.assertOpen();
		checkKey(key);
		if (options !== undefined) checkLoadOptions(options);
		const physical = this.#space.keys.entry(key);
		core.pending++;
		try {
			const lookup = await lookups.find(this.#space, key, physical, options?.strict ?? core.settings.strict);
			if (lookup.found !== undefined && !lookup.stale && options?.fresh !== true) {
				this.#hit(key, lookup.found, false);
				if (trace !== undefined) noteFound(trace, lookup.found, false);
				this.#refreshAhead(key, loader, lookup.found, options);
				return lookup.found.value as T | undefined;
			}
			this.#miss(key);
			if (trace !== undefined) noteLoaded(trace);
			const order: LoadOrder = {space: this.#space, key, physical, loader, options, lookup, trace};
			const stale = lookup.found?.kind === 'value' ? lookup.found : undefined;
			const flight = this.#shared.loads.flight(order);
			return (await this.#shared.loads.wait(flight, order, stale)) as T | undefined;
		} finally {
			core.pending--;
		}
	}

	async #getMany<T>(keys: readonly string[]): Promise<Map<string, T>> {
		const found = new Map<string, T>();
		for (let from = 0; from < keys.length; from += bulkWidth * 8) {
			const part = keys.slice(from, from + bulkWidth * 8);
			const values = await Promise.all(part.map((key) => this.#get(key, undefined)));
			for (const [index, key] of part.entries()) {
				const value = values[index];
				if (value !== undefined) found.set(key, value as T);
			}
		}
		return found;
	}

	/** A read that says what it found in a trace, if anyone listens. */
	#read<R>(
		operation: ReadTrace['operation'],
		key: string,
		options: GetOptions | undefined,
		shape: (found: Found | undefined) => R,
	): Promise<R> {
		const {tracing} = this.#shared;
		if (!tracing.wants(operation)) return this.#find(key, options).then(shape);
		const trace = this.#readTrace(operation, key, true);
		return tracing.run(trace, () => this.#find(key, options, trace).then(shape));
	}

	#write<R extends WriteResult | ExpireResult>(
		operation: WriteTrace['operation'],
		key: string,
		write: () => Promise<R>,
	): Promise<R> {
		const {tracing} = this.#shared;
		if (!tracing.wants(operation)) return write();
		const trace: WriteTrace = {operation, ...this.#place(), key};
		return tracing.run(trace, async () => {
			const result = await write();
			trace.stored = result.stored;
			if ('applied' in result) trace.applied = result.applied;
			return result;
		});
	}

	#writeMany(
		what: Pick<ManyWriteTrace, 'operation' | 'keys' | 'tags'>,
		write: () => Promise<WriteResult>,
	): Promise<WriteResult> {
		const {tracing} = this.#shared;
		if (!tracing.wants(what.operation)) return write();
		const trace: ManyWriteTrace = {...what, ...this.#place()};
		return tracing.run(trace, async () => {
			const result = await write();
			trace.stored = result.stored;
			return result;
		});
	}

	#readTrace(operation: ReadTrace['operation'], key: string, mayHit: boolean): ReadTrace {
		const trace: ReadTrace = {operation, ...this.#place(), key};
		if (mayHit && this.#believed(key) !== undefined) {
			trace.outcome = 'hit';
			trace.source = 'memory';
		}
		return trace;
	}

	/** Where a call goes to, for its trace. */
	#place(): Pick<ReadTrace, 'server' | 'namespace'> {
		return {server: this.#shared.core.pool.url, namespace: this.#space.keys.namespace};
	}

	#find(key: string, options: GetOptions | undefined, trace?: ReadTrace): Promise<Found | undefined> {
		const {signal} = options ?? {};
		const finding = new Promise<Found | undefined>((resolve, reject) => {
			signal?.throwIfAborted();
			const entry = this.#believed(key);
			if (entry !== undefined) resolve({...entry, value: this.#hitInMemory(key, entry), source: 'memory'});
			else this.#look(key, options, resolve, reject, trace);
		});
		return signal === undefined ? finding : abandonable(finding, signal);
	}

	#look(
		key: string,
		options: GetOptions | undefined,
		done: (found: Found | undefined) => void,
		fail: (error: Error) => void,
		trace?: ReadTrace,
	): void {
		const {core, lookups} = this.#shared;
		core.assertOpen();
		checkKey(key);
		core.pending++;
		lookups.look(
			this.#space,
			key,
			this.#space.keys.entry(key),
			options?.strict ?? core.settings.strict,
			({found, stale, viaRedis}) => {
				core.pending--;
				// Redis is there and says the value is past its TTL: grace is for when it, or a loader, fails.
				if (found === undefined || (stale && viaRedis)) {
					this.#miss(key);
					if (trace !== undefined) trace.outcome = 'miss';
					done(undefined);
				} else {
					this.#hit(key, found, stale);
					if (trace !== undefined) noteFound(trace, found, stale);
					done(found);
				}
			},
			(error) => {
				core.pending--;
				fail(error);
			},
		);
	}

	#hitInMemory(key: string, entry: MemoryEntry): unknown {
		const {core} = this.#shared;
		core.counters.hitsMemory++;
		if (core.emitter.wants('hit'))
			core.emitter.emit('hit', {namespace: this.#space.keys.namespace, key, source: 'memory', stale: false});
		if (core.settings.ttl.sliding) this.#slide(key, entry);
		return entry.value;
	}

	#hit(key: string, found: Found, stale: boolean): void {
		const {core} = this.#shared;
		if (found.source === 'memory') core.counters.hitsMemory++;
		else core.counters.hitsRedis++;
		if (stale) core.counters.hitsStale++;
		if (core.emitter.wants('hit'))
			core.emitter.emit('hit', {namespace: this.#space.keys.namespace, key, source: found.source, stale});
		if (core.settings.ttl.sliding && !stale) this.#slide(key, found);
	}

	#miss(key: string): void {
		const {core} = this.#shared;
		core.counters.misses++;
		if (core.emitter.wants('miss')) core.emitter.emit('miss', {namespace: this.#space.keys.namespace, key});
	}

	/** Prolongs an entry that is read in the second half of its life. One command for all who read it meanwhile. */
	#slide(key: string, entry: {readonly kind: string; readonly freshUntil: number; readonly ttlMs: number}): void {
		const {touching} = this.#shared;
		if (entry.kind !== 'value' || entry.freshUntil - localNow() > entry.ttlMs / 2 || touching.size >= maxTouches)
			return;
		const physical = this.#space.keys.entry(key);
		if (touching.has(physical)) return;
		touching.add(physical);
		this.#shared.writes
			.expire(this.#space, key, undefined)
			.catch(() => {})
			.finally(() => touching.delete(physical));
	}

	#refreshAhead<T>(
		key: string,
		loader: Loader<T>,
		entry: {readonly freshUntil: number; readonly ttlMs: number; readonly version: number},
		options: GetOrSetOptions | undefined,
	): void {
		const {core, loads} = this.#shared;
		const share = options?.refreshAhead ?? core.settings.ttl.refreshAhead;
		if (share === 0 || entry.freshUntil - localNow() > entry.ttlMs * share) return;
		const physical = this.#space.keys.entry(key);
		if (core.flights.get(physical) !== undefined) return;
		const lookup: Lookup = {...seenInHit, seenVersion: entry.version};
		loads.flight({space: this.#space, key, physical, loader, options, lookup, trace: undefined});
	}

	async #inParts<T>(items: readonly T[], work: (item: T) => Promise<WriteResult>): Promise<WriteResult> {
		let stored: WriteResult['stored'] = 'redis';
		for (let from = 0; from < items.length; from += bulkWidth) {
			const results = await Promise.all(items.slice(from, from + bulkWidth).map(work));
			if (results.some((result) => result.stored === 'memory')) stored = 'memory';
		}
		return {stored};
	}
}

function foundValue<T>(found: Found | undefined): T | undefined {
	return found?.value as T | undefined;
}

function foundEntry<T>(found: Found | undefined): Entry<T> | undefined {
	if (found === undefined || found.kind === 'absent') return undefined;
	const now = localNow();
	return {
		value: found.value as T,
		source: found.source,
		ageMs: Math.max(0, now - found.obtainedAt),
		ttlMs: found.freshUntil - now,
		stale: now >= found.freshUntil,
	};
}

async function abandonable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	let stop: () => void = () => {};
	const aborted = new Promise<never>((_resolve, reject) => {
		stop = () => reject(signal.reason);
		signal.addEventListener('abort', stop);
	});
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
