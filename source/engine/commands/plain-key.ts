import {parseKey} from '../../inspect/escape-bytes.js';
import {describeKeys, type KeyRow} from '../../inspect/keys/describe-keys.js';
import {inspectKey} from '../../inspect/values/inspect-key.js';
import type {Session} from '../session/session.js';
import {CommandError} from './command.js';
import {describeEntry} from './lines/describe-entry.js';
import {keyFacts, valueLinesOf} from './lines/key-lines.js';

/*
 * On a Redis that this program did not start, typed names are Redis keys. Commands on values look for such a key first, and
 * only then for an entry of this program's cache, whose Redis key has the prefix of its namespace. If Redis does not answer,
 * only the cache is used.
 */

type Names = Pick<Session, 'target' | 'inspector'>;

const isForeign = ({target}: Names) => target.kind === 'external';

/** Type, TTL and size of a key on an external Redis; undefined if there is none, or the Redis is private. */
export async function plainKey(session: Names, key: string): Promise<KeyRow | undefined> {
	if (!isForeign(session)) return undefined;
	const [row] = await describeKeys(session.inspector, [parseKey(key)]).catch(() => []);
	return row;
}

/** A preview of a key on an external Redis as lines; undefined if there is none, or the Redis is private. */
export async function plainValueLines(session: Names, key: string): Promise<readonly string[] | undefined> {
	if (!isForeign(session)) return undefined;
	const details = await inspectKey(session.inspector, key, describeEntry).catch(() => undefined);
	return details && [...valueLinesOf(details), `key of Redis, ${keyFacts(details)}`];
}

/**
 * Refuses to change an entry of the cache if the name is that of an existing key on an external Redis, which was probably
 * meant.
 *
 * @throws {CommandError} There is such a key.
 */
export async function refusePlainKey(session: Names, key: string, instead: string): Promise<void> {
	if ((await plainKey(session, key)) === undefined) return;
	throw new CommandError(`${key} is a key of this Redis, not an entry of the cache: write ${instead}`);
}
