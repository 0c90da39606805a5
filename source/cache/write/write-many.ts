import type {WriteResult} from '../api/call-types.js';

/** Most keys written at the same time. */
const width = 256;

/** Writes many keys, a limited number at a time. @returns `stored: 'redis'` only if all of them are in Redis. */
export async function writeMany<T>(
	items: readonly T[],
	write: (item: T) => Promise<WriteResult>,
): Promise<WriteResult> {
	let stored: WriteResult['stored'] = 'redis';
	for (let from = 0; from < items.length; from += width) {
		const results = await Promise.all(items.slice(from, from + width).map(write));
		if (results.some((result) => result.stored === 'memory')) stored = 'memory';
	}
	return {stored};
}
