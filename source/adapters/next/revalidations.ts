import type {CacheApi} from '../../cache/api/cache-api.js';

const keyOf = (tag: string): string => `revalidated:${tag}`;

/** `null`: for as long as they live. */
type Revalidation = {readonly servedForMs: number | null};

/**
 * The latest revalidation of each tag: when it was, and how long older entries are served after it. Ages are told by the clock
 * of one Redis. Entries that are removed are removed by their tags, and not by this: if it is lost, an entry that was
 * revalidated is served while it is made anew, and no longer than it lives.
 */
export class Revalidations {
	readonly #cache: CacheApi;

	/** @param cache That of the entries. */
	constructor(cache: CacheApi) {
		this.#cache = cache;
	}

	/** @param expire Seconds for which older entries are served; `undefined`: for as long as they live. */
	async note(tags: readonly string[], expire: number | undefined): Promise<void> {
		const revalidation: Revalidation = {servedForMs: expire === undefined ? null : expire * 1000};
		await this.#cache.setMany(
			tags.map((tag) => [keyOf(tag), revalidation] as const),
			{ttl: '30d', grace: 0},
		);
	}

	/** True if an entry of this age, with these tags, was revalidated and may no longer be served. */
	async haveExpired(tags: readonly string[], ageMs: number): Promise<boolean> {
		const found = await this.#find(tags);
		return found.some(({sinceMs, servedForMs}) => sinceMs <= ageMs && servedForMs !== null && sinceMs >= servedForMs);
	}

	/** True if one of these tags was revalidated in the last so many milliseconds. */
	async haveHappenedWithin(tags: readonly string[], ms: number): Promise<boolean> {
		const found = await this.#find(tags);
		return found.some(({sinceMs}) => sinceMs <= ms);
	}

	async #find(tags: readonly string[]): Promise<readonly (Revalidation & {readonly sinceMs: number})[]> {
		const found = await Promise.all(tags.map((tag) => this.#cache.getEntry<Revalidation>(keyOf(tag))));
		return found.flatMap((entry) => (entry === undefined ? [] : [{...entry.value, sinceMs: entry.ageMs}]));
	}
}
