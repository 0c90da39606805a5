import type {RedisCache} from '../../../cache/redis-cache.js';
import {parseKey} from '../../../inspect/escape-bytes.js';
import {numberOf, type Sender} from '../../../inspect/sender.js';

/** Keys deleted in one round trip. */
const batchSize = 500;

type DeleteKeysParts = {
	readonly openCache: () => Promise<Pick<RedisCache, 'deleteMany'>>;
	/** Prefix of the cache's entries in Redis. */
	readonly keyPrefix: string;
	readonly inspector: Sender;
};

/**
 * Deletes keys of Redis, one command for each, since the keys of one command would have to share a slot of a cluster.
 * Entries of the cache are deleted through the cache, so that its memory tier and other processes notice.
 *
 * @param keys Printable, see `printKey`.
 * @returns The number of keys that existed. Entries of the cache are all counted.
 */
export async function deleteKeys(
	{openCache, keyPrefix, inspector}: DeleteKeysParts,
	keys: readonly string[],
): Promise<number> {
	let deleted = 0;
	for (let from = 0; from < keys.length; from += batchSize) {
		const batch = keys.slice(from, from + batchSize);
		const own = batch.filter((key) => key.startsWith(keyPrefix)).map((key) => key.slice(keyPrefix.length));
		if (own.length > 0) await (await openCache()).deleteMany(own);
		const foreign = batch.filter((key) => !key.startsWith(keyPrefix));
		const replies = await Promise.all(foreign.map((key) => inspector.send('UNLINK', [parseKey(key)])));
		deleted += own.length + replies.reduce<number>((sum, reply) => sum + (numberOf(reply) ?? 0), 0);
	}
	return deleted;
}
