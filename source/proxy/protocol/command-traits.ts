/*
 * The flags of Redis 7's commands (`COMMAND INFO`) on which error replies depend. Kept as lists, because the proxy must
 * know them without asking a server that it is about to break.
 */

const scripts = ['EVAL', 'EVALSHA', 'FCALL'];

const denyOom = new Set([
	...words(`APPEND BITFIELD BITOP BLMOVE BRPOPLPUSH COPY DECR DECRBY GEOADD GEORADIUS GEORADIUSBYMEMBER GEOSEARCHSTORE GETSET
		HINCRBY HINCRBYFLOAT HMSET HSET HSETNX INCR INCRBY INCRBYFLOAT LINSERT LMOVE LPUSH LPUSHX LSET MSET MSETNX PFADD PFDEBUG
		PFMERGE PSETEX RESTORE RESTORE-ASKING RPOPLPUSH RPUSH RPUSHX SADD SDIFFSTORE SET SETBIT SETEX SETNX SETRANGE SINTERSTORE
		SORT SUNIONSTORE XADD XGROUP XSETID ZADD ZDIFFSTORE ZINCRBY ZINTERSTORE ZRANGESTORE ZUNIONSTORE`),
	...scripts,
]);

const writes = new Set([
	...denyOom,
	...words(`BLMPOP BLPOP BRPOP BZMPOP BZPOPMAX BZPOPMIN DEL EXPIRE EXPIREAT FLUSHALL FLUSHDB GETDEL GETEX HDEL LMPOP LPOP LREM
		LTRIM MIGRATE MOVE PERSIST PEXPIRE PEXPIREAT RENAME RENAMENX RPOP SMOVE SPOP SREM SWAPDB UNLINK XACK XAUTOCLAIM XCLAIM XDEL
		XREADGROUP XTRIM ZMPOP ZPOPMAX ZPOPMIN ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE`),
]);

const whileLoading = new Set(
	words(`ACL AUTH CLIENT COMMAND CONFIG DEBUG DISCARD ECHO EXEC HELLO INFO LASTSAVE LATENCY MONITOR MULTI PSUBSCRIBE PSYNC
		PUBLISH PUBSUB PUNSUBSCRIBE QUIT READONLY READWRITE REPLCONF RESET ROLE SELECT SHUTDOWN SLOWLOG SPUBLISH SSUBSCRIBE
		SUBSCRIBE SUNSUBSCRIBE SYNC TIME UNSUBSCRIBE UNWATCH WATCH`),
);

const withoutKeys = new Set(
	words(`ACL ASKING AUTH BGREWRITEAOF BGSAVE CLIENT CLUSTER COMMAND CONFIG DBSIZE DEBUG DISCARD ECHO EXEC FAILOVER FLUSHALL
		FLUSHDB FUNCTION HELLO INFO KEYS LASTSAVE LATENCY LOLWUT MODULE MONITOR MULTI PFSELFTEST PING PSUBSCRIBE PSYNC PUBLISH
		PUBSUB PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE REPLCONF REPLICAOF RESET ROLE SAVE SCAN SCRIPT SELECT SHUTDOWN
		SLAVEOF SLOWLOG SUBSCRIBE SWAPDB SYNC TIME UNSUBSCRIBE UNWATCH WAIT`),
);

/** Shard channels determine the node like keys, but a cluster that is down still serves them. */
const shardCommands = new Set(words('SPUBLISH SSUBSCRIBE SUNSUBSCRIBE'));

/**
 * The properties of a command on which error replies depend. A script counts as a write, since Redis cannot know
 * either.
 */
export type CommandTraits = {
	readonly writes: boolean;
	/** True if Redis refuses it when out of memory. */
	readonly denyOom: boolean;
	/** True if it works while Redis loads its data. */
	readonly whileLoading: boolean;
	/** True if it names keys. */
	readonly keys: boolean;
};

const unknownCommand: CommandTraits = {writes: false, denyOom: false, whileLoading: false, keys: true};

const known: ReadonlyMap<string, CommandTraits> = new Map(
	[...writes, ...whileLoading, ...withoutKeys].map((command) => [
		command,
		{
			writes: writes.has(command),
			denyOom: denyOom.has(command),
			whileLoading: whileLoading.has(command),
			keys: !withoutKeys.has(command),
		},
	]),
);

/** @param command In upper case. An unknown one counts as a read with keys. */
export function traitsOf(command: string): CommandTraits {
	return known.get(command) ?? unknownCommand;
}

const scriptsWithKeyCount = new Set(words('EVAL EVALSHA FCALL EVAL_RO EVALSHA_RO FCALL_RO'));
const containers = new Set(words('OBJECT MEMORY XINFO XGROUP'));

/** The number of arguments on which the traits of a request depend. */
export function argumentsOfTraits(command: string): number {
	if (scriptsWithKeyCount.has(command)) return 2;
	return containers.has(command) ? 1 : 0;
}

/**
 * The traits of a request, which may name no key although others of its command do.
 *
 * @param args Its first arguments.
 */
export function traitsOfRequest(command: string, args: readonly string[]): CommandTraits {
	const traits = traitsOf(command);
	return traits.keys && isKeyless(command, args) ? {...traits, keys: false} : traits;
}

function isKeyless(command: string, args: readonly string[]): boolean {
	if (scriptsWithKeyCount.has(command)) return args[1] === '0';
	if (!containers.has(command)) return shardCommands.has(command);
	const subcommand = args[0]?.toUpperCase();
	return subcommand === 'HELP' || (command === 'MEMORY' && subcommand !== 'USAGE');
}

/** True for a request that affects the next one that reaches the server. */
export function concernsNextRequest(command: string, [subcommand = '', mode = '']: readonly string[]): boolean {
	if (command !== 'CLIENT') return command === 'ASKING';
	const name = subcommand.toUpperCase();
	return name === 'CACHING' || (name === 'REPLY' && mode.toUpperCase() === 'SKIP');
}

function words(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== '');
}
