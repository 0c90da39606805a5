import type {CommandEffect} from '../../traffic.js';
import type {CommandSpec, KeyPlaces, MissReply} from './command-spec.js';
import {keptTtl, noTtl, optionalTtlOption, restoreTtl, ttlOption, ttlWord, unknownTtl} from './given-ttl.js';

/*
 * The commands of Redis 7.0, and those of later versions and of modules that caches use. A command that is missing here
 * is forwarded like any other; the tap counts it, but does not know its keys.
 */

const range = (first: number, last: number, step = 1): KeyPlaces => ({type: 'range', first, last, step});
const counted = (countAt: number, destination = false): KeyPlaces => ({type: 'counted', countAt, destination});

const one = range(1, 1);
const two = range(1, 2);
const all = range(1, -1);
const allButLast = range(1, -2);

type Rest = Partial<Omit<CommandSpec, 'name' | 'effect' | 'keys'>>;

const specs = new Map<string, CommandSpec>();

function add(names: string, effect: CommandEffect, keys: KeyPlaces | undefined, rest: Rest = {}): void {
	for (const name of names.split(/\s+/)) specs.set(name, makeSpec(name, effect, keys, rest));
}

function makeSpec(name: string, effect: CommandEffect, keys: KeyPlaces | undefined, rest: Rest): CommandSpec {
	return {
		name,
		effect,
		keys,
		misses: undefined,
		wordsFrom: undefined,
		isContainer: false,
		ttl: effect === 'write' ? keptTtl : undefined,
		blocks: undefined,
		...rest,
	};
}

const missing = (misses: MissReply): Rest => ({misses});
const always = (): boolean => true;

add('GET HGET JSON.GET', 'read', one, missing('null'));
add('HMGET', 'read', one, missing('fields'));
add('HGETALL HKEYS HVALS SMEMBERS', 'read', one, missing('empty'));
add('MGET', 'read', all, missing('each'));
add('JSON.MGET', 'read', allButLast, missing('each'));
add('EXISTS PFCOUNT SDIFF SINTER SUNION TOUCH', 'read', all);
add('LCS', 'read', two);
add('SINTERCARD ZDIFF ZINTER ZINTERCARD ZUNION', 'read', counted(1));
add(
	`BITCOUNT BITFIELD_RO BITPOS DUMP EXPIRETIME GEODIST GEOHASH GEOPOS GEORADIUSBYMEMBER_RO GEORADIUS_RO GEOSEARCH GETBIT
	GETRANGE HEXISTS HLEN HRANDFIELD HSCAN HSTRLEN LINDEX LLEN LPOS LRANGE PEXPIRETIME PTTL SCARD SISMEMBER SMISMEMBER
	SORT_RO SRANDMEMBER SSCAN STRLEN SUBSTR TTL TYPE XLEN XPENDING XRANGE XREVRANGE ZCARD ZCOUNT ZLEXCOUNT ZMSCORE
	ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREVRANGE ZREVRANGEBYLEX ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE
	BF.EXISTS BF.MEXISTS JSON.TYPE`,
	'read',
	one,
);

add('SET', 'write', one, {wordsFrom: 3, ttl: ttlOption});
add('SETNX GETSET', 'write', one, {ttl: noTtl});
add('MSET MSETNX', 'write', range(1, -1, 2), {ttl: noTtl});
add('SETEX', 'write', one, {wordsFrom: 2, ttl: ttlWord(1000)});
add('PSETEX', 'write', one, {wordsFrom: 2, ttl: ttlWord(1)});
add('RESTORE RESTORE-ASKING', 'write', one, {wordsFrom: 2, ttl: restoreTtl});
add(
	`APPEND BITFIELD DECR DECRBY GEOADD GEORADIUS GEORADIUSBYMEMBER HDEL HINCRBY HINCRBYFLOAT HMSET HSET HSETEX HSETNX INCR
	INCRBY INCRBYFLOAT LINSERT LPOP LPUSH LPUSHX LREM LSET LTRIM MOVE PFADD RPOP RPUSH RPUSHX SADD SETBIT SETRANGE SORT
	SPOP SREM XACK XADD XAUTOCLAIM XCLAIM XDEL XSETID XTRIM ZADD ZINCRBY ZPOPMAX ZPOPMIN ZREM ZREMRANGEBYLEX
	ZREMRANGEBYRANK ZREMRANGEBYSCORE BF.ADD BF.MADD JSON.SET JSON.NUMINCRBY JSON.ARRAPPEND JSON.DEL`,
	'write',
	one,
);
add('PFMERGE SDIFFSTORE SINTERSTORE SUNIONSTORE', 'write', all);
add('ZDIFFSTORE ZINTERSTORE ZUNIONSTORE', 'write', counted(2, true));
add('COPY GEOSEARCHSTORE LMOVE RENAME RENAMENX RPOPLPUSH SMOVE ZRANGESTORE', 'write', two);
add('BLMOVE BRPOPLPUSH', 'write', two, {blocks: always});
add('BLPOP BRPOP BZPOPMAX BZPOPMIN', 'write', allButLast, {blocks: always});
add('LMPOP ZMPOP', 'write', counted(1));
add('BLMPOP BZMPOP', 'write', counted(2), {blocks: always});
add('BITOP', 'write', range(2, -1));
add('MIGRATE', 'write', range(3, 3));
add('XREAD', 'read', {type: 'streams'}, {wordsFrom: 1, blocks: (words) => words.includes('BLOCK')});
add('XREADGROUP', 'write', {type: 'streams'}, {wordsFrom: 1, blocks: (words) => words.includes('BLOCK')});

add('DEL UNLINK', 'delete', all);
add('GETDEL', 'delete', one, missing('null'));

add('EXPIRE', 'expire', one, {wordsFrom: 2, ttl: ttlWord(1000)});
add('PEXPIRE', 'expire', one, {wordsFrom: 2, ttl: ttlWord(1)});
add('EXPIREAT', 'expire', one, {wordsFrom: 2, ttl: ttlWord(1000, true)});
add('PEXPIREAT', 'expire', one, {wordsFrom: 2, ttl: ttlWord(1, true)});
add('PERSIST', 'expire', one, {ttl: noTtl});
add('GETEX', 'read', one, {misses: 'null', wordsFrom: 2, ttl: optionalTtlOption});

add('EVAL EVALSHA FCALL', 'script', counted(2), {ttl: unknownTtl});
add('EVAL_RO EVALSHA_RO FCALL_RO', 'read', counted(2));

add('WATCH', 'other', all);
add('WAIT WAITAOF', 'other', undefined, {blocks: always});
// The arguments of HELLO, SELECT and CLIENT change the state of a connection. Those of AUTH and ACL are secrets.
add('HELLO SELECT', 'other', undefined, {wordsFrom: 1});
add('CLIENT', 'other', undefined, {wordsFrom: 2, isContainer: true});
add('MEMORY OBJECT XGROUP XINFO', 'other', range(2, 2), {isContainer: true});
add('ACL CLUSTER COMMAND CONFIG FUNCTION LATENCY MODULE PUBSUB SCRIPT SENTINEL SLOWLOG', 'other', undefined, {
	isContainer: true,
});
add(
	`ASKING AUTH BGREWRITEAOF BGSAVE DBSIZE DEBUG DISCARD ECHO EXEC FAILOVER FLUSHALL FLUSHDB INFO KEYS LASTSAVE LOLWUT
	MONITOR MULTI PING PSUBSCRIBE PSYNC PUBLISH PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE REPLCONF REPLICAOF RESET
	ROLE SAVE SCAN SHUTDOWN SLAVEOF SPUBLISH SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE SWAPDB SYNC TIME UNSUBSCRIBE UNWATCH`,
	'other',
	undefined,
);

/** Letters, digits and dots. Any other text is not a command, and may even be a secret. */
const namePattern = /^[A-Z][A-Z0-9._-]{0,31}$/;

const unnamed = makeSpec('(UNKNOWN)', 'other', undefined, {});

/** @param name In upper case. */
export function specOf(name: string): CommandSpec {
	return specs.get(name) ?? (namePattern.test(name) ? makeSpec(name, 'other', undefined, {}) : unnamed);
}

/** The commands of the table. */
export const knownCommands: readonly CommandSpec[] = [...specs.values()];

/** The word after the name of a container command, as it is reported; undefined if it is not a subcommand. */
export function subcommandOf(word: string): string | undefined {
	const name = word.toUpperCase();
	return namePattern.test(name) ? name : undefined;
}
