import {RedisCache} from '../../cache/redis-cache.js';
import {type NextCacheOptions, settingsOf} from './next-settings.js';
import {tagsToInvalidate, tagsToStore} from './next-tags.js';
import {PathTags} from './path-tags.js';
import {Revalidations} from './revalidations.js';

/** The lifetime of an entry, in seconds. */
export type NextLifetime = {
	/** Age at which it is rendered again in the background; false: never. */
	readonly revalidate?: number | false | undefined;
	/** Age at which it is no longer served. */
	readonly expire?: number | undefined;
};

/** The second argument of a revalidation, in which Next.js hands on a profile. Without one, entries are removed at once. */
export type NextDurations = {
	/**
	 * Seconds for which older entries are served while they are rendered again; 0: they are removed at once. Default: for
	 * their lifetime.
	 */
	readonly expire?: number | undefined;
};

/** An entry, and whether Next.js should render it again. */
export type Found<T> = {readonly value: T; readonly isStale: boolean};

export type NextWrite = {
	readonly lifetime: NextLifetime;
	readonly tags: readonly string[];
	/** Milliseconds since the value began to be made: what was revalidated since is not stored. Default 0. */
	readonly tookMs?: number | undefined;
};

type Stored<T> = {readonly value: T; readonly tags: readonly string[]; readonly tookMs: number};

/** Milliseconds: a cache keeps no entry longer. */
const longestMs = 30 * 86_400_000;

/** The cache behind a handler of Next.js, as both of its interfaces need it. Nothing is read or written by `next build`. */
export class NextStore {
	readonly #options: NextCacheOptions;
	#opened: {readonly cache: RedisCache; readonly paths: PathTags; readonly revalidations: Revalidations} | undefined;

	constructor(options: NextCacheOptions) {
		this.#options = options;
	}

	/** Opened at the first use. */
	get cache(): RedisCache {
		return this.#open().cache;
	}

	/**
	 * @param nameOf The key of the entry; not called by `next build`.
	 * @param paths Tags of the page that wants the entry: one that is older than their last revalidation is not found.
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
		// After it was stored, so that no revalidation is missed: a later one reaches the entry by its tags.
		if (tookMs > 0 && (await revalidations.haveHappenedWithin(names, tookMs))) await cache.delete(name);
	}

	/** @param durations `undefined`: entries with these tags are removed; else they become stale. */
	async revalidate(tags: readonly string[], durations: NextDurations | undefined): Promise<void> {
		if (isBuilding()) return;
		const {cache, revalidations} = this.#open();
		const groups = tagsToInvalidate(tags);
		const expire = durations === undefined ? 0 : durations.expire;
		// First, so that what is being stored meanwhile is found to be older.
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

/** True in `next build`. */
const isBuilding = (): boolean => process.env.NEXT_PHASE === 'phase-production-build';

/**
 * The TTL and grace of an entry: stale when Next.js makes it anew, gone when Next.js no longer serves it. Without grace, a
 * revalidation with a profile would remove it, so there is some where the two times are the same, or longer than a cache keeps
 * entries.
 */
function cacheTimes({revalidate, expire}: NextLifetime): {readonly ttl?: number; readonly grace?: number} {
	const ttl = typeof revalidate === 'number' && revalidate > 0 ? revalidate * 1000 : undefined;
	if (expire === undefined) return ttl === undefined || ttl >= longestMs ? {} : {ttl};
	const lifeMs = Math.min(expire * 1000, longestMs);
	const freshMs = ttl === undefined || ttl >= lifeMs ? lifeMs / 2 : ttl;
	return {ttl: freshMs, grace: lifeMs - freshMs};
}
