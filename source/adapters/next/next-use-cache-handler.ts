import type {RedisCache} from '../../cache/redis-cache.js';
import {usableKey} from '../usable-name.js';
import type {NextCacheOptions} from './next-settings.js';
import {type NextDurations, NextStore} from './next-store.js';

/** Tags and times of an entry of `use cache`, as defined by Next.js. */
export type NextUseCacheFields = {
	/** Tags given by `cacheTag`. */
	readonly tags: string[];
	/** Seconds for which a browser may use the entry without a request. */
	readonly stale: number;
	/** When the entry was created, Unix time in milliseconds. */
	readonly timestamp: number;
	/** Age in seconds at which the entry is no longer served. */
	readonly expire: number;
	/** Age in seconds at which the entry is created again in the background; -1: at the next read. */
	readonly revalidate: number;
};

/** An entry of `use cache`. */
export type NextUseCacheEntry = NextUseCacheFields & {
	/** The bytes of the entry. A stream can be read only once. */
	readonly value: ReadableStream<Uint8Array>;
};

/** The interface of a handler of `use cache`. */
export type NextUseCacheHandler = {
	/** Called by Next.js to read an entry. `undefined`: a miss. */
	get(key: string, softTags?: readonly string[]): Promise<NextUseCacheEntry | undefined>;
	/** Called by Next.js to store an entry. Resolves after `pending`, once the entry is stored. */
	set(key: string, pending: Promise<NextUseCacheEntry>): Promise<void>;
	/** Called by Next.js at the start of a request. Does nothing: the cache is kept coherent by Redis. */
	refreshTags(): Promise<void>;
	/** Called by Next.js. Returns Infinity, which means that `get` checks the tags of the page. */
	getExpiration(tags: readonly string[]): Promise<number>;
	/** Called by Next.js for `revalidateTag`, `updateTag` and `revalidatePath`. */
	updateTags(tags: readonly string[], durations?: NextDurations): Promise<void>;
	/** The cache of the handler, for metrics and events. Opened at the first access. */
	readonly cache: RedisCache;
};

type Stored = NextUseCacheFields & {readonly bytes: Buffer};

/**
 * Creates a handler for `use cache` in Next.js 16 (an entry of `cacheHandlers` in its configuration), with the guarantees and
 * limits of `nextCacheHandler`. An entry that was revalidated while it was being created is not stored.
 *
 * @param options Options of the `RedisCache`. Entries are kept for 30 days by default, without jitter.
 * @example
 * // use-cache-handler.mjs; its path is `cacheHandlers: {default: …}` in next.config.mjs
 * import {nextUseCacheHandler} from 'redis-cache-tui/next';
 *
 * export default nextUseCacheHandler({url: process.env.REDIS_URL, namespace: 'shop'});
 */
export function nextUseCacheHandler(options: NextCacheOptions = {}): NextUseCacheHandler {
	const store = new NextStore(options);
	const nameOf = (key: string): string => usableKey(`use-cache:${key}`);
	/** Writes in progress by key. Reads of these keys wait for them. */
	const writes = new Map<string, Promise<void>>();

	return {
		get cache() {
			return store.cache;
		},
		async get(key, softTags) {
			await writes.get(key);
			const found = await store.get<Stored>(() => nameOf(key), softTags);
			if (found === undefined) return undefined;
			const {bytes, ...fields} = found.value;
			return {...fields, ...(found.isStale && {revalidate: -1}), value: streamOf(bytes)};
		},
		async set(key, pending) {
			const write = storeEntry(store, nameOf(key), pending);
			writes.set(key, write);
			try {
				await write;
			} finally {
				if (writes.get(key) === write) writes.delete(key);
			}
		},
		async refreshTags() {},
		async getExpiration() {
			return Number.POSITIVE_INFINITY;
		},
		async updateTags(tags, durations) {
			await store.revalidate(tags, durations);
		},
	};
}

/** Never rejects: an entry whose stream fails is not stored. */
async function storeEntry(store: NextStore, name: string, pending: Promise<NextUseCacheEntry>): Promise<void> {
	try {
		const {value, tags, stale, timestamp, expire, revalidate} = await pending;
		const chunks: Uint8Array[] = [];
		for await (const chunk of value) chunks.push(chunk);
		const stored: Stored = {tags, stale, timestamp, expire, revalidate, bytes: Buffer.concat(chunks)};
		const tookMs = Math.max(0, Date.now() - timestamp);
		await store.set(() => name, stored, {lifetime: {revalidate, expire}, tags, tookMs});
	} catch {
		// The render that reads the stream gets its error.
	}
}

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
	new ReadableStream({
		start(controller) {
			controller.enqueue(bytes);
			controller.close();
		},
	});
