import {parseKey} from './escape-bytes.js';
import {type Sender, textOf} from './sender.js';

/** What may be changed inside a value, named as Redis names it. `remove` takes an element of a list out by its index. */
export const editKinds = [
	'set',
	'hset',
	'hdel',
	'lset',
	'lpush',
	'rpush',
	'lrem',
	'sadd',
	'srem',
	'zadd',
	'zrem',
] as const;

export type EditKind = (typeof editKinds)[number];

/** One change inside the value of a key that exists. */
export type Edit = {
	readonly kind: EditKind;
	/** `set`, `lpush`, `rpush`: none; `lset`, `lrem`: the index; else the field or the member. */
	readonly at?: string;
	/** `set`, `hset`, `lset`, `lpush`, `rpush`: the new value; `zadd`: the score. */
	readonly value?: string;
	/** What a person saw there: the change is refused when it is something else by now. */
	readonly expected?: string;
};

export type EditOutcome =
	| 'done'
	| 'gone'
	| 'wrong type'
	| 'changed meanwhile'
	| 'no such element'
	| 'entry of the cache';

const typeOf: Readonly<Record<EditKind, string>> = {
	set: 'string',
	hset: 'hash',
	hdel: 'hash',
	lset: 'list',
	lpush: 'list',
	rpush: 'list',
	lrem: 'list',
	sadd: 'set',
	srem: 'set',
	zadd: 'zset',
	zrem: 'zset',
};

/** Kinds that touch an element which is there, and so can be compared with what was seen. */
const reader: Readonly<Partial<Record<EditKind, string>>> = {
	set: 'GET',
	hset: 'HGET',
	hdel: 'HGET',
	lset: 'LINDEX',
	lrem: 'LINDEX',
	zadd: 'ZSCORE',
	zrem: 'ZSCORE',
};

/**
 * Type, comparison and change in one step, so that nothing another client does comes in between. A string keeps its
 * TTL. An entry of the cache is left alone: with other bytes in its place its version and its marks would be lost.
 */
const script = `
local key, kind = KEYS[1], ARGV[1]
local found = redis.call('TYPE', key)
found = found.ok or found
if found == 'none' then return 'gone' end
if found ~= ARGV[2] then return 'wrong type' end
if found == 'string' and redis.call('GETRANGE', key, 0, 3) == 'rct1' then return 'entry of the cache' end
if ARGV[3] ~= '' then
	local now
	if kind == 'set' then now = redis.call('GET', key) else now = redis.call(ARGV[3], key, ARGV[4]) end
	if now == false or now == nil then
		if ARGV[6] == '1' or kind == 'lset' or kind == 'lrem' then return 'no such element' end
	elseif ARGV[6] == '1' and now ~= ARGV[7] then
		return 'changed meanwhile'
	end
end
if kind == 'set' then
	local left = redis.call('PTTL', key)
	redis.call('SET', key, ARGV[5])
	if left > 0 then redis.call('PEXPIRE', key, left) end
elseif kind == 'hset' or kind == 'lset' then
	redis.call(kind, key, ARGV[4], ARGV[5])
elseif kind == 'lpush' or kind == 'rpush' then
	redis.call(kind, key, ARGV[5])
elseif kind == 'lrem' then
	local mark = ARGV[8]
	redis.call('LSET', key, ARGV[4], mark)
	redis.call('LREM', key, 1, mark)
elseif kind == 'zadd' then
	redis.call('ZADD', key, ARGV[5], ARGV[4])
elseif redis.call(kind, key, ARGV[4]) == 0 and kind ~= 'sadd' then
	return 'no such element'
end
return 'done'`;

/**
 * Changes a part of a value. Nothing is created: a key that is gone by now stays gone.
 *
 * @param printed the key, as `printKey` writes it
 * @throws {ServerError} what Redis says to a value it does not take, such as a score that is no number.
 */
export async function editValue(sender: Sender, printed: string, edit: Edit): Promise<EditOutcome> {
	const {kind, at = '', value = '', expected} = edit;
	// Stands for the element of a list between two commands of one script: nobody else ever sees it.
	const mark = `removed ${crypto.randomUUID()}`;
	const args = [kind, typeOf[kind], reader[kind] ?? '', at, value, expected === undefined ? '0' : '1', expected ?? ''];
	const outcome = await sender.send('EVAL', [script, 1, parseKey(printed), ...args, mark]);
	return textOf(outcome) as EditOutcome;
}
