import type {Lifetime} from '../options/ttl-rules.js';
import type {Encoded} from './codec.js';
import {headerTail} from './entry.js';

/** The entry as the scripts that write one take it: as it is stored, but for the fields that only the server knows. */
export function entryArgument(
	kind: 'v' | 'n',
	{codec, compression, payload}: Encoded,
	life: Lifetime,
	tags: readonly string[],
): string | Buffer {
	const tagText = tags.length === 0 ? '' : tags.join('\0');
	const tail = headerTail(life.ttlMs, life.graceMs, tagText === '' ? 0 : Buffer.byteLength(tagText));
	const head = `${kind}${codec}${compression}-${tail}${tagText}`;
	return typeof payload === 'string' ? head + payload : Buffer.concat([Buffer.from(head), payload]);
}
