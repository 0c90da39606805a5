import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RedisCache} from '../../cache/redis-cache.js';
import {usableKey} from '../usable-name.js';
import type {NextCacheOptions} from './next-settings.js';
import {type NextDurations, type NextLifetime, NextStore} from './next-store.js';

/** Information about the server that Next.js passes to a handler: the fields that are used. */
export type NextHandlerContext = {
	/** The `server` folder of the build. */
	readonly serverDistDir?: string | undefined;
	/** True for `next dev`. */
	readonly dev?: boolean | undefined;
};

/** Information about an entry that Next.js passes to a handler: the fields that are used. */
export type NextEntryContext = {
	/** `FETCH` for fetched data, otherwise the kind of page. */
	readonly kind?: string | undefined;
	/** Tags of fetched data. */
	readonly tags?: readonly string[] | undefined;
	/** Tags of the page that reads the entry. */
	readonly softTags?: readonly string[] | undefined;
	/** The lifetime of a page. */
	readonly cacheControl?: NextLifetime | undefined;
	/** Age in seconds at which the page that reads the entry fetches the data again; `false`: never. */
	readonly revalidate?: number | false | undefined;
};

/** A value that Next.js stores: the fields that are used. `null` stands for a page that does not exist. */
export type NextValue = {
	/** `FETCH` for fetched data, otherwise the kind of page. */
	readonly kind: string;
	/** Tags of fetched data. */
	readonly tags?: readonly string[] | undefined;
	/** Age in seconds at which data is fetched again; `false`: never. */
	readonly revalidate?: number | false | undefined;
	/** Headers of a page, including the one with its tags. */
	readonly headers?: Readonly<Record<string, unknown>> | undefined;
} | null;

/** A stored value, with its age and lifetime. */
export type NextStoredEntry = {
	/** The value that was stored. */
	readonly value: NextValue;
	/** When it was stored, Unix time in milliseconds. */
	readonly lastModified: number;
	/** The lifetime of a page. */
	readonly cacheControl: NextLifetime | undefined;
};

/** The interface of a handler. Next.js creates one for each request. */
export type NextCacheHandler = {
	/** Called by Next.js to read an entry. `null`: a miss. */
	get(key: string, context?: NextEntryContext): Promise<NextStoredEntry | null>;
	/** Called by Next.js to store an entry. */
	set(key: string, value: NextValue, context?: NextEntryContext): Promise<void>;
	/** Called by Next.js for `revalidateTag`, `updateTag` and `revalidatePath`. */
	revalidateTag(tags: string | readonly string[], durations?: NextDurations): Promise<void>;
	/** Called by Next.js. Does nothing: a handler has no separate memory. */
	resetRequestCache(): void;
};

/** The class that Next.js expects as the default export of its `cacheHandler` module. */
export type NextCacheHandlerClass = {
	new (context: NextHandlerContext): NextCacheHandler;
	/** The cache that all handlers share, for metrics and events. Opened at the first access. */
	readonly cache: RedisCache;
};

const tagsHeader = 'x-next-cache-tags';

/**
 * Creates a cache handler for Next.js 15 and 16 (`cacheHandler` in its configuration). Pages, responses of route handlers and
 * fetched data are stored in Redis for all instances, and in the memory of each. Tags of Next.js are tags of the cache.
 *
 * While Redis is unreachable, each request takes at most the cache's deadline and its render time, pages in memory are served,
 * and pages revalidated in that time do not come back afterwards.
 *
 * - Nothing is stored by `next build`: pages are rendered at their first request. Pages belong to a build, so that instances of
 *   different builds do not share them. Fetched data outlives builds, as usual in Next.js.
 * - Next.js decides when an entry is stale. An entry is removed after its `expire`, and at most 30 days after it was stored.
 * - Revalidation removes a page, and the next request waits for the new one. With a profile (`revalidateTag('posts', 'max')`)
 *   the old page is served while the new one is rendered, for the `expire` time of the profile. A page that is revalidated in
 *   an outage is removed in any case.
 * - The connection is opened by the first request. The process of Next.js ends without closing it.
 *
 * @param options Options of the `RedisCache`. Entries are kept for 30 days by default, without jitter.
 * @example
 * // cache-handler.mjs; its path is `cacheHandler` in next.config.mjs, beside `cacheMaxMemorySize: 0`
 * import {nextCacheHandler} from 'redis-cache-tui/next';
 *
 * export default nextCacheHandler({url: process.env.REDIS_URL, namespace: 'shop'});
 */
export function nextCacheHandler(options: NextCacheOptions = {}): NextCacheHandlerClass {
	const store = new NextStore(options);

	return class RedisCacheHandler implements NextCacheHandler {
		static get cache(): RedisCache {
			return store.cache;
		}

		readonly #context: NextHandlerContext;

		constructor(context: NextHandlerContext) {
			this.#context = context;
		}

		async get(key: string, context: NextEntryContext = {}): Promise<NextStoredEntry | null> {
			const isFetch = context.kind === 'FETCH';
			const found = await store.get<NextStoredEntry>(
				() => this.#nameOf(key, isFetch),
				isFetch ? context.softTags : undefined,
			);
			if (found === undefined) return null;
			if (!found.isStale) return found.value;
			return isFetch ? staleData(found.value, context.revalidate) : stalePage(found.value);
		}

		async set(key: string, value: NextValue, {tags = [], cacheControl}: NextEntryContext = {}): Promise<void> {
			const entry: NextStoredEntry = {value, lastModified: Date.now(), cacheControl};
			await store.set(() => this.#nameOf(key, value?.kind === 'FETCH'), entry, {
				lifetime: cacheControl ?? {revalidate: value?.revalidate},
				tags: [...tags, ...(value?.tags ?? []), ...tagsOfHeaders(value)],
			});
		}

		async revalidateTag(tags: string | readonly string[], durations?: NextDurations): Promise<void> {
			await store.revalidate(typeof tags === 'string' ? [tags] : tags, durations);
		}

		resetRequestCache(): void {}

		#nameOf(key: string, isFetch: boolean): string {
			return usableKey(isFetch ? `fetch:${key}` : `page:${buildOf(this.#context)}:${key}`);
		}
	};
}

/**
 * Marks a page as stale by making it older than its lifetime: there is no other way to make Next.js render it again in the
 * background.
 */
function stalePage({value, lastModified, cacheControl}: NextStoredEntry): NextStoredEntry {
	// Next.js ignores the age of a page without `revalidate`.
	const revalidate = cacheControl?.revalidate || 1;
	return {value, lastModified: olderThan(revalidate, lastModified), cacheControl: {...cacheControl, revalidate}};
}

/** Like {@link stalePage}, for data. Its lifetime is that of the page that reads it, if it has one, else its own. */
const staleData = (entry: NextStoredEntry, wanted: number | false | undefined): NextStoredEntry => ({
	...entry,
	lastModified: olderThan(wanted || entry.value?.revalidate || 0, entry.lastModified),
});

const olderThan = (seconds: number, time: number): number => Math.min(time, Date.now() - seconds * 1000 - 1);

const tagsOfHeaders = (value: NextValue): readonly string[] => {
	const header = value?.headers?.[tagsHeader];
	return typeof header === 'string' && header !== '' ? header.split(',') : [];
};

const builds = new Map<string, string>();

/** The id of a build. */
function buildOf({serverDistDir, dev}: NextHandlerContext): string {
	if (dev || serverDistDir === undefined) return 'development';
	const known = builds.get(serverDistDir);
	if (known !== undefined) return known;
	const id = readFileSync(join(serverDistDir, '..', 'BUILD_ID'), 'utf8').trim();
	builds.set(serverDistDir, id);
	return id;
}
