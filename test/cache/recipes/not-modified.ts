import {RedisCache} from '../../../source/index.js';
import {fetchPage, type Page} from './database.js';

export const cache = new RedisCache({ttl: {default: '1m', grace: '1d'}});

export const findPage = (path: string) =>
	cache.getOrSet(path, async ({stale, keep}) => {
		const known = stale?.value as Page | undefined;
		const page = await fetchPage(path, known?.etag);
		return page ?? keep(); // not modified: the same value for another minute
	});
