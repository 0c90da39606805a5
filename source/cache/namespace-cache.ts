import type {
	CacheApi,
	Duration,
	Entry,
	ExpireResult,
	GetOptions,
	GetOrSetOptions,
	Loader,
	SetOptions,
	WriteOptions,
	WriteResult,
} from './api/types.js';
import type {CacheCore} from './core.js';
import type {Namespace} from './keys/namespace.js';
import type {LoadingReads} from './load/loading-reads.js';
import {CallTraces} from './observe/call-traces.js';
import type {Tracing} from './observe/tracing.js';
import {checkWriteOptions} from './options/call-options.js';
import {checkEntries, listOf} from './options/check-arguments.js';
import type {Hit} from './read/lookup.js';
import type {Reads} from './read/reads.js';
import {localNow} from './support/server-clock.js';
import type {Writes} from './write/writes.js';

/** Keys that bulk changes have under way at once. */
const bulkWidth = 256;

/** @internal The parts of a cache that its namespaces share. */
export type Shared = {
	readonly core: CacheCore;
	readonly reads: Reads;
	readonly loadingReads: LoadingReads;
	readonly writes: Writes;
	readonly tracing: Tracing;
};

/** A cache's calls on one namespace. See {@link CacheApi} for what they promise. */
export class NamespaceCache implements CacheApi {
	readonly #shared: Shared;
	readonly #space: Namespace;
	/** Also a part of `#shared`: fields of its own, for the hot path. */
	readonly #reads: Reads;
	readonly #writes: Writes;
	readonly #tracing: Tracing;
	readonly #traces: CallTraces;

	/** @internal Made by `RedisCache` and `namespace()`. */
	constructor(shared: Shared, space: Namespace) {
		this.#shared = shared;
		this.#space = space;
		this.#reads = shared.reads;
		this.#writes = shared.writes;
		this.#tracing = shared.tracing;
		this.#traces = new CallTraces(shared.core, shared.tracing, shared.reads, space);
	}

	get<T = unknown>(key: string, options?: GetOptions): Promise<T | undefined> {
		if (this.#tracing.wantsGet) return this.#read('get', key, options, foundValue<T>);
		return this.#reads.get(this.#space, key, options) as Promise<T | undefined>;
	}

	getEntry<T = unknown>(key: string, options?: GetOptions): Promise<Entry<T> | undefined> {
		return this.#read('getEntry', key, options, foundEntry<T>);
	}

	has(key: string, options?: GetOptions): Promise<boolean> {
		return this.#read('has', key, options, (found) => found?.kind === 'value');
	}

	ttl(key: string, options?: GetOptions): Promise<number | undefined> {
		return this.#read('ttl', key, options, (found) => foundEntry(found)?.ttlMs);
	}

	getOrSet<T>(key: string, loader: Loader<T>, options?: GetOrSetOptions): Promise<T> {
		return this.#traces.read('getOrSet', key, options?.fresh !== true, (trace) =>
			this.#shared.loadingReads.getOrSet(this.#space, key, loader, options, trace),
		) as Promise<T>;
	}

	async getMany<T = unknown>(keys: Iterable<string>, options?: GetOptions): Promise<Map<string, T>> {
		const all = listOf(keys, 'keys');
		return this.#traces.readMany(
			all.length,
			() => this.#reads.many(this.#space, all, options) as Promise<Map<string, T>>,
		);
	}

	set(key: string, value: unknown, options?: SetOptions): Promise<WriteResult> {
		if (options === undefined && !this.#tracing.wantsSet) return this.#writes.set(this.#space, key, value, options);
		return this.#write('set', key, options, () => this.#writes.set(this.#space, key, value, options));
	}

	delete(key: string, options?: WriteOptions): Promise<WriteResult> {
		return this.#write('delete', key, options, () => this.#writes.delete(this.#space, key, options));
	}

	expire(key: string, ttl: Duration, options?: WriteOptions): Promise<ExpireResult> {
		// Without a TTL it would be a touch.
		const given = ttl === undefined ? Number.NaN : ttl;
		return this.#write('expire', key, options, () => this.#writes.expire(this.#space, key, given, options));
	}

	touch(key: string, options?: WriteOptions): Promise<ExpireResult> {
		return this.#write('touch', key, options, () => this.#writes.expire(this.#space, key, undefined, options));
	}

	async setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<WriteResult> {
		const all = checkEntries(entries);
		if (options !== undefined) checkWriteOptions(options, 'setMany');
		return this.#traces.writeMany({operation: 'setMany', keys: all.length}, () =>
			inParts(all, ([key, value]) => this.#writes.set(this.#space, key, value, options)),
		);
	}

	async deleteMany(keys: Iterable<string>, options?: WriteOptions): Promise<WriteResult> {
		const all = listOf(keys, 'keys');
		if (options !== undefined) checkWriteOptions(options, 'deleteMany');
		return this.#traces.writeMany({operation: 'deleteMany', keys: all.length}, () =>
			inParts(all, (key) => this.#writes.delete(this.#space, key, options)),
		);
	}

	async invalidateTags(tags: Iterable<string>, options?: WriteOptions): Promise<WriteResult> {
		const all = listOf(tags, 'tags');
		if (options !== undefined) checkWriteOptions(options, 'invalidateTags');
		return this.#traces.writeMany({operation: 'invalidateTags', tags: all}, () =>
			this.#writes.invalidateTags(this.#space, all, options),
		);
	}

	async clear(options?: WriteOptions): Promise<WriteResult> {
		if (options !== undefined) checkWriteOptions(options, 'clear');
		return this.#traces.writeMany({operation: 'clear'}, () => this.#writes.clear(this.#space, options));
	}

	namespace(name: string): CacheApi {
		return new NamespaceCache(this.#shared, this.#shared.core.spaces.named(name));
	}

	#write<R extends WriteResult | ExpireResult>(
		operation: 'set' | 'delete' | 'expire' | 'touch',
		key: string,
		options: SetOptions | undefined,
		write: () => Promise<R>,
	): Promise<R> {
		if (options !== undefined) {
			try {
				checkWriteOptions(options, operation);
			} catch (error) {
				return Promise.reject(error);
			}
		}
		return this.#traces.write(operation, key, write);
	}

	#read<R>(
		operation: 'get' | 'getEntry' | 'has' | 'ttl',
		key: string,
		options: GetOptions | undefined,
		shape: (found: Hit | undefined) => R,
	): Promise<R> {
		return this.#traces.read(operation, key, true, (trace) =>
			this.#reads.find(operation, this.#space, key, options, trace).then(shape),
		);
	}
}

function foundValue<T>(found: Hit | undefined): T | undefined {
	return found?.value as T | undefined;
}

function foundEntry<T>(found: Hit | undefined): Entry<T> | undefined {
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

async function inParts<T>(items: readonly T[], work: (item: T) => Promise<WriteResult>): Promise<WriteResult> {
	let stored: WriteResult['stored'] = 'redis';
	for (let from = 0; from < items.length; from += bulkWidth) {
		const results = await Promise.all(items.slice(from, from + bulkWidth).map(work));
		if (results.some((result) => result.stored === 'memory')) stored = 'memory';
	}
	return {stored};
}
