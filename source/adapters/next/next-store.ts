import {RedisCache} from '../../cache/redis-cache.js';
import {type NextCacheOptions, settingsOf} from './next-settings.js';
import {tagsToInvalidate, tagsToStore} from './next-tags.js';
import {PathTags} from './path-tags.js';
import {Revalidations} from './revalidations.js';

/** The lifetime of an entry, in seconds. */
export type NextLifetime = {
	/** Age at which an entry is rendered again in the background; `false`: never. */
	readonly revalidate?: number | false | undefined;
	/** Age at which an entry is no longer served. */
	readonly expire?: number | undefined;
};

/** The second argument of a revalidation, by which Next.js passes a profile. Without it, entries are removed at once. */
export type NextDurations = {
	/**
	 * Seconds for which older entries are served while they are rendered again; 0: they are removed at once. Default: until
	 * they expire.
	 */
	readonly expire?: number | undefined;
};

/** An entry that was found. `isStale`: Next.js should render it again. */
export type Found<T> = {readonly value: T; readonly isStale: boolean};

export type NextWrite = {
	readonly lifetime: NextLifetime;
	readonly tags: readonly string[];
	/** Milliseconds since the rendering began. If a tag was revalidated since, the value is not stored. Default 0. */
	readonly tookMs?: number | undefined;
};

type Stored<T> = {readonly value: T; readonly tags: readonly string[]; readonly tookMs: number};

/** Longest life of an entry of a cache, in milliseconds. */
const longestMs = 30 * 86_400_000;

/** The store that both kinds of handlers of Next.js use. During `next build` nothing is read or written. */
export class NextStore {
	readonly #options: NextCacheOptions;
	#opened: {readonly cache: RedisCache; readonly paths: PathTags; readonly revalidations: Revalidations} | undefined;

	constructor(options: NextCacheOptions) {
		this.#options = options;
	}

	/** The cache, which is opened at the first use. */
	get cache(): RedisCache {
		return this.#open().cache;
	}

	/**
	 * @param nameOf Returns the key of the entry. Not called during `next build`.
	 * @param paths Tags of the page that reads the entry. An entry older than their last revalidation is a miss.
	 */
	async get<T>(nameOf: () => string, paths: readonly string[] = []): Promise<Found<T> | undefined> {
		if (isBuilding()) return undefined;
		const {cache, paths: pathTags, revalidations} = this.#open();
		const [entry, youngest] = await Promise.all([
			cache.getEntry<Stored<T>>(nameOf(), {stale: true}),
			pathTags.youngest(paths),
		]);
		if (entry === undefined) return undefined;
		const {value, tags, tookMs} = entry.value;
		const ageMs = entry.ageMs + tookMs;
		if (ageMs > youngest || (entry.stale && (await revalidations.haveExpired(tags, ageMs)))) return undefined;
		return {value, isStale: entry.stale};
	}

	async set(nameOf: () => string, value: unknown, {lifetime, tags, tookMs = 0}: NextWrite): Promise<void> {
		if (isBuilding()) return;
		const {cache, revalidations} = this.#open();
		const name = nameOf();
		const names = tagsToStore(tags);
		const stored: Stored<unknown> = {value, tags: names, tookMs};
		await cache.set(name, stored, {...cacheTimes(lifetime), tags: names});
		// Checked after storing, so that no revalidation is missed: a later one finds the entry by its tags.
		if (tookMs > 0 && (await revalidations.haveHappenedWithin(names, tookMs))) await cache.delete(name);
	}

	/** @param durations If `undefined`, entries with these tags are removed; otherwise they become stale. */
	async revalidate(tags: readonly string[], durations: NextDurations | undefined): Promise<void> {
		if (isBuilding()) return;
		const {cache, revalidations} = this.#open();
		const groups = tagsToInvalidate(tags);
		const expire = durations === undefined ? 0 : durations.expire;
		// Recorded first, so that an entry which is being stored meanwhile is recognized as older.
		await revalidations.note(groups.flat(), expire);
		await Promise.all(groups.map((group) => cache.invalidateTags(group, {soft: expire !== 0})));
	}

	#open() {
		if (this.#opened === undefined) {
			const cache = new RedisCache(settingsOf(this.#options));
			this.#opened = {cache, paths: new PathTags(cache), revalidations: new Revalidations(cache)};
		}
		return this.#opened;
	}
}

/** True during `next build`. */
const isBuilding = (): boolean => process.env.NEXT_PHASE === 'phase-production-build';

/**
 * The TTL and grace of an entry. It becomes stale when Next.js renders it again, and is removed when Next.js no longer serves
 * it. There is always some grace, even if both times are the same or longer than a cache keeps entries: without grace, a
 * revalidation with a profile would remove the entry.
 */
function cacheTimes({revalidate, expire}: NextLifetime): {readonly ttl?: number; readonly grace?: number} {
	const ttl = typeof revalidate === 'number' && revalidate > 0 ? revalidate * 1000 : undefined;
	if (expire === undefined) return ttl === undefined || ttl >= longestMs ? {} : {ttl};
	const lifeMs = Math.min(expire * 1000, longestMs);
	const freshMs = ttl === undefined || ttl >= lifeMs ? lifeMs / 2 : ttl;
	return {ttl: freshMs, grace: lifeMs - freshMs};
}
