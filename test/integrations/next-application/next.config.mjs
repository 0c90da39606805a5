import {fileURLToPath} from 'node:url';

export default {
	cacheHandler: fileURLToPath(new URL('cache-handler.mjs', import.meta.url)),
	cacheMaxMemorySize: 0, // the cache has a memory tier of its own
};
