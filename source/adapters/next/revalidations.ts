import type {CacheApi} from '../../cache/api/cache-api.js';

const keyOf = (tag: string): string => `revalidated:${tag}`;

/** How long older entries are served, in milliseconds; `null`: until they expire. */
type Revalidation = {readonly servedForMs: number | null};

/**
 * The latest revalidation of each tag: its time, and how long older entries are served after it. All ages are measured by the
 * clock of the same Redis. Removing entries does not depend on it, since that is done by their tags: if this record is lost, an
 * entry that was revalidated with a profile may be served until it expires.
 */
export class Revalidations {
	readonly #cache: CacheApi;

	/** @param cache The cache of the entries. */
	constructor(cache: CacheApi) {
		this.#cache = cache;
	}

	/** Records a revalidation. @param expire Seconds for which older entries are served; `undefined`: until they expire. */
	async note(tags: readonly string[], expire: number | undefined): Promise<void> {
		const revalidation: Revalidation = {servedForMs: expire === undefined ? null : expire * 1000};
		await this.#cache.setMany(
			tags.map((tag) => [keyOf(tag), revalidation] as const),
			{ttl: '30d', grace: 0},
		);
	}

	/** True if an entry with these tags and this age was revalidated, and may no longer be served. */
	async haveExpired(tags: readonly string[], ageMs: number): Promise<boolean> {
		const found = await this.#find(tags);
		return found.some(({sinceMs, servedForMs}) => sinceMs <= ageMs && servedForMs !== null && sinceMs >= servedForMs);
	}

	/** True if one of these tags was revalidated within the last `ms` milliseconds. */
	async haveHappenedWithin(tags: readonly string[], ms: number): Promise<boolean> {
		const found = await this.#find(tags);
		return found.some(({sinceMs}) => sinceMs <= ms);
	}

	async #find(tags: readonly string[]): Promise<readonly (Revalidation & {readonly sinceMs: number})[]> {
		const found = await Promise.all(tags.map((tag) => this.#cache.getEntry<Revalidation>(keyOf(tag))));
		return found.flatMap((entry) => (entry === undefined ? [] : [{...entry.value, sinceMs: entry.ageMs}]));
	}
}
