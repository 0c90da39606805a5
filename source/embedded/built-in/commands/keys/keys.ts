import {ok, type Reply, status} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {globMatches} from '../../glob.js';
import type {Database} from '../../store/database.js';
import {typeName, type Value} from '../../store/entry.js';
import {numberOf, Options} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, noSuchKey, syntaxError} from '../command-error.js';
import {allKeys, oneKey} from '../key-places.js';
import {cursorOf, scanOptionsOf} from '../scan-options.js';

function remove(client: Client, args: Args): Reply {
	let removed = 0;
	for (let place = 1; place < args.length; place++) {
		const key = args[place] ?? '';
		if (!client.db.lookup(key)) continue;
		client.db.remove(key);
		client.db.changed(key);
		removed++;
	}
	return removed;
}

function rename(client: Client, args: Args, onlyNew: boolean): Reply {
	const [, from, to] = args;
	const entry = client.db.write(from);
	if (!entry) throw noSuchKey;
	if (from === to) return onlyNew ? 0 : ok;
	if (client.db.write(to)) {
		if (onlyNew) return 0;
		client.db.remove(to);
	}
	place(client.db, to, entry.value, entry.expireAt, entry.encoding);
	client.db.remove(from);
	client.db.changed(from);
	client.db.changed(to);
	return onlyNew ? 1 : ok;
}

function place(
	db: Database,
	key: string,
	value: Value,
	expireAt: number,
	encoding: 'raw' | 'embstr' | undefined,
): void {
	const entry = db.add(key, value);
	entry.encoding = encoding;
	if (expireAt !== 0) db.setExpiry(entry, expireAt);
}

function copy(client: Client, args: Args): Reply {
	const [, from, to] = args;
	let replace = false;
	let target = client.db;
	const options = new Options(args, 3);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (option === 'REPLACE') replace = true;
		else if (option === 'DB') target = databaseOf(client, options.value());
		else throw syntaxError;
	}
	if (target === client.db && from === to) throw new CommandError('ERR source and destination objects are the same');
	const entry = client.db.read(from);
	if (!entry) return 0;
	if (target.write(to)) {
		if (!replace) return 0;
		target.remove(to);
	}
	const value = typeof entry.value === 'string' ? entry.value : entry.value.clone();
	place(target, to, value, entry.expireAt, entry.encoding);
	target.changed(to);
	return 1;
}

function move(client: Client, args: Args): Reply {
	const [, key] = args;
	const target = databaseOf(client, args[2], 'ERR value is not an integer or out of range');
	if (target === client.db) throw new CommandError('ERR source and destination objects are the same');
	const entry = client.db.write(key);
	if (!entry || target.write(key)) return 0;
	place(target, key, entry.value, entry.expireAt, entry.encoding);
	client.db.remove(key);
	client.db.changed(key);
	target.changed(key);
	return 1;
}

export function databaseOf(client: Client, text: string, notNumber?: string): Database {
	const index = numberOf(text, notNumber === undefined ? undefined : new CommandError(notNumber));
	const database = client.server.databases[index];
	if (!database) throw new CommandError('ERR DB index is out of range');
	return database;
}

function matching(client: Client, args: Args): Reply {
	const [, pattern] = args;
	const found: string[] = [];
	for (const entry of client.db.entries()) {
		if (globMatches(pattern, entry.key) && !client.db.hasExpired(entry)) found.push(entry.key);
	}
	return found;
}

function scan(client: Client, args: Args): Reply {
	const cursor = cursorOf(args[1]);
	const {count, type, matches} = scanOptionsOf(args, 2, true);
	const found: string[] = [];
	const expired: string[] = [];
	// As in Redis 7.0, checking the type counts as a lookup.
	const isOfType = (key: string, type: string): boolean => {
		const entry = client.db.peek(key);
		return entry !== undefined && typeName(entry.value) === type;
	};
	const next = client.db.scan(cursor, count, (entry) => {
		if (client.db.hasExpired(entry)) expired.push(entry.key);
		else if (matches(entry.key) && (type === undefined || isOfType(entry.key, type))) found.push(entry.key);
	});
	for (const key of expired) client.db.lookup(key);
	return [String(next), found];
}

function random(client: Client): Reply {
	for (;;) {
		const entry = client.db.random();
		if (!entry) return null;
		if (!client.db.hasExpired(entry)) return entry.key;
		client.db.expire(entry);
	}
}

function countPresent(client: Client, args: Args, touch: boolean): number {
	return args.slice(1).filter((key) => (touch ? client.db.read(key) : client.db.peek(key))).length;
}

const keyspace = {categories: 'keyspace'} as const;

export const keyCommands: readonly Definition[] = [
	{name: 'del', arity: -2, flags: 'write', ...keyspace, keys: allKeys, access: 'RM delete', run: remove},
	{name: 'unlink', arity: -2, flags: 'write fast', ...keyspace, keys: allKeys, access: 'RM delete', run: remove},
	{
		name: 'exists',
		arity: -2,
		flags: 'readonly fast',
		...keyspace,
		keys: allKeys,
		access: 'RO',
		run: (client, args) => countPresent(client, args, false),
	},
	{
		name: 'touch',
		arity: -2,
		flags: 'readonly fast',
		...keyspace,
		keys: allKeys,
		access: 'RO',
		run: (client, args) => countPresent(client, args, true),
	},
	{
		name: 'type',
		arity: 2,
		flags: 'readonly fast',
		...keyspace,
		keys: oneKey,
		access: 'RO',
		run(client, args) {
			const entry = client.db.peek(args[1]);
			return status(entry ? typeName(entry.value) : 'none');
		},
	},
	{
		name: 'rename',
		arity: 3,
		flags: 'write',
		...keyspace,
		keys: [1, 2, 1],
		access: 'RW access delete, OW update',
		run: (client, args) => rename(client, args, false),
	},
	{
		name: 'renamenx',
		arity: 3,
		flags: 'write fast',
		...keyspace,
		keys: [1, 2, 1],
		access: 'RW access delete, OW insert',
		run: (client, args) => rename(client, args, true),
	},
	{
		name: 'copy',
		arity: -3,
		flags: 'write denyoom',
		...keyspace,
		keys: [1, 2, 1],
		access: 'RO access, OW update',
		run: copy,
	},
	{name: 'move', arity: 3, flags: 'write fast', ...keyspace, keys: oneKey, access: 'RW access update', run: move},
	{name: 'keys', arity: 2, flags: 'readonly', categories: 'keyspace dangerous', run: matching},
	{name: 'scan', arity: -2, flags: 'readonly', ...keyspace, run: scan},
	{name: 'randomkey', arity: 1, flags: 'readonly', ...keyspace, run: random},
	{name: 'dbsize', arity: 1, flags: 'readonly fast', ...keyspace, run: (client) => client.db.size},
];
