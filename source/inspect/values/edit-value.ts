import {parseKey} from '../escape-bytes.js';
import {type Sender, textOf} from '../sender.js';

/** The ways to change a part of a value, named after commands of Redis. `lrem` removes an element by its index. */
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

/** One change of a part of a value. */
export type Edit = {
	readonly kind: EditKind;
	/** The index for `lset` and `lrem`, the field or member for others; none for `set`, `lpush` and `rpush`. */
	readonly at?: string | Buffer;
	/** The new value for `set`, `hset`, `lset`, `lpush` and `rpush`; the score for `zadd`. */
	readonly value?: string | Buffer;
	/** The value that the person saw. If it is different now, nothing is changed. */
	readonly expected?: string | Buffer;
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

/** Commands that read the current value, for kinds that change an existing element. */
const readCommands: Readonly<Partial<Record<EditKind, string>>> = {
	set: 'GET',
	hset: 'HGET',
	hdel: 'HGET',
	lset: 'LINDEX',
	lrem: 'LINDEX',
	zadd: 'ZSCORE',
	zrem: 'ZSCORE',
};

/**
 * Checks the type, compares and changes atomically. A string keeps its TTL, and so does a field of a hash: HSET removes it
 * (Redis 7.4 and later), so it is set again. An older Redis does not know the command that reads it. An entry of the cache is
 * refused, since its version would be lost.
 */
const script = `
local key, kind = KEYS[1], ARGV[1]
local found = redis.call('TYPE', key)
found = found.ok or found
if found == 'none' then return 'gone' end
if found ~= ARGV[2] then return 'wrong type' end
if found == 'string' and redis.call('GETRANGE', key, 0, 3) == 'rct2' then return 'entry of the cache' end
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
elseif kind == 'hset' then
	local expires = redis.pcall('HPEXPIRETIME', key, 'FIELDS', 1, ARGV[4])
	redis.call('HSET', key, ARGV[4], ARGV[5])
	if type(expires) == 'table' and type(expires[1]) == 'number' and expires[1] > 0 then
		redis.call('HPEXPIREAT', key, expires[1], 'FIELDS', 1, ARGV[4])
	end
elseif kind == 'lset' then
	redis.call('LSET', key, ARGV[4], ARGV[5])
elseif kind == 'lpush' or kind == 'rpush' then
	redis.call(kind, key, ARGV[5])
elseif kind == 'lrem' then
	local placeholder = ARGV[8]
	redis.call('LSET', key, ARGV[4], placeholder)
	redis.call('LREM', key, 1, placeholder)
elseif kind == 'zadd' then
	redis.call('ZADD', key, ARGV[5], ARGV[4])
elseif redis.call(kind, key, ARGV[4]) == 0 and kind ~= 'sadd' then
	return 'no such element'
end
return 'done'`;

/**
 * Changes a part of a value. It never creates a key.
 *
 * @param printed The key, as `printKey` writes it.
 * @throws {ServerError} Redis refuses the value, such as a score that is not a number.
 */
export async function editValue(sender: Sender, printed: string, edit: Edit): Promise<EditOutcome> {
	const {kind, at = '', value = '', expected} = edit;
	// Replaces the element of a list until the next command of the script, so no other client sees it.
	const placeholder = `removed ${crypto.randomUUID()}`;
	const args = [
		kind,
		typeOf[kind],
		readCommands[kind] ?? '',
		at,
		value,
		expected === undefined ? '0' : '1',
		expected ?? '',
	];
	const outcome = await sender.send('EVAL', [script, 1, parseKey(printed), ...args, placeholder]);
	return textOf(outcome) as EditOutcome;
}
