import {Redis} from 'ioredis';
import {until} from '../../support/until.js';
import type {OpenPeer} from '../peers/peer.js';

const atOnce = 100;

/**
 * Caches values by a library, again and again until each is in Redis: some libraries write in the background and drop values
 * while they still connect.
 */
export async function seed(
	peer: OpenPeer,
	directUrl: string,
	keys: readonly string[],
	value: unknown,
	ttlMs: number,
): Promise<void> {
	const raw = new Redis(directUrl);
	try {
		await until(
			async () => {
				const missing = await missingIn(raw, keys);
				for (let first = 0; first < missing.length; first += atOnce) {
					const some = missing.slice(first, first + atOnce);
					await Promise.all(
						some.map(async (key) => {
							await peer.set(key, value, ttlMs);
							// For the library without a `set`.
							await peer.getOrSet(key, () => value, ttlMs);
						}),
					);
				}
				return missing.length === 0;
			},
			`${keys.length} values are in Redis`,
			{timeoutMs: 15_000, everyMs: 100},
		);
	} finally {
		raw.disconnect();
	}
}

/** The keys that are not in Redis. Every library puts the caller's key at the end of its Redis key. */
async function missingIn(raw: Redis, keys: readonly string[]): Promise<readonly string[]> {
	const present = await raw.keys('*');
	const ends = new Set(present.map(tail));
	return keys.filter((key) => !ends.has(key));
}

function tail(key: string): string {
	return /(?:probe|directed):[a-z0-9]+:\d+$/.exec(key)?.[0] ?? key;
}
