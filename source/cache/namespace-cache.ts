import type {CacheApi} from './api/cache-api.js';
import type {
	Entry,
	ExpireResult,
	GetOrSetManyOptions,
	GetOrSetOptions,
	InvalidateOptions,
	Loader,
	ManyLoader,
	ReadOptions,
	SetOptions,
	WriteOptions,
	WriteResult,
} from './api/call-types.js';
import type {Duration} from './api/duration.js';
import type {CacheParts} from './cache-parts.js';
import {localNow} from './clock/local-now.js';
import type {Namespace} from './keys/namespace.js';
import {getOrSet} from './load/get-or-set.js';
import {getOrSetMany} from './load/many/get-or-set-many.js';
import {CallTraces} from './observe/call-traces.js';
import type {Tracing} from './observe/tracing.js';
import {checkWriteOptions} from './options/call-options.js';
import {checkEntries, listOf} from './options/checks.js';
import {find, get} from './read/get.js';
import {getMany} from './read/get-many.js';
import type {Hit} from './read/look-up.js';
import {deleteKey} from './write/delete.js';
import {expire} from './write/expire.js';
import {clear, invalidateTags} from './write/invalidate.js';
import {set} from './write/set.js';
import {writeMany} from './write/write-many.js';

/** The calls of a cache on one namespace. {@link CacheApi} describes them. */
export class NamespaceCache implements CacheApi {
	readonly #parts: CacheParts;
	readonly #namespace: Namespace;
	readonly #tracing: Tracing;
	readonly #traces: CallTraces;

	/** @internal Created by `RedisCache` and `namespace()`. */
	constructor(parts: CacheParts, namespace: Namespace) {
		this.#parts = parts;
		this.#namespace = namespace;
		this.#tracing = parts.tracing;
		const {tracing, server, memory} = parts;
		const isInMemory = (key: string) => memory.getFresh(namespace, key) !== undefined;
		this.#traces = new CallTraces({tracing, server, isInMemory}, namespace);
	}

	get<T = unknown>(key: string, options?: ReadOptions): Promise<T | undefined> {
		if (this.#tracing.wantsGet) return this.#find('get', key, options, (hit) => hit?.value as T | undefined);
		return get(this.#parts, this.#namespace, key, options) as Promise<T | undefined>;
	}

	getEntry<T = unknown>(key: string, options?: ReadOptions): Promise<Entry<T> | undefined> {
		return this.#find('getEntry', key, options, toEntry<T>);
	}

	has(key: string, options?: ReadOptions): Promise<boolean> {
		return this.#find('has', key, options, (hit) => hit?.kind === 'value');
	}

	ttl(key: string, options?: ReadOptions): Promise<number | undefined> {
		return this.#find('ttl', key, options, (hit) => toEntry(hit)?.ttlMs);
	}

	getOrSet<T>(key: string, loader: Loader<T>, options?: GetOrSetOptions): Promise<T> {
		return this.#traces.read('getOrSet', key, options?.fresh !== true, (trace) =>
			getOrSet(this.#parts, {namespace: this.#namespace, key, loader, options, trace}),
		) as Promise<T>;
	}

	async getOrSetMany<T>(
		keys: Iterable<string>,
		loadMissing: ManyLoader<T>,
		options?: GetOrSetManyOptions,
	): Promise<Map<string, T>> {
		const list = listOf(keys, 'keys');
		return this.#traces.readMany(
			'getOrSetMany',
			list.length,
			(trace) =>
				getOrSetMany(this.#parts, {namespace: this.#namespace, keys: list, loadMissing, options, trace}) as Promise<
					Map<string, T>
				>,
		);
	}

	async getMany<T = unknown>(keys: Iterable<string>, options?: ReadOptions): Promise<Map<string, T>> {
		const list = listOf(keys, 'keys');
		return this.#traces.readMany(
			'getMany',
			list.length,
			() => getMany(this.#parts, this.#namespace, list, options) as Promise<Map<string, T>>,
		);
	}

	set(key: string, value: unknown, options?: SetOptions): Promise<WriteResult> {
		if (options === undefined && !this.#tracing.wantsSet) return set(this.#parts, this.#namespace, key, value, options);
		return this.#write('set', key, options, () => set(this.#parts, this.#namespace, key, value, options));
	}

	delete(key: string, options?: InvalidateOptions): Promise<WriteResult> {
		return this.#write('delete', key, options, () => deleteKey(this.#parts, this.#namespace, key, options));
	}

	expire(key: string, ttl: Duration, options?: WriteOptions): Promise<ExpireResult> {
		// `undefined` would mean `touch`; NaN is rejected as an invalid duration.
		const given = ttl === undefined ? Number.NaN : ttl;
		return this.#write('expire', key, options, () => expire(this.#parts, this.#namespace, key, given, options));
	}

	touch(key: string, options?: WriteOptions): Promise<ExpireResult> {
		return this.#write('touch', key, options, () => expire(this.#parts, this.#namespace, key, undefined, options));
	}

	async setMany(entries: Iterable<readonly [key: string, value: unknown]>, options?: SetOptions): Promise<WriteResult> {
		const list = checkEntries(entries);
		if (options !== undefined) checkWriteOptions(options, 'setMany');
		return this.#traces.writeMany({operation: 'setMany', keys: list.length}, () =>
			writeMany(list, ([key, value]) => set(this.#parts, this.#namespace, key, value, options)),
		);
	}

	async deleteMany(keys: Iterable<string>, options?: InvalidateOptions): Promise<WriteResult> {
		const list = listOf(keys, 'keys');
		if (options !== undefined) checkWriteOptions(options, 'deleteMany');
		return this.#traces.writeMany({operation: 'deleteMany', keys: list.length}, () =>
			writeMany(list, (key) => deleteKey(this.#parts, this.#namespace, key, options)),
		);
	}

	async invalidateTags(tags: Iterable<string>, options?: InvalidateOptions): Promise<WriteResult> {
		const list = listOf(tags, 'tags');
		if (options !== undefined) checkWriteOptions(options, 'invalidateTags');
		return this.#traces.writeMany({operation: 'invalidateTags', tags: list}, () =>
			invalidateTags(this.#parts, this.#namespace, list, options),
		);
	}

	async clear(options?: InvalidateOptions): Promise<WriteResult> {
		if (options !== undefined) checkWriteOptions(options, 'clear');
		return this.#traces.writeMany({operation: 'clear'}, () => clear(this.#parts, this.#namespace, options));
	}

	namespace(name: string): CacheApi {
		return new NamespaceCache(this.#parts, this.#parts.namespaces.open(name));
	}

	#find<R>(
		operation: 'get' | 'getEntry' | 'has' | 'ttl',
		key: string,
		options: ReadOptions | undefined,
		shape: (hit: Hit | undefined) => R,
	): Promise<R> {
		return this.#traces.read(operation, key, true, (trace) =>
			find(this.#parts, operation, this.#namespace, key, options, trace).then(shape),
		);
	}

	#write<R extends WriteResult | ExpireResult>(
		operation: 'set' | 'delete' | 'expire' | 'touch',
		key: string,
		options: SetOptions | undefined,
		write: () => Promise<R>,
	): Promise<R> {
		try {
			if (options !== undefined) checkWriteOptions(options, operation);
		} catch (error) {
			return Promise.reject(error);
		}
		return this.#traces.write(operation, key, write);
	}
}

function toEntry<T>(hit: Hit | undefined): Entry<T> | undefined {
	if (hit === undefined || hit.kind === 'absent') return undefined;
	const now = localNow();
	return {
		value: hit.value as T,
		source: hit.source,
		ageMs: Math.max(0, Math.floor(now - hit.obtainedAt)),
		// Rounded up, so that it is greater than 0 exactly while the value is fresh. `+ 0` turns -0 into 0.
		ttlMs: Math.ceil(hit.freshUntil - now) + 0,
		stale: now >= hit.freshUntil,
	};
}
