import {nullArray, ok, type Reply} from '../../../../resp/reply.js';
import type {Client} from '../../client/client.js';
import type {ListValue} from '../../values/list-value.js';
import {integerOf, isWord, numberOf, Options, positiveOf} from '../arguments.js';
import type {Args, Definition, Handler} from '../command.js';
import {CommandError, noSuchKey, outOfRange, syntaxError} from '../command-error.js';
import {oneKey} from '../key-places.js';
import {makeList, readList, shrunk, writeList} from '../typed.js';

export type Side = 'left' | 'right';

export function popFrom(list: ListValue, side: Side): string {
	return (side === 'left' ? list.popLeft() : list.popRight()) ?? '';
}

export function pushTo(list: ListValue, side: Side, item: string): void {
	if (side === 'left') list.pushLeft(item);
	else list.pushRight(item);
}

function push(side: Side, onlyExisting: boolean): Handler {
	return (client, args) => {
		const [, key] = args;
		const list = onlyExisting ? writeList(client, key) : makeList(client, key);
		if (!list) return 0;
		for (const item of args.slice(2)) pushTo(list, side, item);
		client.db.changed(key);
		return list.size;
	};
}

function pop(side: Side): Handler {
	return (client, args) => {
		const [, key] = args;
		if (args.length > 3) throw new CommandError(`ERR wrong number of arguments for '${args[0].toLowerCase()}' command`);
		const count = args.length === 3 ? positiveOf(args[2]) : undefined;
		const list = writeList(client, key);
		if (!list) return count === undefined ? null : nullArray;
		if (count === 0) return [];
		const items = popMany(list, side, count ?? 1);
		shrunk(client, key, list);
		return count === undefined ? (items[0] ?? null) : items;
	};
}

export function popMany(list: ListValue, side: Side, count: number): string[] {
	const items: string[] = [];
	while (items.length < count && list.size > 0) items.push(popFrom(list, side));
	return items;
}

/** Turns indexes that may be negative or out of range into positions; undefined if the range is empty. */
function clamp(list: ListValue, from: string, to: string): {start: number; end: number} | undefined {
	let start = Number(integerOf(from));
	let end = Number(integerOf(to));
	if (start < 0) start = Math.max(0, list.size + start);
	if (end < 0) end = list.size + end;
	end = Math.min(end, list.size - 1);
	return start > end ? undefined : {start, end};
}

function range(client: Client, args: Args): Reply {
	numberOf(args[2]);
	numberOf(args[3]);
	const list = readList(client, args[1]);
	const wanted = list && clamp(list, args[2], args[3]);
	return list && wanted ? list.slice(wanted.start, wanted.end) : [];
}

function trim(client: Client, args: Args): Reply {
	const [, key] = args;
	numberOf(args[2]);
	numberOf(args[3]);
	const list = writeList(client, key);
	if (!list) return ok;
	const wanted = clamp(list, args[2], args[3]);
	list.replace(wanted ? list.slice(wanted.start, wanted.end) : []);
	shrunk(client, key, list);
	return ok;
}

function at(client: Client, args: Args): Reply {
	const list = readList(client, args[1]);
	if (!list) return null;
	return list.at(numberOf(args[2])) ?? null;
}

function setAt(client: Client, args: Args): Reply {
	const [, key, index, item] = args;
	const list = writeList(client, key);
	if (!list) throw noSuchKey;
	if (!list.set(numberOf(index), item)) throw outOfRange;
	client.db.changed(key);
	return ok;
}

function insert(client: Client, args: Args): Reply {
	const [, key, where, pivot, item] = args;
	const after = isWord(where, 'AFTER');
	if (!after && !isWord(where, 'BEFORE')) throw syntaxError;
	const list = writeList(client, key);
	if (!list) return 0;
	const items = list.items();
	const place = items.indexOf(pivot);
	if (place < 0) return -1;
	items.splice(after ? place + 1 : place, 0, item);
	list.replace(items);
	client.db.changed(key);
	return list.size;
}

function remove(client: Client, args: Args): Reply {
	const [, key, countText, item] = args;
	const count = numberOf(countText);
	const list = writeList(client, key);
	if (!list) return 0;
	let left = count === 0 ? Number.POSITIVE_INFINITY : Math.abs(count);
	const keep = (other: string) => other !== item || left-- <= 0;
	const items = list.items();
	const kept = count < 0 ? items.reverse().filter(keep).reverse() : items.filter(keep);
	const removed = items.length - kept.length;
	if (removed === 0) return 0;
	list.replace(kept);
	shrunk(client, key, list);
	return removed;
}

function position(client: Client, args: Args): Reply {
	const [, key, item] = args;
	let rank = 1;
	let count: number | undefined;
	let maxLength = 0;
	const options = new Options(args, 3);
	for (let option = options.next(); option !== undefined; option = options.next()) {
		if (options.left === 0) throw syntaxError;
		if (option === 'RANK') {
			rank = numberOf(options.value());
			if (rank === 0) {
				throw new CommandError(
					"ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
				);
			}
		} else if (option === 'COUNT') count = positiveOf(options.value(), "ERR COUNT can't be negative");
		else if (option === 'MAXLEN') maxLength = positiveOf(options.value(), "ERR MAXLEN can't be negative");
		else throw syntaxError;
	}
	const list = readList(client, key);
	const found: number[] = [];
	const wanted = count === 0 ? Number.POSITIVE_INFINITY : (count ?? 1);
	const size = list?.size ?? 0;
	const looked = maxLength === 0 ? size : Math.min(maxLength, size);
	// Redis cannot negate the smallest integer, and skips nothing in that case.
	let skip = rank === -(2 ** 63) ? 0 : Math.abs(rank) - 1;
	for (let step = 0; step < looked && found.length < wanted; step++) {
		const place = rank > 0 ? step : size - 1 - step;
		if (list?.at(place) !== item) continue;
		if (skip > 0) skip--;
		else found.push(place);
	}
	return count === undefined ? (found[0] ?? null) : found;
}

const list = {categories: 'list', keys: oneKey} as const;

export const listCommands: readonly Definition[] = [
	{name: 'lpush', arity: -3, flags: 'write denyoom fast', ...list, access: 'RW insert', run: push('left', false)},
	{name: 'rpush', arity: -3, flags: 'write denyoom fast', ...list, access: 'RW insert', run: push('right', false)},
	{name: 'lpushx', arity: -3, flags: 'write denyoom fast', ...list, access: 'RW insert', run: push('left', true)},
	{name: 'rpushx', arity: -3, flags: 'write denyoom fast', ...list, access: 'RW insert', run: push('right', true)},
	{name: 'lpop', arity: -2, flags: 'write fast', ...list, access: 'RW access delete', run: pop('left')},
	{name: 'rpop', arity: -2, flags: 'write fast', ...list, access: 'RW access delete', run: pop('right')},
	{
		name: 'llen',
		arity: 2,
		flags: 'readonly fast',
		...list,
		access: 'RO',
		run: (client, args) => readList(client, args[1])?.size ?? 0,
	},
	{name: 'lindex', arity: 3, flags: 'readonly', ...list, run: at},
	{name: 'lset', arity: 4, flags: 'write denyoom', ...list, access: 'RW update', run: setAt},
	{name: 'lrange', arity: 4, flags: 'readonly', ...list, run: range},
	{name: 'ltrim', arity: 4, flags: 'write', ...list, access: 'RW delete', run: trim},
	{name: 'linsert', arity: 5, flags: 'write denyoom', ...list, access: 'RW insert', run: insert},
	{name: 'lrem', arity: 4, flags: 'write', ...list, access: 'RW delete', run: remove},
	{name: 'lpos', arity: -3, flags: 'readonly', ...list, run: position},
];
