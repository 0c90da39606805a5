import type {Client} from '../client/client.js';
import type {Database} from '../store/database.js';
import type {Entry} from '../store/entry.js';
import {HashValue} from '../values/hash-value.js';
import {ListValue} from '../values/list-value.js';
import {SetValue} from '../values/set-value.js';
import {SortedSetValue} from '../values/sorted-set-value.js';
import {wrongType} from './command-error.js';

type Kind<V> = abstract new () => V;

/** The value of an entry if it has the given class; undefined if there is no entry. Throws WRONGTYPE otherwise. */
function typedValue<V extends HashValue | ListValue | SetValue | SortedSetValue>(
	entry: Entry | undefined,
	kind: Kind<V>,
): V | undefined {
	if (entry === undefined) return undefined;
	if (entry.value instanceof kind) return entry.value;
	throw wrongType;
}

export function stringOf(entry: Entry | undefined): string | undefined {
	if (entry === undefined) return undefined;
	if (typeof entry.value === 'string') return entry.value;
	throw wrongType;
}

export const readString = (client: Client, key: string) => stringOf(client.db.read(key));
export const readHash = (client: Client, key: string) => typedValue(client.db.read(key), HashValue);
export const readList = (client: Client, key: string) => typedValue(client.db.read(key), ListValue);
export const readSet = (client: Client, key: string) => typedValue(client.db.read(key), SetValue);
export const readSorted = (client: Client, key: string) => typedValue(client.db.read(key), SortedSetValue);

/** The value to change; undefined if there is no such key. */
export const writeHash = (client: Client, key: string) => typedValue(client.db.write(key), HashValue);
export const writeList = (client: Client, key: string) => typedValue(client.db.write(key), ListValue);
export const writeSet = (client: Client, key: string) => typedValue(client.db.write(key), SetValue);
export const writeSorted = (client: Client, key: string) => typedValue(client.db.write(key), SortedSetValue);

/** The value to add to, created if there is no such key. */
export function makeHash(client: Client, key: string): HashValue {
	return writeHash(client, key) ?? added(client.db, key, new HashValue());
}

export function makeList(client: Client, key: string): ListValue {
	return writeList(client, key) ?? added(client.db, key, new ListValue());
}

export function makeSet(client: Client, key: string): SetValue {
	return writeSet(client, key) ?? added(client.db, key, new SetValue());
}

export function makeSorted(client: Client, key: string): SortedSetValue {
	return writeSorted(client, key) ?? added(client.db, key, new SortedSetValue());
}

/** Call it after members were removed: removes the key if its collection is empty. */
export function shrunk(client: Client, key: string, value: {readonly size: number}): void {
	if (value.size === 0) client.db.remove(key);
	client.db.changed(key);
}

function added<V extends HashValue | ListValue | SetValue | SortedSetValue>(db: Database, key: string, value: V): V {
	db.add(key, value);
	return value;
}
