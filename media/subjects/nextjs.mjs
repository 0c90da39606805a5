// Next.js: unstable_cache on Redis, where a change revalidates its tag and loads again. Needs: npm install next react
// react-dom @fortedigital/nextjs-cache-handler @redis/client. Next.js itself makes the first and the fifth import.
import 'next/dist/server/node-environment-baseline.js';
import {CacheHandler} from '@fortedigital/nextjs-cache-handler';
import createRedisHandler from '@fortedigital/nextjs-cache-handler/redis-strings';
import {createClient} from '@redis/client';
import {IncrementalCache} from 'next/dist/server/lib/incremental-cache/index.js';
import {unstable_cache} from 'next/cache.js';

export async function open({url}) {
	const client = createClient({url});
	client.on('error', () => {});
	await client.connect();
	CacheHandler.onCreation(() => ({handlers: [createRedisHandler({client})]}));
	const previewProps = {previewModeId: 'none'};
	const cache = new IncrementalCache({CurCacheHandler: CacheHandler, requestHeaders: {}, previewProps});
	globalThis.__incrementalCache = cache;
	const getOrSet = (key, load, {ttl}) =>
		unstable_cache(() => load(), [key], {tags: [key], revalidate: Math.ceil(ttl / 1000)})();
	const miss = () => Promise.reject(new Error('miss'));
	return {
		get: (key) => getOrSet(key, miss, {ttl: 60_000}).catch(() => undefined),
		set: (key, value, options) => cache.revalidateTag(key).then(() => getOrSet(key, async () => value, options)),
		delete: (key) => cache.revalidateTag(key),
		getOrSet,
		close: () => client.destroy(),
	};
}
