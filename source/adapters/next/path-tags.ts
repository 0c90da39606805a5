import type {CacheApi} from '../../cache/api/cache-api.js';
import {tagsToStore} from './next-tags.js';

const witnessKey = (tag: string): string => `witness:${tagsToStore([tag])[0]}`;

/**
 * The tags of paths, for data that pages have fetched. Next.js passes an entry's own tags when it is stored, but those of the
 * page that reads it only at the read. So each tag of a path has a *witness*: an entry with that tag, which `revalidatePath`
 * removes. Data that was stored before the witness may be older than the last `revalidatePath`, and counts as a miss.
 */
export class PathTags {
	readonly #cache: CacheApi;

	/**
	 * @param cache The cache of the entries. Ages are compared, so they must be measured by the clock of the same Redis.
	 */
	constructor(cache: CacheApi) {
		this.#cache = cache;
	}

	/**
	 * The age of the youngest witness of these tags, in milliseconds: an older entry is a miss. Stores the witnesses that are
	 * missing.
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
