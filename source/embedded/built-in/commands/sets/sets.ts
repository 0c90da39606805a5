import {type Reply, set as setReply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {positiveOf} from '../arguments.js';
import type {Args, Definition} from '../command.js';
import {syntaxError} from '../command-error.js';
import {allKeys, oneKey} from '../key-places.js';
import {sample, sampleCountOf} from '../samples.js';
import {cursorOf, scanOptionsOf} from '../scan-options.js';
import {makeSet, readSet, shrunk, writeSet} from '../typed.js';
import {combine, combineInto, intersectionSize} from './set-algebra.js';

function add(client: Client, args: Args): Reply {
	const [, key] = args;
	const members = makeSet(client, key);
	const added = args.slice(2).filter((member) => members.add(member)).length;
	if (added > 0) client.db.changed(key);
	return added;
}

function remove(client: Client, args: Args): Reply {
	const [, key] = args;
	const members = writeSet(client, key);
	if (!members) return 0;
	const removed = args.slice(2).filter((member) => members.delete(member)).length;
	if (removed > 0) shrunk(client, key, members);
	return removed;
}

function move(client: Client, args: Args): Reply {
	const [, from, to, member] = args;
	const source = writeSet(client, from);
	if (!source) return 0;
	const target = writeSet(client, to);
	if (from === to) return Number(source.has(member));
	if (!source.delete(member)) return 0;
	shrunk(client, from, source);
	if ((target ?? makeSet(client, to)).add(member)) client.db.changed(to);
	return 1;
}

function pop(client: Client, args: Args): Reply {
	if (args.length > 3) throw syntaxError;
	const [, key] = args;
	const count = args.length === 3 ? positiveOf(args[2]) : undefined;
	const members = writeSet(client, key);
	if (!members) return count === undefined ? null : setReply([]);
	if (count === 0) return setReply([]);
	const popped = sample(
		() => members.members(),
		members.size,
		() => members.random(),
		count ?? 1,
	);
	for (const member of popped) members.delete(member);
	shrunk(client, key, members);
	return count === undefined ? (popped[0] ?? null) : setReply(popped);
}

function random(client: Client, args: Args): Reply {
	if (args.length > 3) throw syntaxError;
	if (args.length === 2) return readSet(client, args[1])?.random() ?? null;
	const count = sampleCountOf(args[2]);
	const members = readSet(client, args[1]);
	if (!members) return [];
	return sample(
		() => members.members(),
		members.size,
		() => members.random(),
		count,
	);
}

function scan(client: Client, args: Args): Reply {
	const cursor = cursorOf(args[2]);
	const members = readSet(client, args[1]);
	if (!members) return ['0', []];
	const {count, matches} = scanOptionsOf(args, 3, false);
	if (members.encoding === 'intset') return ['0', members.members().filter(matches)];
	const found: string[] = [];
	const next = members.scan(cursor, count, (member) => {
		if (matches(member)) found.push(member);
	});
	return [String(next), found];
}

const set = {categories: 'set', keys: oneKey} as const;
const sets = {categories: 'set', keys: allKeys} as const;
const storing = {arity: -3, flags: 'write denyoom', ...sets} as const;

export const setCommands: readonly Definition[] = [
	{name: 'sadd', arity: -3, flags: 'write denyoom fast', ...set, access: 'RW insert', run: add},
	{name: 'srem', arity: -3, flags: 'write fast', ...set, access: 'RW delete', run: remove},
	{
		name: 'smove',
		arity: 4,
		flags: 'write fast',
		categories: 'set',
		keys: [1, 2, 1],
		access: 'RW access delete, RW insert',
		run: move,
	},
	{
		name: 'sismember',
		arity: 3,
		flags: 'readonly fast',
		...set,
		access: 'RO',
		run: (client, args) => Number(readSet(client, args[1])?.has(args[2]) ?? false),
	},
	{
		name: 'smismember',
		arity: -3,
		flags: 'readonly fast',
		...set,
		run(client, args) {
			const members = readSet(client, args[1]);
			return args.slice(2).map((member) => Number(members?.has(member) ?? false));
		},
	},
	{
		name: 'scard',
		arity: 2,
		flags: 'readonly fast',
		...set,
		access: 'RO',
		run: (client, args) => readSet(client, args[1])?.size ?? 0,
	},
	{
		name: 'smembers',
		arity: 2,
		flags: 'readonly',
		...set,
		run: (client, args) => setReply(readSet(client, args[1])?.members() ?? []),
	},
	{name: 'spop', arity: -2, flags: 'write fast', ...set, access: 'RW access delete', run: pop},
	{name: 'srandmember', arity: -2, flags: 'readonly', ...set, run: random},
	{name: 'sscan', arity: -3, flags: 'readonly', ...set, run: scan},
	{name: 'sinter', arity: -2, flags: 'readonly', ...sets, run: combine('inter')},
	{name: 'sunion', arity: -2, flags: 'readonly', ...sets, run: combine('union')},
	{name: 'sdiff', arity: -2, flags: 'readonly', ...sets, run: combine('diff')},
	{name: 'sinterstore', ...storing, access: 'RW update, RO access', run: combineInto('inter')},
	{name: 'sunionstore', ...storing, access: 'OW update, RO access', run: combineInto('union')},
	{name: 'sdiffstore', ...storing, access: 'OW update, RO access', run: combineInto('diff')},
	{name: 'sintercard', arity: -3, flags: 'readonly', categories: 'set', keys: {countAt: 1}, run: intersectionSize},
];
