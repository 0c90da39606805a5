/**
 * A storage adapter for Keyv.
 *
 * @module redis-cache-tui/keyv
 */
import type {CacheApi} from '../cache/api/cache-api.js';
import type {CacheOptions} from '../cache/api/cache-options.js';
import {RedisCache} from '../cache/redis-cache.js';
import {usableKey, usableNamespace} from './usable-name.js';

/** A value to store, as Keyv passes it to a storage adapter. */
export type KeyvStoreEntry = {
	/** The key, with Keyv's prefix if it uses one. */
	readonly key: string;
	/** The value as Keyv has serialized it. */
	readonly value: unknown;
	/** TTL in milliseconds. Default: the TTL rules of the cache apply. */
	readonly ttl?: number | undefined;
};

/**
 * A storage adapter for Keyv 5 and 6 on a `RedisCache`, and thus for libraries built on Keyv: cache-manager, cacheable,
 * and the `CacheModule` of NestJS.
 *
 * Calls settle within the cache's deadline and do not reject because of Redis, unless the cache is `strict`; then Keyv
 * emits the error. Otherwise errors are events of the cache (`cache.on('error', …)`) and not of Keyv. Each namespace of
 * Keyv is a namespace of the cache, so Keyv's `clear` takes constant time. Give each Keyv its own store: Keyv writes
 * its namespace into it.
 *
 * - A value that Keyv gives no TTL gets that of the cache (`'5m'` by default), and no TTL is longer than its `ttl.max`.
 * - `grace` has no effect unless Keyv leaves expired values to the store (`checkExpired: false`, Keyv 6).
 * - A key or namespace that the cache does not accept (longer than 512 bytes, or with control characters) is stored under its
 *   SHA-256 hash.
 * - `iterator` is not supported.
 *
 * @example
 * import Keyv from 'keyv';
 * import {RedisCache} from 'redis-cache-tui';
 * import {KeyvStore} from 'redis-cache-tui/keyv';
 *
 * const cache = new RedisCache({ttl: '1h'});
 * const users = new Keyv({store: new KeyvStore(cache), namespace: 'users'});
 * await users.set('1', {name: 'Ada'}, 60_000);
 */
export class KeyvStore {
	/** The cache in which the values are stored. */
	readonly cache: RedisCache;
	/** Keyv reads settings of a store from here. This store has none. */
	readonly opts: Record<string, unknown> = {};
	readonly #ownsCache: boolean;
	#namespace: string | undefined;
	#values: CacheApi;

	/**
	 * @param cache The cache, which the application closes; or the options of a new one, which `disconnect` closes.
	 * @throws {InvalidArgumentError | InvalidKeyError | InvalidDurationError} an option cannot be used.
	 */
	constructor(cache: RedisCache | CacheOptions = {}) {
		this.#ownsCache = !(cache instanceof RedisCache);
		this.cache = cache instanceof RedisCache ? cache : new RedisCache(cache);
		this.#values = this.cache;
	}

	/** Keyv's namespace, which Keyv sets. Without one, keys are in the cache's own namespace. */
	get namespace(): string | undefined {
		return this.#namespace;
	}

	/** @throws {InvalidArgumentError} the cache has 1024 namespaces already. */
	set namespace(name: string | undefined) {
		this.#namespace = name;
		this.#values = name ? this.cache.namespace(usableNamespace(name)) : this.cache;
	}

	/** Reads a value. @returns The stored value, or `undefined` for a miss. */
	async get<T = unknown>(key: string): Promise<T | undefined> {
		return this.#values.get<T>(usableKey(key));
	}

	/** Reads many values. @returns The stored values in the order of the keys, with `undefined` for misses. */
	async getMany<T = unknown>(keys: readonly string[]): Promise<(T | undefined)[]> {
		const names = keys.map(usableKey);
		const found = await this.#values.getMany<T>(names);
		return names.map((name) => found.get(name));
	}

	/**
	 * Stores a value.
	 *
	 * @param ttl TTL in milliseconds. Default: the TTL rules of the cache apply.
	 * @returns True: the value is in Redis or, while Redis is unreachable, in this process.
	 */
	async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
		await this.#values.set(usableKey(key), value, ttlOf(ttl));
		return true;
	}

	/** Stores many values: those with the same TTL share commands. @returns As `set`, for each value. */
	async setMany(entries: readonly KeyvStoreEntry[]): Promise<boolean[]> {
		const byTtl = new Map<number | undefined, (readonly [key: string, value: unknown])[]>();
		for (const {key, value, ttl} of entries) {
			const group = byTtl.get(ttl) ?? [];
			byTtl.set(ttl, group);
			group.push([usableKey(key), value]);
		}
		await Promise.all([...byTtl].map(([ttl, group]) => this.#values.setMany(group, ttlOf(ttl))));
		return entries.map(() => true);
	}

	/** Removes a value. @returns True if there was a value; while Redis is unreachable, if this process had one. */
	async delete(key: string): Promise<boolean> {
		const name = usableKey(key);
		const wasThere = await this.#values.has(name);
		await this.#values.delete(name);
		return wasThere;
	}

	/** Removes many values. @returns True if there was a value under each of the keys. */
	async deleteMany(keys: readonly string[]): Promise<boolean> {
		const names = keys.map(usableKey);
		const found = await this.#values.getMany(names);
		await this.#values.deleteMany(names);
		return names.every((name) => found.has(name));
	}

	/** Makes all values of the namespace misses, in constant time. */
	async clear(): Promise<void> {
		await this.#values.clear();
	}

	/** Checks if a value exists. @returns True if `get` would return a value. */
	async has(key: string): Promise<boolean> {
		return this.#values.has(usableKey(key));
	}

	/** Checks if many values exist. @returns As `has`, in the order of the keys. */
	async hasMany(keys: readonly string[]): Promise<boolean[]> {
		const names = keys.map(usableKey);
		const found = await this.#values.getMany(names);
		return names.map((name) => found.has(name));
	}

	/** Closes the cache if this store created it. */
	async disconnect(): Promise<void> {
		if (this.#ownsCache) await this.cache.close();
	}
}

/** Keyv passes a negative TTL for a value that has already expired. The cache then deletes the key, as for a TTL of 0. */
const ttlOf = (ttl: number | undefined): {readonly ttl: number} | undefined =>
	ttl === undefined ? undefined : {ttl: Math.max(0, ttl)};
