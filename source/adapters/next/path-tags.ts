import type {CacheApi} from '../../cache/api/cache-api.js';
import {tagsToStore} from './next-tags.js';

const witnessKey = (tag: string): string => `witness:${tagsToStore([tag])[0]}`;

/**
 * The tags of paths, for data that pages have fetched. Next.js gives an entry's own tags when it is stored, and those of the
 * page that wants it only when it is read. So each tag of a path has a witness, an entry with that tag: what was stored
 * before its witness may be older than the last `revalidatePath`, and counts as a miss.
 */
export class PathTags {
	readonly #cache: CacheApi;

	/**
	 * @param cache The cache of the entries: ages of values are compared, so they must be by the clock of the same Redis.
	 */
	constructor(cache: CacheApi) {
		this.#cache = cache;
	}

	/**
	 * Milliseconds since the youngest of the witnesses was stored: an older entry is a miss. Stores those that are missing.
	 */
	async youngest(tags: readonly string[]): Promise<number> {
		const ages = await Promise.all(
			tags.map(async (tag) => {
				const key = witnessKey(tag);
				const witness = await this.#cache.getEntry(key);
				if (witness !== undefined) return witness.ageMs;
				await this.#cache.set(key, true, {ttl: '30d', tags: tagsToStore([tag])});
				return 0;
			}),
		);
		return Math.min(...ages, Number.POSITIVE_INFINITY);
	}
}
