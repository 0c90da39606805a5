import {map, ok, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {addIntegers} from '../../numbers/integer.js';
import {integerOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {CommandError, notFloat} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {sumOfFloats} from '../strings/counters.js';
import {makeHash, readHash, shrunk, writeHash} from '../typed.js';
import {hashRandom, hashScan} from './hash-samples.js';

function setFields(client: Client, args: Args, command: string): number {
	if (args.length % 2 === 1) throw new CommandError(`ERR wrong number of arguments for '${command}' command`);
	const [, key] = args;
	const hash = makeHash(client, key);
	let added = 0;
	for (let place = 2; place < args.length; place += 2) {
		if (hash.set(args[place] ?? '', args[place + 1] ?? '')) added++;
	}
	client.db.changed(key);
	return added;
}

function setIfAbsent(client: Client, args: Args): Reply {
	const [, key, field, value] = args;
	const hash = makeHash(client, key);
	if (hash.get(field) !== undefined) return 0;
	hash.set(field, value);
	client.db.changed(key);
	return 1;
}

function get(client: Client, args: Args): Reply {
	return readHash(client, args[1])?.get(args[2]) ?? null;
}

function getMany(client: Client, args: Args): Reply {
	const hash = readHash(client, args[1]);
	return args.slice(2).map((field) => hash?.get(field) ?? null);
}

function getAll(client: Client, args: Args): Reply {
	const hash = readHash(client, args[1]);
	return map(hash ? Array.from(hash.fields, ({key, value}) => [key, value]).flat() : []);
}

function names(client: Client, args: Args): Reply {
	const hash = readHash(client, args[1]);
	return hash ? Array.from(hash.fields, ({key}) => key) : [];
}

function values(client: Client, args: Args): Reply {
	const hash = readHash(client, args[1]);
	return hash ? Array.from(hash.fields, ({value}) => value) : [];
}

function remove(client: Client, args: Args): Reply {
	const [, key] = args;
	const hash = writeHash(client, key);
	if (!hash) return 0;
	const removed = args.slice(2).filter((field) => hash.delete(field)).length;
	if (removed > 0) shrunk(client, key, hash);
	return removed;
}

function increment(client: Client, args: Args): Reply {
	const [, key, field] = args;
	const amount = integerOf(args[3]);
	const old = writeHash(client, key)?.get(field);
	const value = integerOf(old ?? '0', new CommandError('ERR hash value is not an integer'));
	const sum = addIntegers(value, amount);
	if (sum === undefined) throw new CommandError('ERR increment or decrement would overflow');
	makeHash(client, key).set(field, String(sum));
	client.db.changed(key);
	return sum;
}

function incrementFloat(client: Client, args: Args): Reply {
	const [, key, field, amount] = args;
	if (/^[+-]?inf(inity)?$/i.test(amount)) throw new CommandError('ERR value is NaN or Infinity');
	// Redis checks the amount before the hash.
	sumOfFloats('0', amount, notFloat);
	const old = writeHash(client, key)?.get(field) ?? '0';
	const value = sumOfFloats(old, amount, new CommandError('ERR hash value is not a float'));
	makeHash(client, key).set(field, value);
	client.db.changed(key);
	return value;
}

const hash = {categories: 'hash', keys: oneKey} as const;

export const hashCommands: readonly Definition[] = [
	{
		name: 'hset',
		arity: -4,
		flags: 'write denyoom fast',
		...hash,
		access: 'RW update',
		run: (client, args) => setFields(client, args, 'hset'),
	},
	{
		name: 'hmset',
		arity: -4,
		flags: 'write denyoom fast',
		...hash,
		access: 'RW update',
		run(client, args) {
			setFields(client, args, 'hmset');
			return ok;
		},
	},
	{name: 'hsetnx', arity: 4, flags: 'write denyoom fast', ...hash, access: 'RW insert', run: setIfAbsent},
	{name: 'hget', arity: 3, flags: 'readonly fast', ...hash, run: get},
	{name: 'hmget', arity: -3, flags: 'readonly fast', ...hash, run: getMany},
	{name: 'hgetall', arity: 2, flags: 'readonly', ...hash, run: getAll},
	{name: 'hkeys', arity: 2, flags: 'readonly', ...hash, run: names},
	{name: 'hvals', arity: 2, flags: 'readonly', ...hash, run: values},
	{name: 'hdel', arity: -3, flags: 'write fast', ...hash, access: 'RW delete', run: remove},
	{
		name: 'hlen',
		arity: 2,
		flags: 'readonly fast',
		...hash,
		access: 'RO',
		run: (client, args) => readHash(client, args[1])?.size ?? 0,
	},
	{
		name: 'hexists',
		arity: 3,
		flags: 'readonly fast',
		...hash,
		access: 'RO',
		run: (client, args) => Number(readHash(client, args[1])?.get(args[2]) !== undefined),
	},
	{
		name: 'hstrlen',
		arity: 3,
		flags: 'readonly fast',
		...hash,
		access: 'RO',
		run: (client, args) => readHash(client, args[1])?.get(args[2])?.length ?? 0,
	},
	{name: 'hincrby', arity: 4, flags: 'write denyoom fast', ...hash, access: 'RW access update', run: increment},
	{
		name: 'hincrbyfloat',
		arity: 4,
		flags: 'write denyoom fast',
		...hash,
		access: 'RW access update',
		run: incrementFloat,
	},
	{name: 'hrandfield', arity: -2, flags: 'readonly', ...hash, run: hashRandom},
	{name: 'hscan', arity: -3, flags: 'readonly', ...hash, run: hashScan},
];
