import {double, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import {doubleOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, syntaxError} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {makeSorted, readSorted, shrunk, writeSorted} from '../typed.js';
import {count, lexRange, type Range, rankRange, scoreRange} from './sorted-ranges.js';
import {sortedRandom, sortedScan} from './sorted-samples.js';

const notNumber = new CommandError('ERR resulting score is not a number (NaN)');

type AddOptions = {nx: boolean; xx: boolean; gt: boolean; lt: boolean; changed: boolean; increment: boolean};

const addOptions: Readonly<Record<string, keyof AddOptions>> = {
	NX: 'nx',
	XX: 'xx',
	GT: 'gt',
	LT: 'lt',
	CH: 'changed',
	INCR: 'increment',
};

function add(client: Client, args: Args): Reply {
	const options: AddOptions = {nx: false, xx: false, gt: false, lt: false, changed: false, increment: false};
	let place = 2;
	for (let name = addOptions[args[2].toUpperCase()]; name; name = addOptions[(args[place] ?? '').toUpperCase()]) {
		options[name] = true;
		place++;
	}
	const pairs = args.slice(place);
	if (pairs.length === 0 || pairs.length % 2 === 1) throw syntaxError;
	if (options.nx && options.xx) throw new CommandError('ERR XX and NX options at the same time are not compatible');
	if ((options.gt && (options.nx || options.lt)) || (options.lt && options.nx)) {
		throw new CommandError('ERR GT, LT, and/or NX options at the same time are not compatible');
	}
	if (options.increment && pairs.length > 2) {
		throw new CommandError('ERR INCR option supports a single increment-element pair');
	}
	const scored: [score: number, member: string][] = [];
	for (let at = 0; at < pairs.length; at += 2) scored.push([doubleOf(pairs[at]), pairs[at + 1] ?? '']);
	return addAll(client, args[1], options, scored);
}

function addAll(client: Client, key: string, options: AddOptions, pairs: readonly [number, string][]): Reply {
	if (!writeSorted(client, key) && options.xx) return options.increment ? null : 0;
	const set = makeSorted(client, key);
	let added = 0;
	let updated = 0;
	let result: number | undefined;
	try {
		for (const [given, member] of pairs) {
			const old = set.score(member);
			if (old === undefined ? options.xx : options.nx) continue;
			const score = options.increment && old !== undefined ? old + given : given;
			if (Number.isNaN(score)) throw notNumber;
			if (old !== undefined && ((options.gt && score <= old) || (options.lt && score >= old))) continue;
			set.set(member, score);
			result = score;
			if (old === undefined) added++;
			else if (old !== score) updated++;
		}
	} finally {
		if (set.size === 0) client.db.remove(key);
		if (added + updated > 0) client.db.changed(key);
	}
	if (options.increment) return result === undefined ? null : double(result);
	return options.changed ? added + updated : added;
}

function increment(client: Client, args: Args): Reply {
	// Like Redis, parses the options of ZADD here too.
	if (addOptions[args[2].toUpperCase()]) throw syntaxError;
	const options = {nx: false, xx: false, gt: false, lt: false, changed: false, increment: true};
	return addAll(client, args[1], options, [[doubleOf(args[2]), args[3]]]);
}

function remove(client: Client, args: Args): Reply {
	const [, key] = args;
	const set = writeSorted(client, key);
	if (!set) return 0;
	const removed = args.slice(2).filter((member) => set.delete(member)).length;
	if (removed > 0) shrunk(client, key, set);
	return removed;
}

function removeRange(rangeOf: (min: string, max: string) => Range): Handler {
	return (client, args) => {
		const [, key, min, max] = args;
		const range = rangeOf(min, max);
		const set = writeSorted(client, key);
		if (!set) return 0;
		const {start, end} = range(set);
		const removed = set.removeRange(start, end).length;
		if (removed > 0) shrunk(client, key, set);
		return removed;
	};
}

function countIn(rangeOf: (min: string, max: string) => Range): Handler {
	return (client, args) => {
		const range = rangeOf(args[2], args[3]);
		const set = readSorted(client, args[1]);
		return set ? count(set, range) : 0;
	};
}

function rank(reverse: boolean): Handler {
	return (client, args) => {
		const set = readSorted(client, args[1]);
		const place = set?.rank(args[2]);
		if (!set || place === undefined) return null;
		return reverse ? set.size - 1 - place : place;
	};
}

function score(client: Client, args: Args): Reply {
	const found = readSorted(client, args[1])?.score(args[2]);
	return found === undefined ? null : double(found);
}

function scores(client: Client, args: Args): Reply {
	const set = readSorted(client, args[1]);
	return args.slice(2).map((member) => {
		const found = set?.score(member);
		return found === undefined ? null : double(found);
	});
}

const sorted = {categories: 'sortedset', keys: oneKey} as const;

export const sortedSetCommands: readonly Definition[] = [
	{name: 'zadd', arity: -4, flags: 'write denyoom fast', ...sorted, access: 'RW update', run: add},
	{name: 'zincrby', arity: 4, flags: 'write denyoom fast', ...sorted, access: 'RW access update', run: increment},
	{name: 'zrem', arity: -3, flags: 'write fast', ...sorted, access: 'RW delete', run: remove},
	{name: 'zremrangebyrank', arity: 4, flags: 'write', ...sorted, access: 'RW delete', run: removeRange(rankRange)},
	{name: 'zremrangebyscore', arity: 4, flags: 'write', ...sorted, access: 'RW delete', run: removeRange(scoreRange)},
	{name: 'zremrangebylex', arity: 4, flags: 'write', ...sorted, access: 'RW delete', run: removeRange(lexRange)},
	{
		name: 'zcard',
		arity: 2,
		flags: 'readonly fast',
		...sorted,
		access: 'RO',
		run: (client, args) => readSorted(client, args[1])?.size ?? 0,
	},
	{name: 'zcount', arity: 4, flags: 'readonly fast', ...sorted, run: countIn(scoreRange)},
	{name: 'zlexcount', arity: 4, flags: 'readonly fast', ...sorted, run: countIn(lexRange)},
	{name: 'zscore', arity: 3, flags: 'readonly fast', ...sorted, run: score},
	{name: 'zmscore', arity: -3, flags: 'readonly fast', ...sorted, run: scores},
	{name: 'zrank', arity: 3, flags: 'readonly fast', ...sorted, run: rank(false)},
	{name: 'zrevrank', arity: 3, flags: 'readonly fast', ...sorted, run: rank(true)},
	{name: 'zrandmember', arity: -2, flags: 'readonly', ...sorted, run: sortedRandom},
	{name: 'zscan', arity: -3, flags: 'readonly', ...sorted, run: sortedScan},
];
