export const serverCommands = String.raw`
? INFO
? INFO server
? INFO everything
INFO nosuch
? TIME
TIME x
? LASTSAVE
ROLE
WAIT 0 0
WAIT 0 abc
WAIT abc 0
WAIT 0 -1
DBSIZE
CONFIG GET maxmemory
CONFIG GET maxmemory-policy
CONFIG GET MAXMEMORY
CONFIG GET nosuch
~ CONFIG GET databases save
CONFIG GET requirepass
CONFIG GET hash-max-ziplist-entries
CONFIG GET ZSET-max-ziplist-value
CONFIG GET notify-keyspace-events
CONFIG SET notify-keyspace-events ""
CONFIG SET timeout 100
CONFIG GET timeout
CONFIG SET timeout -1
CONFIG SET timeout abc
CONFIG SET timeout 0
CONFIG SET maxmemory 100mb
CONFIG GET maxmemory
CONFIG SET maxmemory 100000000
CONFIG GET maxmemory
CONFIG SET maxmemory 1gb maxmemory-policy allkeys-lru
~ CONFIG GET maxmemory maxmemory-policy
CONFIG SET maxmemory abc
CONFIG SET maxmemory -1
CONFIG SET maxmemory 0 maxmemory 1
CONFIG SET nosuch 1
CONFIG SET maxmemory
CONFIG SET maxmemory 1 x
CONFIG SET slowlog-log-slower-than abc
CONFIG SET slowlog-max-len -1
CONFIG SET databases 5
CONFIG SET maxmemory 0 maxmemory-policy noeviction
CONFIG REWRITE
CONFIG RESETSTAT
CONFIG FOO
CONFIG
SLOWLOG RESET
SLOWLOG LEN
SLOWLOG GET
SLOWLOG GET 5
SLOWLOG GET -1
SLOWLOG GET -2
SLOWLOG GET abc
SLOWLOG FOO
CONFIG SET slowlog-log-slower-than 0
GET slow
CONFIG SET slowlog-log-slower-than 10000
? SLOWLOG LEN
? SLOWLOG GET 1
SLOWLOG RESET
LATENCY LATEST
LATENCY HISTORY command
LATENCY RESET
LATENCY FOO
COMMAND COUNT x
COMMAND FOO
? COMMAND COUNT
COMMAND INFO nosuch
COMMAND DOCS nosuch
COMMAND GETKEYS GET a
COMMAND GETKEYS MSET a 1 b 2
COMMAND GETKEYS EVAL "return 1" 2 x y z
COMMAND GETKEYS EVAL "return 1" 0
COMMAND GETKEYS ZUNION 2 a b
COMMAND GETKEYS ZUNIONSTORE d 2 a b
COMMAND GETKEYS LMPOP 2 a b LEFT
COMMAND GETKEYS OBJECT ENCODING k
COMMAND GETKEYS BLPOP a b 0
COMMAND GETKEYS PING x
COMMAND GETKEYS NOSUCH x
COMMAND GETKEYS GET
COMMAND GETKEYS GET a b
COMMAND GETKEYS
COMMAND INFO get
COMMAND INFO SET nosuch object|encoding
COMMAND GETKEYSANDFLAGS GET a
COMMAND GETKEYSANDFLAGS SET a 1
COMMAND GETKEYSANDFLAGS SET a 1 EX 1 get
COMMAND GETKEYSANDFLAGS SET GET GET
COMMAND GETKEYSANDFLAGS MSET a 1 b 2
COMMAND GETKEYSANDFLAGS DEL a b c
COMMAND GETKEYSANDFLAGS BLPOP a b 0
COMMAND GETKEYSANDFLAGS RENAME a b
COMMAND GETKEYSANDFLAGS SINTERSTORE d a b
COMMAND GETKEYSANDFLAGS SUNIONSTORE a a
COMMAND GETKEYSANDFLAGS ZUNIONSTORE d 2 a b
COMMAND GETKEYSANDFLAGS ZUNIONSTORE d 3 a b
COMMAND GETKEYSANDFLAGS LMPOP 2 a b LEFT
COMMAND GETKEYSANDFLAGS EVAL "return 1" 2 x y z
COMMAND GETKEYSANDFLAGS EVAL "return 1" 0
COMMAND GETKEYSANDFLAGS OBJECT ENCODING k
COMMAND GETKEYSANDFLAGS PING x
COMMAND GETKEYSANDFLAGS NOSUCH x
COMMAND GETKEYSANDFLAGS GET
COMMAND GETKEYSANDFLAGS GET a b
COMMAND GETKEYSANDFLAGS
~ COMMAND LIST FILTERBY PATTERN ping*
COMMAND LIST FILTERBY PATTERN nosuch*
COMMAND LIST FILTERBY FOO x
COMMAND LIST FOO
DEBUG SLEEP 0
DEBUG SLEEP x
DEBUG NOSUCH
DEBUG SET-ACTIVE-EXPIRE 1
DEBUG
SHUTDOWN FOO
# memory limits
SET full some-value
CONFIG SET maxmemory 1
SET full more
GET full
APPEND full x
DEL nokey
INCR n
RPUSH l x
EVAL "return redis.call('SET', 'x', 1)" 0
EVAL "return redis.pcall('SET', 'x', 1)" 0
EVAL "return redis.call('GET', 'full')" 0
# a script that has written is allowed to finish
EVAL "redis.call('DEL', 'nokey') return redis.call('SET', 'x', 1)" 0
EVAL "redis.call('EXPIRE', 'full', 100) redis.call('RPUSH', 'y', 1) return redis.call('MSET', 'x', 2, 'z', 3)" 0
EVAL "redis.call('GET', 'full') return redis.call('SET', 'x', 1)" 0
EVAL "local e = redis.pcall('SET', 'x', 4) redis.call('DEL', 'y') redis.call('SET', 'x', 5) return e" 0
EVAL "redis.pcall('SET', 'x', 6) return redis.call('SET', 'x', 6)" 0
EVAL "redis.pcall('LPOP', 'full') return redis.call('SET', 'x', 7)" 0
EVAL "redis.call('PUBLISH', 'c', 'm') return redis.call('SET', 'x', 8)" 0
EVAL "local ok, e = pcall(redis.call, 'SET', 'x', 9) return e" 0
EVAL "#!lua\nredis.call('DEL', 'nokey') return redis.call('SET', 'x', 10)" 0
EVAL "#!lua flags=no-writes\nreturn redis.call('GET', 'x')" 0
EVAL_RO "return redis.call('GET', 'x')" 0
MULTI
EVAL "redis.call('DEL', 'nokey') return redis.call('SET', 'x', 11)" 0
EXEC
EVAL "#!lua\nreturn redis.call('GET', 'full')" 0
EVAL "#!lua flags=allow-oom\nreturn redis.call('SET', 'full', 1)" 0
MULTI
SET full x
EXEC
MULTI
GET full
EXEC
EXPIRE full 100
EXISTS full
CONFIG SET maxmemory 0
SET full fits-again
`;
