import {ok, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {isWord, Options} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {allKeys, oneKey} from '../key-places.js';
import {type ExpiryUnit, expiryOf, expiryUnits} from '../keys/expiry-time.js';
import {readString, stringOf} from '../typed.js';

function get(client: Client, args: Args): Reply {
	return readString(client, args[1]) ?? null;
}

function set(client: Client, args: Args): Reply {
	const [, key, value] = args;
	let condition = '';
	let wantsOld = false;
	let keepTtl = false;
	let expireAt = 0;
	let unit: ExpiryUnit | undefined;
	let time = '';
	const options = new Options(args, 3);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		const given = expiryUnits[option];
		if ((option === 'NX' || option === 'XX') && (condition === '' || condition === option)) condition = option;
		else if (option === 'GET') wantsOld = true;
		else if (option === 'KEEPTTL' && !unit) keepTtl = true;
		else if (given && !keepTtl && (!unit || unit === given)) {
			unit = given;
			time = options.value();
		} else throw syntaxError;
	}
	if (unit) expireAt = expiryOf(time, unit, client.server.now, 'set');
	const old = wantsOld ? (readString(client, key) ?? null) : null;
	if (condition !== '') {
		const found = client.db.write(key) !== undefined;
		if (found === (condition === 'NX')) return wantsOld ? old : null;
	}
	store(client, key, value, expireAt, keepTtl);
	return wantsOld ? old : ok;
}

function store(client: Client, key: string, value: string, expireAt = 0, keepTtl = false): void {
	const entry = client.db.set(key, value, keepTtl);
	if (expireAt !== 0) client.db.setExpiry(entry, expireAt);
	client.db.changed(key);
}

function setWithExpiry(unit: 'EX' | 'PX', command: string) {
	return (client: Client, args: Args): Reply => {
		const [, key, time, value] = args;
		const expiry = expiryUnits[unit];
		if (expiry) store(client, key, value, expiryOf(time, expiry, client.server.now, command));
		return ok;
	};
}

function setIfAbsent(client: Client, args: Args): Reply {
	const [, key, value] = args;
	if (client.db.write(key)) return 0;
	store(client, key, value);
	return 1;
}

function getSet(client: Client, args: Args): Reply {
	const [, key, value] = args;
	const old = readString(client, key) ?? null;
	store(client, key, value);
	return old;
}

function getDelete(client: Client, args: Args): Reply {
	const [, key] = args;
	const old = readString(client, key);
	if (old === undefined) return null;
	client.db.remove(key);
	client.db.changed(key);
	return old;
}

function getAndExpire(client: Client, args: Args): Reply {
	const [, key] = args;
	let persist = false;
	let unit: ExpiryUnit | undefined;
	let time = '';
	const options = new Options(args, 2);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		const given = expiryUnits[option];
		if (option === 'PERSIST' && !unit) persist = true;
		else if (given && !persist && (!unit || unit === given)) {
			unit = given;
			time = options.value();
		} else throw syntaxError;
	}
	const entry = client.db.read(key);
	const value = stringOf(entry);
	if (entry === undefined || value === undefined) return null;
	if (unit) {
		const at = expiryOf(time, unit, client.server.now, 'getex');
		if (unit.absolute && at <= client.server.now) client.db.remove(key);
		else client.db.setExpiry(entry, at);
		client.db.changed(key);
	} else if (persist && entry.expireAt !== 0) {
		client.db.setExpiry(entry, 0);
		client.db.changed(key);
	}
	return value;
}

function getMany(client: Client, args: Args): Reply {
	return args.slice(1).map((key) => {
		const value = client.db.read(key)?.value;
		return typeof value === 'string' ? value : null;
	});
}

function pairsOf(args: readonly string[], command: string): [string, string][] {
	if (args.length % 2 === 0) throw new CommandError(`ERR wrong number of arguments for '${command}' command`);
	const pairs: [string, string][] = [];
	for (let place = 1; place < args.length; place += 2) pairs.push([args[place] ?? '', args[place + 1] ?? '']);
	return pairs;
}

function setMany(client: Client, args: Args): Reply {
	for (const [key, value] of pairsOf(args, 'mset')) store(client, key, value);
	return ok;
}

function setManyIfAbsent(client: Client, args: Args): Reply {
	const pairs = pairsOf(args, 'msetnx');
	if (pairs.some(([key]) => client.db.write(key))) return 0;
	for (const [key, value] of pairs) store(client, key, value);
	return 1;
}

const string = {categories: 'string', keys: oneKey} as const;
const pairs = [1, -1, 2] as const;

export const stringCommands: readonly Definition[] = [
	{name: 'get', arity: 2, flags: 'readonly fast', ...string, run: get},
	{
		name: 'set',
		arity: -3,
		flags: 'write denyoom',
		...string,
		access: 'RW access update variable_flags',
		accessOf: (args) =>
			args.some((word, place) => place > 2 && isWord(word, 'GET')) ? 'RW access update' : 'OW update',
		keyNotes: 'RW and ACCESS due to the optional `GET` argument',
		run: set,
	},
	{name: 'setnx', arity: 3, flags: 'write denyoom fast', ...string, access: 'OW insert', run: setIfAbsent},
	{
		name: 'setex',
		arity: 4,
		flags: 'write denyoom',
		...string,
		access: 'OW update',
		run: setWithExpiry('EX', 'setex'),
	},
	{
		name: 'psetex',
		arity: 4,
		flags: 'write denyoom',
		...string,
		access: 'OW update',
		run: setWithExpiry('PX', 'psetex'),
	},
	{name: 'getset', arity: 3, flags: 'write denyoom fast', ...string, access: 'RW access update', run: getSet},
	{name: 'getdel', arity: 2, flags: 'write fast', ...string, access: 'RW access delete', run: getDelete},
	{
		name: 'getex',
		arity: -2,
		flags: 'write fast',
		...string,
		access: 'RW access update',
		keyNotes: 'RW and UPDATE because it changes the TTL',
		run: getAndExpire,
	},
	{name: 'mget', arity: -2, flags: 'readonly fast', ...string, keys: allKeys, run: getMany},
	{name: 'mset', arity: -3, flags: 'write denyoom', ...string, keys: pairs, access: 'OW update', run: setMany},
	{
		name: 'msetnx',
		arity: -3,
		flags: 'write denyoom',
		...string,
		keys: pairs,
		access: 'OW insert',
		run: setManyIfAbsent,
	},
];
