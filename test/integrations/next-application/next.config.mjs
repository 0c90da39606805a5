import {fileURLToPath} from 'node:url';

const pathOf = (file) => fileURLToPath(new URL(file, import.meta.url));

export default {
	cacheHandler: pathOf('cache-handler.mjs'), // pages, route handlers, fetched data
	cacheHandlers: {default: pathOf('use-cache-handler.mjs')}, // `use cache`
	cacheMaxMemorySize: 0, // the cache has a memory tier of its own
	experimental: {useCache: true}, // or `cacheComponents: true`
};
