import {RedisCache} from '../../../source/cache/redis-cache.js';
import {serve} from '../../support/serve.js';

let cache: RedisCache | undefined;

serve({
	/** Deletes and sets keys without Redis; replies when all changes have resolved. */
	change: async ({
		url,
		path,
		directory,
		keys,
	}: {
		readonly url: string;
		readonly path?: string;
		readonly directory?: string;
		readonly keys: readonly string[];
	}) => {
		cache = new RedisCache({url, journal: {path, directory}});
		for (const [index, key] of keys.entries()) await (index % 2 === 0 ? cache.delete(key) : cache.set(key, 'new'));
		await cache.invalidateTags(['t']);
		return cache.stats().journal.size;
	},
});
