import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RedisCache} from '../../cache/redis-cache.js';
import {usableKey} from '../usable-name.js';
import type {NextCacheOptions} from './next-settings.js';
import {type NextDurations, type NextLifetime, NextStore} from './next-store.js';

/** Information on the server that Next.js hands to a handler: the fields that are used. */
export type NextHandlerContext = {
	/** The folder `server` of the build. */
	readonly serverDistDir?: string | undefined;
	/** True for `next dev`. */
	readonly dev?: boolean | undefined;
};

/** Information on an entry that Next.js hands to a handler: the fields that are used. */
export type NextEntryContext = {
	/** `FETCH` for data that a page has fetched; else the kind of the page. */
	readonly kind?: string | undefined;
	/** Tags of fetched data. */
	readonly tags?: readonly string[] | undefined;
	/** Tags of the page that reads it. */
	readonly softTags?: readonly string[] | undefined;
	/** The lifetime of a page. */
	readonly cacheControl?: NextLifetime | undefined;
	/** Age in seconds at which the page that reads it fetches the data again. */
	readonly revalidate?: number | false | undefined;
};

/** A value that Next.js stores: the fields that are used. `null`: there is no such page. */
export type NextValue = {
	/** `FETCH` for fetched data; else the kind of the page. */
	readonly kind: string;
	/** Tags of fetched data. */
	readonly tags?: readonly string[] | undefined;
	/** Age in seconds at which data is fetched again. */
	readonly revalidate?: number | false | undefined;
	/** Headers of a page; one of them has its tags. */
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

/** The interface of a handler, which Next.js makes one of for each request. */
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

/** The class that Next.js requires as the default export of its `cacheHandler`. */
export type NextCacheHandlerClass = {
	new (context: NextHandlerContext): NextCacheHandler;
	/** The cache behind all handlers: for metrics and events. Opened if it is not open yet. */
	readonly cache: RedisCache;
};

const tagsHeader = 'x-next-cache-tags';

/**
 * Makes a cache handler for Next.js 15 and 16 (`cacheHandler` in its configuration): pages, route handlers and fetched
 * data are in Redis, for all instances, and in the memory of each. Tags of Next.js are tags of the cache.
 *
 * While Redis cannot be reached, each request settles within the cache's deadline and its render, pages in memory are
 * served, and pages revalidated in that time do not come back afterwards.
 *
 * - Nothing is stored by `next build`: pages are rendered at their first request. Pages belong to a build, so that
 *   instances
 *   of two builds do not mix; fetched data outlives builds, as Next.js has it.
 * - Next.js decides when an entry is stale. One that is not used for 30 days, or past its `expire`, is gone.
 * - Revalidation removes; the next request waits for the new page. With a profile (`revalidateTag('posts', 'max')`) the
 *   old page
 *   is served while the new one is rendered, for as long as the profile's `expire` says. Revalidated in an outage, it
 * is removed.
 * - The connection is opened by the first request. The process of Next.js ends without closing it.
 *
 * @param options Those of `RedisCache`. Default TTL: 30 days, without jitter.
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
 * Next.js renders a page again in the background once it is older than its lifetime; there is no other way to request
 * that.
 */
function stalePage({value, lastModified, cacheControl}: NextStoredEntry): NextStoredEntry {
	// Next.js ignores the age of a page that is never stale.
	const revalidate = cacheControl?.revalidate || 1;
	return {value, lastModified: olderThan(revalidate, lastModified), cacheControl: {...cacheControl, revalidate}};
}

/** As {@link stalePage}, for data, whose lifetime is that of the value unless the page that wants it has one. */
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
