import fc from 'fast-check';

/**
 * `K` a key, `X` a key whose members all have the score 0 (lexical ranges are defined only there), `V` a value or
 * member, `N` an integer, `F` a float, `W` anything that C might take for a number, `B` a score bound, `L` a lexical
 * bound, `P` a pattern. `~` first: the items of the reply come in any order.
 */
const templates = `
SET K V
SET K V NX GET
SET K V XX
SET K V KEEPTTL
SET K N
SET K V EX 100000
GET K
GETSET K V
GETDEL K
GETEX K PERSIST
SETNX K V
MSET K V K V
MSETNX K V K V
MGET K K K
APPEND K V
STRLEN K
GETRANGE K N N
SETRANGE K 3 V
INCR K
INCRBY K N
DECRBY K N
INCRBYFLOAT K F
INCRBYFLOAT K W
INCRBY K W
EXPIRE K W
GETRANGE K W W
SETBIT K 9 1
GETBIT K 9
BITCOUNT K
BITCOUNT K N N
BITPOS K 1 N
BITPOS K 0 N N
BITPOS K 1 N N BIT
BITCOUNT K N N BIT
DEL K K
EXISTS K K
TYPE K
RENAME K K
RENAMENX K K
COPY K K
COPY K K REPLACE
EXPIRE K 100000
EXPIRE K N
EXPIRE K 50000 GT
PERSIST K
TTL K
OBJECT ENCODING K
DBSIZE
~ KEYS P
~ SCAN 0 COUNT 1000 MATCH P
HSET K V V
HSET K V V V N
HSETNX K V V
HGET K V
HMGET K V V
HDEL K V V
HLEN K
HGETALL K
HKEYS K
HVALS K
HEXISTS K V
HSTRLEN K V
HINCRBY K V N
HINCRBYFLOAT K V F
HSCAN K 0
LPUSH K V V
RPUSH K V V
LPUSHX K V
LPOP K
RPOP K
LPOP K N
LLEN K
LRANGE K N N
LINDEX K N
LSET K N V
LINSERT K BEFORE V V
LREM K N V
LTRIM K N N
LPOS K V RANK N COUNT 0
RPOPLPUSH K K
LMOVE K K LEFT RIGHT
LMPOP 2 K K RIGHT COUNT 2
SADD K V V
SADD K N N
SREM K V N
SCARD K
SISMEMBER K V
SMISMEMBER K V N
~ SMEMBERS K
SMOVE K K V
~ SINTER K K
~ SUNION K K
~ SDIFF K K
SINTERSTORE K K K
SUNIONSTORE K K K
SDIFFSTORE K K K
SINTERCARD 2 K K
~ SSCAN K 0 COUNT 1000
ZADD K F V F V
ZADD K NX F V
ZADD K W V
ZINCRBY K W V
ZCOUNT K W W
ZRANGEBYSCORE K W (W
ZADD K XX CH F V
ZADD K GT CH F V
ZADD K LT F V
ZADD K INCR F V
ZINCRBY K F V
ZREM K V V
ZCARD K
ZSCORE K V
ZMSCORE K V V
ZRANK K V
ZREVRANK K V
ZCOUNT K B B
ZLEXCOUNT X L L
ZRANGE K N N WITHSCORES
ZRANGE K B B BYSCORE LIMIT N N
ZRANGE X L L BYLEX
ZADD X 0 V 0 V 0 V
ZREM X V
ZREVRANGEBYLEX X L L
ZRANGE K N N REV
ZRANGEBYSCORE K B B WITHSCORES
ZREVRANGEBYSCORE K B B
ZRANGEBYLEX X L L
ZRANGESTORE K K N N
ZREMRANGEBYRANK K N N
ZREMRANGEBYSCORE K B B
ZREMRANGEBYLEX X L L
ZPOPMIN K
ZPOPMAX K 2
ZMPOP 1 K MAX COUNT 2
ZUNION 2 K K WITHSCORES
ZINTER 2 K K AGGREGATE MAX WITHSCORES
ZDIFF 2 K K WITHSCORES
ZUNIONSTORE K 2 K K WEIGHTS F 2
ZINTERSTORE K 2 K K
ZSCAN K 0
MULTI
EXEC
DISCARD
WATCH K
SELECT 0
ECHO V
PING
EVAL "return redis.call('SET',KEYS[1],ARGV[1])" 1 K V
EVAL "return redis.call('GET',KEYS[1])" 1 K
EVAL "return {redis.pcall('LPUSH',KEYS[1],ARGV[1]), redis.pcall('INCR',KEYS[1])}" 1 K V
EVAL "return redis.call('HGETALL',KEYS[1])" 1 K
EVAL "return redis.call(ARGV[1],KEYS[1],unpack(ARGV,2))" 1 K INCRBYFLOAT W
EVAL "return {redis.pcall('GET',KEYS[1]), redis.pcall('LLEN',KEYS[1]), {ok=ARGV[1]}}" 1 K V
~ EVAL "redis.setresp(3) return redis.call('HGETALL',KEYS[1])" 1 K
EVAL "redis.setresp(3) return redis.call('ZRANGE',KEYS[1],0,-1,'WITHSCORES')" 1 K
EVAL "return redis.error_reply(ARGV[1])" 0 V
EVAL "return {ok=ARGV[1]}" 0 V
EVAL "local t = cjson.decode(cjson.encode({a={1,ARGV[1]}})) return t.a" 0 N
EVAL "local ok, e = pcall(redis.call, 'INCR', KEYS[1]) return {tostring(ok), tostring(e)}" 1 K
EVAL "return tonumber(ARGV[1])" 0 V
EVAL "return setmetatable({ARGV[1]}, {__index=function() error('x') end})" 0 V
EVAL "#!lua flags=no-writes\\nreturn redis.call('TYPE',KEYS[1])" 1 K
EVAL_RO "return redis.pcall('DEL',KEYS[1])" 1 K
`
	.trim()
	.split('\n');

const pools: Readonly<Record<string, fc.Arbitrary<string>>> = {
	K: fc.constantFrom('k1', 'k2', 'k3', 'k4'),
	X: fc.constantFrom('x1', 'x2'),
	V: fc.oneof(
		fc.constantFrom('a', 'b', 'c', 'abc', '', '1', '2', '10', '3.5', 'x\0y', '\xff\xfe'),
		fc.string({maxLength: 6}),
	),
	N: fc.oneof(
		fc.integer({min: -4, max: 6}).map(String),
		fc.constantFrom('100', '-100', '9223372036854775807', '-9223372036854775808', '99999999999999999999', 'x', '007'),
	),
	F: fc.oneof(
		fc.integer({min: -20, max: 20}).map((tenths) => String(tenths / 10)),
		fc.constantFrom('1e3', '0.1', '-0', '3', 'inf', '-inf', 'nan', 'abc', '1e-7', '123456.789'),
	),
	W: fc.oneof(
		fc.constantFrom('1e400', '-1e400', '1e-400', '0x1p3', '0x', '1e', '.5', '5.', ' 1', '1 ', '+1', '1\0', '', '0x1.8'),
		fc.double().map(String),
		fc.integer().map(String),
	),
	B: fc.constantFrom('-inf', '+inf', '0', '1', '(1', '2.5', '(-1', '-2', 'x'),
	L: fc.constantFrom('-', '+', '[a', '(a', '[b', '[c', '(x', '[', 'a'),
	P: fc.constantFrom('*', 'k[12]', 'k?', 'k[^1]', '*1', 'none'),
};

export type RandomCommand = {readonly unordered: boolean; readonly words: readonly string[]};

function filled(template: string): fc.Arbitrary<RandomCommand> {
	const unordered = template.startsWith('~ ');
	const words = (unordered ? template.slice(2) : template).match(/"[^"]*"|\S+/g) ?? [];
	const arbitraries = words.map(
		(word) =>
			(word === '(W' ? pools.W?.map((bound) => `(${bound}`) : pools[word]) ??
			fc.constant(word.replaceAll('"', '').replaceAll('\\n', '\n')),
	);
	return fc.tuple(...arbitraries).map((values) => ({unordered, words: values}));
}

/** Any command with any arguments, right or wrong, on few keys: they meet each other in every state. */
export const randomCommand: fc.Arbitrary<RandomCommand> = fc.oneof(...templates.map(filled));
