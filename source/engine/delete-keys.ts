import {parseKey} from '../inspect/escape-bytes.js';
import {numberOf} from '../inspect/sender.js';
import type {Session} from './session.js';

/** Keys deleted in one round trip. */
const batch = 500;

/**
 * Deletes keys of Redis, one command for each key, since those of one command would have to share a slot of a cluster.
 * Entries of this session's cache are deleted through the cache, so that memory and other processes hear of it.
 *
 * @param keys printable, see `printKey`
 * @returns how many there were
 */
export async function deleteKeys(session: Session, keys: readonly string[]): Promise<number> {
	const prefix = session.stage.keyPrefix;
	let deleted = 0;
	for (let from = 0; from < keys.length; from += batch) {
		const part = keys.slice(from, from + batch);
		const own = part.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
		if (own.length > 0) await session.cache.deleteMany(own);
		const foreign = part.filter((key) => !key.startsWith(prefix));
		const replies = await Promise.all(foreign.map((key) => session.inspector.send('UNLINK', [parseKey(key)])));
		deleted += own.length + replies.reduce<number>((sum, reply) => sum + (numberOf(reply) ?? 0), 0);
	}
	return deleted;
}
