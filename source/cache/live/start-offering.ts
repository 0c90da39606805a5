import type {CacheApi, CacheLife} from '../api/types.js';
import type {CacheParts} from '../cache-parts.js';
import {toError} from '../support/to-error.js';

/**
 * Offers a cache to viewers, if its options ask for it. The code for that is loaded only then. A failure causes a process
 * warning, and never affects a call.
 *
 * @returns A function that stops offering it.
 */
export function startOffering(cache: CacheApi & CacheLife, parts: CacheParts): (() => Promise<void>) | undefined {
	const {inspect} = parts.settings;
	if (inspect === undefined) return undefined;
	const offering = import('./offer-cache.js')
		.then(({offerCache}) => offerCache(cache, parts, inspect))
		.catch((error: unknown) => {
			process.emitWarning(
				`redis-cache-tui attach cannot show this process: ${toError(error).message}`,
				'RedisCacheWarning',
			);
		});
	return async () => (await offering)?.();
}
