import type {HashValue} from '../values/hash-value.js';
import type {ListValue} from '../values/list-value.js';
import type {SetValue} from '../values/set-value.js';
import type {SortedSetValue} from '../values/sorted-set-value.js';
import type {DictNode} from './dict.js';

export type Value = string | HashValue | ListValue | SetValue | SortedSetValue;

/** A key with its value and metadata. */
export type Entry = DictNode & {
	value: Value;
	/** Unix time in milliseconds; 0 if it never expires. */
	expireAt: number;
	/** Position in the database's list of keys with an expiry; -1 if it has none. */
	volatileSlot: number;
	/** Unix time in milliseconds of the last access. */
	usedAt: number;
	/** Estimate of its memory at its last change. */
	bytes: number;
	/** The encoding of a string in Redis, if the string alone does not determine it. */
	encoding: 'raw' | 'embstr' | undefined;
};

/** Estimate of the bytes of a key in a 64-bit Redis besides its name and value: table slot, objects, headers. */
const overhead = 48;
const expireOverhead = 24;

export function entryBytes(entry: Entry): number {
	const {value} = entry;
	const size = typeof value === 'string' ? value.length + 16 : value.bytes;
	return overhead + entry.key.length + size + (entry.expireAt === 0 ? 0 : expireOverhead);
}

export function typeName(value: Value): 'string' | 'hash' | 'list' | 'set' | 'zset' {
	return typeof value === 'string' ? 'string' : value.type;
}
