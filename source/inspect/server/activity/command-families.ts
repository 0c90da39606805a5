/**
 * Kinds of commands. `administration`: commands that inspect or configure the server, which are not traffic of an application.
 */
export const commandFamilies = ['reads', 'writes', 'deletes', 'scripts', 'other', 'administration'] as const;

export type CommandFamily = (typeof commandFamilies)[number];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const members: Readonly<Record<Exclude<CommandFamily, 'other'>, readonly string[]>> = {
	reads: words(`
		get mget getrange substr strlen getbit bitcount bitpos bitfield_ro exists ttl pttl expiretime pexpiretime type
		hget hmget hgetall hkeys hvals hlen hexists hstrlen hrandfield hscan httl hpttl hexpiretime hpexpiretime
		lrange lindex llen lpos smembers sismember smismember scard srandmember sscan sdiff sinter sunion sintercard
		zrange zrangebyscore zrevrange zrevrangebyscore zrangebylex zrevrangebylex zscore zmscore zrank zrevrank zcard
		zcount zlexcount zrandmember zscan zdiff zinter zunion zintercard xrange xrevrange xlen xread xpending geopos
		geodist geosearch geohash georadius_ro georadiusbymember_ro pfcount dump keys scan randomkey dbsize sort_ro touch
		object lcs
	`),
	writes: words(`
		set mset msetnx setnx setex psetex getset getex append setrange setbit bitfield bitop incr incrby incrbyfloat decr
		decrby expire pexpire expireat pexpireat persist rename renamenx copy move restore hset hmset hsetnx hsetex hgetex
		hincrby hincrbyfloat hexpire hpexpire hexpireat hpexpireat hpersist lpush lpushx rpush rpushx lset linsert lmove
		rpoplpush sadd smove sdiffstore sinterstore sunionstore zadd zincrby zrangestore zdiffstore zinterstore
		zunionstore xadd xsetid xgroup xreadgroup xack xclaim xautoclaim geoadd geosearchstore georadius
		georadiusbymember pfadd pfmerge sort publish spublish
	`),
	deletes: words(`
		del unlink getdel hdel hgetdel lpop rpop lrem ltrim lmpop blpop brpop blmpop srem spop zrem zpopmin zpopmax zmpop
		bzpopmin bzpopmax bzmpop zremrangebyrank zremrangebyscore zremrangebylex xdel xtrim flushdb flushall
	`),
	scripts: words('eval evalsha eval_ro evalsha_ro fcall fcall_ro'),
	administration: words(`
		acl auth bgrewriteaof bgsave client cluster command config debug echo failover function hello hotkeys info
		lastsave latency lolwut memory module monitor ping psync readonly readwrite replconf replicaof reset role save
		script select shutdown slaveof slowlog subscribe psubscribe ssubscribe unsubscribe punsubscribe sunsubscribe
		pubsub swapdb sync time wait waitaof asking quit commandlog
	`),
};

const familyByName: ReadonlyMap<string, CommandFamily> = new Map(
	Object.entries(members).flatMap(([family, names]) => names.map((name) => [name, family as CommandFamily] as const)),
);

/**
 * The family of a command.
 *
 * @param name As in `commandstats`: `get`, `client|list`, `function|load`. Commands of modules are `other`.
 */
export function familyOf(name: string): CommandFamily {
	return familyByName.get(name.split('|')[0]?.toLowerCase() ?? '') ?? 'other';
}
