export const scripts = String.raw`
EVAL "return {tonumber(ARGV[1]) == nil, tonumber(ARGV[2]) == nil, tonumber(ARGV[3]), tonumber(ARGV[4], 16)}" 0 0X " -0x " 0x1F ff
EVAL "return 1" 0
EVAL "return 3.99" 0
EVAL "return -3.99" 0
EVAL "return 'text'" 0
EVAL "return 'bytes \\0\\255 here'" 0
EVAL "return true" 0
EVAL "return false" 0
EVAL "return nil" 0
EVAL "return" 0
EVAL "return {1,2,{3,'four',{5}}}" 0
EVAL "return {1,nil,3}" 0
EVAL "return {true,false,1}" 0
EVAL "return {}" 0
EVAL "return {a=1}" 0
EVAL "return {ok='fine'}" 0
EVAL "return {err='My Error'}" 0
EVAL "return {err='lower'}" 0
EVAL "return redis.status_reply('STATUS')" 0
EVAL "return redis.error_reply('MYERR with text')" 0
EVAL "return redis.error_reply('single')" 0
EVAL "return {1,{ok='x'},{err='E y'}}" 0
EVAL "return 9007199254740991" 0
EVAL "return 1e15" 0
EVAL "return 2^53" 0
EVAL "return 2^62" 0
EVAL "return {KEYS[1],KEYS[2],ARGV[1],ARGV[2]}" 2 k1 k2 a1 a2
EVAL "return {#KEYS,#ARGV}" 1 k a b c
EVAL "return KEYS" 0
EVAL "return ARGV" 0 "bin\x00\xff" ""
EVAL "return 1"
EVAL "return 1" abc
EVAL "return 1" -1
EVAL "return 1" 5 a
EVAL "return redis.call('SET', KEYS[1], ARGV[1])" 1 k v
EVAL "return redis.call('GET', KEYS[1])" 1 k
EVAL "return redis.call('GET', 'nokey')" 0
EVAL "return redis.call('GET', 'nokey') == false" 0
EVAL "return redis.call('INCR', 'counter')" 0
EVAL "return redis.call('INCRBY', 'counter', 5)" 0
EVAL "return redis.call('SET', 'n', 5)" 0
EVAL "return redis.call('SET', 'n', 5.5)" 0
EVAL "return redis.call('GET', 'n')" 0
EVAL "redis.call('SET', 'n', 1795374129596701) return redis.call('GET', 'n')" 0
EVAL "redis.call('SET', 'n', 2^53) return redis.call('GET', 'n')" 0
EVAL "redis.call('SET', 'n', 0.1) return redis.call('GET', 'n')" 0
EVAL "redis.call('SET', 'n', 1e17) return redis.call('GET', 'n')" 0
EVAL "redis.call('SET', 'n', 1e300) return redis.call('GET', 'n')" 0
EVAL "redis.call('INCR', 'once') return redis.call('GET', 'nokey')" 0
EVAL "redis.call('INCR', 'once') return nil" 0
EVAL "local t = redis.call('TIME') redis.call('GET', 'once') redis.call('SET', 'n', 0.5 / 3) return redis.call('INCR', 'once')" 0
EVAL "redis.call('SET', 'n', ARGV[1]) redis.call('SET', 'm', '0.5') return redis.call('MGET', 'n', 'm')" 0 0.1
GET once
GET n
EVAL "redis.call('SET', 'n', -3) return redis.call('GET', 'n')" 0
EVAL "redis.call('SET', 'n', 1/3) return redis.call('GET', 'n')" 0
EVAL "return string.format('%016.0f', 1795374129596701)" 0
EVAL "return tonumber('1795374129596701') + 1" 0
EVAL "return tostring(1795374129596701)" 0
EVAL "return '1795374129596701' + 1" 0
EVAL "return 1795374129596701" 0
EVAL "return tonumber('12 ')" 0
EVAL "return string.find('rct2abcd1234567890', '^rct2....[0-8]%d+$')" 0
EVAL "return {string.byte('\\255'), #ARGV[1], string.sub(ARGV[1], 2, 3)}" 0 "\xff\x00\xfe"
EVAL "return redis.pcall('GETRANGE', KEYS[1], 0, 23)" 1 l
EVAL "local v = redis.pcall('GETRANGE', KEYS[1], 0, 23) return type(v)" 1 l
EVAL "return redis.pcall('GETRANGE', KEYS[1], 0, 23)" 1 nokey
EVAL "redis.call('PEXPIREAT', KEYS[1], ARGV[1]) return redis.call('PEXPIRETIME', KEYS[1])" 1 l 9999999999999
EVAL "return table.concat(redis.call('HMGET', 'nokey', 'a', 'b'), ',')" 0
EVAL "return #redis.call('HMGET', 'nokey', 'a', 'b')" 0
EVAL "return redis.call('RPUSH', 'l', 1, 'two', 3)" 0
EVAL "return redis.call('LRANGE', 'l', 0, -1)" 0
EVAL "return redis.call('HSET', 'h', 'f', 'v', 'g', 'w')" 0
EVAL "return redis.call('HGETALL', 'h')" 0
EVAL "return redis.call('ZADD', 'z', 1.5, 'm')" 0
EVAL "return redis.call('ZSCORE', 'z', 'm')" 0
EVAL "return redis.call('ZRANGE', 'z', 0, -1, 'WITHSCORES')" 0
EVAL "return redis.call('SADD', 's', 'x')" 0
EVAL "return redis.call('SMEMBERS', 's')" 0
EVAL "return redis.call('EXISTS', 'nokey')" 0
EVAL "return redis.call('PING')" 0
EVAL "return redis.call('TYPE', 'h')" 0
EVAL "return redis.call('TYPE', 'h').ok" 0
EVAL "return redis.call('PING').ok" 0
EVAL "return type(redis.call('GET', 'nokey'))" 0
EVAL "return type(redis.call('LPOP', 'nokey', 2))" 0
EVAL "return redis.call('LPOP', 'nokey', 2)" 0
EVAL "return #redis.call('TIME')" 0
EVAL "return type(redis.call('TIME')[1])" 0
EVAL "local t = redis.call('TIME') return tonumber(t[1]) > 1600000000 and tonumber(t[2]) < 1000000" 0
EVAL "redis.setresp(3) return redis.call('HGETALL', 'h')" 0
EVAL "redis.setresp(3) return redis.call('ZSCORE', 'z', 'm')" 0
EVAL "redis.setresp(3) return redis.call('SMEMBERS', 's')" 0
EVAL "redis.setresp(3) return redis.call('GET', 'nokey')" 0
EVAL "redis.setresp(3) return redis.call('GET', 'nokey') == nil" 0
EVAL "redis.setresp(4)" 0
EVAL "redis.setresp(3) return true" 0
EVAL "redis.setresp(3) return false" 0
EVAL "redis.setresp(3) return {double=3.25}" 0
EVAL "redis.setresp(3) return {map={a=1}}" 0
EVAL "redis.setresp(3) return {set={a=true}}" 0
EVAL "return redis.call('LPUSH', 'k', 'x')" 0
EVAL "return redis.pcall('LPUSH', 'k', 'x')" 0
EVAL "return redis.pcall('LPUSH', 'k', 'x').err" 0
EVAL "local r = redis.pcall('LPUSH', 'k', 'x') return 'caught'" 0
EVAL "return redis.call('NOSUCH', 'x')" 0
EVAL "return redis.pcall('NOSUCH', 'x')" 0
EVAL "return redis.call('GET')" 0
EVAL "return redis.pcall('GET')" 0
EVAL "return redis.call('INCRBY', 'k', 'x')" 0
EVAL "\n\nreturn redis.call('LPUSH', 'k', 'x')" 0
EVAL "local function f()\n return redis.call('LPUSH', 'k', 'x')\nend\nreturn f()" 0
EVAL "return redis.call()" 0
EVAL "return redis.call({})" 0
EVAL "return redis.call('SUBSCRIBE', 'x')" 0
EVAL "return redis.call('EVAL', 'return 1', 0)" 0
EVAL "return redis.call('MULTI')" 0
EVAL "return redis.call('WATCH', 'a')" 0
EVAL "return redis.call('BLPOP', 'nokey', 0)" 0
EVAL "return redis.call('CLIENT', 'ID')" 0
EVAL "return redis.call('SELECT', 2)" 0
EVAL "return redis.call('BLMPOP', 0, 1, 'nokey', 'LEFT')" 0
EVAL "return foo" 0
EVAL "foo = 1" 0
EVAL "return x +" 0
EVAL "\n\nreturn x +" 0
EVAL "error('plain')" 0
EVAL "error('two words')" 0
EVAL "\nerror('second line')" 0
EVAL "return 1 + {}" 0
EVAL "return ('x').y.z" 0
EVAL "local t = nil return t.x" 0
EVAL "return pcall(function() error('x') end)" 0
EVAL "local ok, e = pcall(function() error('x') end) return {tostring(ok), e}" 0
EVAL "error({err='MYERR in a table'})" 0
EVAL "\n\nerror({err='MYERR in a table'})" 0
EVAL "local ok, e = pcall(redis.call, 'LPUSH', 'k', 'x') return {tostring(ok), type(e), e.err}" 0
EVAL "local ok, e = pcall(redis.call, 'NOSUCH') return {tostring(ok), type(e), e.err}" 0
EVAL "local ok, e = pcall(function() return redis.call('LPUSH', 'k', 'x') end) return e" 0
EVAL "local ok, e = pcall(redis.call, 'LPUSH', 'k', 'x') error(e)" 0
EVAL "local ok, e = pcall(redis.call, 'LPUSH', 'k', 'x') return e" 0
EVAL "local ok, e = pcall(error, 'x') return e" 0
EVAL "local a = 1\nlocal function g()\n  local x = redis.call('LPUSH', 'k', 'x')\n  return x\nend\nlocal r = g()\nreturn r" 0
EVAL "return 1, 2, 3" 0
EVAL "return unpack({1, 2})" 0
EVAL "return redis.call('PING'), 2" 0
EVAL "redis.call = nil" 0
EVAL "redis.foo = 1" 0
EVAL "return redis.foo" 0
EVAL "return type(redis)" 0
EVAL "local body = 1 return {body, select('#', ...)}" 0
EVAL "return own" 0
EVAL "return raise" 0
EVAL "return redis.call('SET', 'k', 'v', nil)" 0
EVAL "return redis.call('ECHO', nil)" 0
EVAL "return redis.call('ECHO', true)" 0
EVAL "return redis.pcall('ECHO', true)" 0
EVAL "return redis.pcall('ECHO', {})" 0
EVAL "return -- a comment at the end" 0
EVAL "return 'x' -- a comment" 0
EVAL "end return 1" 0
EVAL "return 1 end" 0
EVAL "do return 5 end return 6" 0
EVAL "local t = {} for i = 1, 5000 do t[i] = 'k' end return redis.call('EXISTS', unpack(t))" 0
EVAL "return tostring(1e15)" 0
EVAL "return tostring(0.1)" 0
EVAL "return tonumber('0x10')" 0
EVAL "return string.format('%d %s %5.2f', 5, 'x', 3.14159)" 0
EVAL "return cjson.encode({1,2,{a='b'}})" 0
EVAL "return cjson.decode('{\"a\":[1,2,3]}').a" 0
EVAL "return cjson.encode({x=1.5})" 0
EVAL "return cjson.decode('not json')" 0
EVAL "return struct.pack('>I4', 258)" 0
EVAL "return {struct.unpack('>I4', ARGV[1])}" 0 "\x00\x00\x01\x02"
EVAL "return {bit.band(12,10), bit.bor(12,10), bit.bxor(12,10), bit.lshift(1,4)}" 0
EVAL "return cmsgpack.pack({1,'a'})" 0
EVAL "return redis.sha1hex('hello')" 0
EVAL "return redis.REDIS_VERSION_NUM > 0x060000" 0
EVAL "return {redis.LOG_DEBUG, redis.LOG_VERBOSE, redis.LOG_NOTICE, redis.LOG_WARNING}" 0
EVAL "return redis.replicate_commands()" 0
EVAL "return redis.set_repl(redis.REPL_ALL)" 0
EVAL "local s = 0 for i = 1, 1000 do s = s + i end return s" 0
EVAL "for i = 1, 100 do redis.call('RPUSH', 'many', i) end return redis.call('LLEN', 'many')" 0
EVAL "redis.call('SET', 'a', 1) redis.call('LPUSH', 'a', 1)" 0
GET a
EVAL "redis.call('SET', KEYS[1], 'v', 'PX', 100000) return redis.call('TTL', KEYS[1])" 1 withttl
EVAL "return {redis.call('DEL', 'a', 'k'), redis.call('EXISTS', 'a')}" 0
# what redis.error_reply takes as the code of an error
EVAL "return redis.error_reply('MY_ERR_CODE x')" 0
EVAL "return redis.error_reply('My_Err x')" 0
EVAL "return redis.error_reply('-MYERR x')" 0
EVAL "return redis.error_reply(' x').err" 0
EVAL "return redis.error_reply('').err" 0
EVAL "return redis.error_reply('MY_ERR_CODE').err" 0
EVAL "return redis.error_reply()" 0
EVAL "return redis.error_reply(1)" 0
EVAL "return redis.error_reply('A', 'B')" 0
EVAL "return {err='x\r\ny'}" 0
EVAL "return redis.status_reply('a\r\nb')" 0
# globals and metatables
EVAL "return type(_G)" 0
EVAL "return _G._G == _G" 0
EVAL "return rawget(_G, 'foo')" 0
EVAL "return _G.foo" 0
EVAL "_G.x = 1" 0
EVAL "rawset(_G, 'x', 1)" 0
EVAL "setmetatable(_G, {})" 0
EVAL "getmetatable('').__index = nil" 0
EVAL "KEYS[1] = 'x' return KEYS" 0
EVAL "ARGV = 1" 0
EVAL "return setmetatable({}, {__index = function(t, k) return 'x' end})" 0
EVAL "return setmetatable({1, 2}, {__index = function(t, k) error('no') end})" 0
EVAL "return {setmetatable({1, 2}, {__index = function(t, k) error('no') end})}" 0
EVAL "return redis.breakpoint()" 0
EVAL "return redis.debug('x')" 0
# values that are no replies
EVAL "return function() end" 0
EVAL "return {1, function() end, 2}" 0
EVAL "return cjson.null" 0
EVAL "return {cjson.null, 1}" 0
EVAL "return coroutine.create(function() end)" 0
EVAL "return {ok='a', err='b'}" 0
EVAL "return {{{{{{{{1, {ok='deep'}}}}}}}}}" 0
EVAL "redis.setresp(3) return {big_number='12'}" 0
EVAL "redis.setresp(3) return {verbatim_string={format='txt', string='x'}}" 0
EVAL "redis.setresp(3) return {1, false, true, {1, {map={a={1, 2}}}}}" 0
EVAL "local t = {1} t.x = t return t" 0
# errors that a script catches
EVAL "return xpcall(function() error('x') end, function(e) return 'h:' .. e end)" 0
EVAL "local ok, e = xpcall(function() error('x') end, function(e) return 'h:' .. e end) return e" 0
EVAL "local c = coroutine.wrap(function() coroutine.yield(1) return 2 end) return {c(), c()}" 0
EVAL "local c = coroutine.create(function() error('x') end) local a, b = coroutine.resume(c) return b" 0
EVAL "local ok, e = pcall(redis.call, 'LPUSH', 'nokey') return {type(e), tostring(e)}" 0
EVAL "return select('#', pcall(error))" 0
EVAL "return pcall(function() return 1, 2 end)" 0
EVAL "return cjson.decode(string.rep('[', 1100))" 0
EVAL "local t = {} for i = 1, 1100 do t = {t} end return cjson.encode(t)" 0
EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0
EVALSHA abc 0
EVALSHA ffffffffffffffffffffffffffffffffffffffff 0
SCRIPT LOAD "return {KEYS[1], ARGV[1], 'loaded'}"
EVALSHA 8b1a3a1ffc04d09aea2b6bc7b9b9f3f8c18b4c4d 1 k v
SCRIPT LOAD "return 'hello'"
EVALSHA 1b936e3fe509bcbc9cd0664897bbe8fd0cac101b 0
EVALSHA 1B936E3FE509BCBC9CD0664897BBE8FD0CAC101B 0
SCRIPT EXISTS 1b936e3fe509bcbc9cd0664897bbe8fd0cac101b ffffffffffffffffffffffffffffffffffffffff
SCRIPT EXISTS
SCRIPT LOAD "return x +"
SCRIPT LOAD
SCRIPT FLUSH
SCRIPT FLUSH ASYNC
SCRIPT FLUSH FOO
SCRIPT EXISTS 1b936e3fe509bcbc9cd0664897bbe8fd0cac101b
EVALSHA 1b936e3fe509bcbc9cd0664897bbe8fd0cac101b 0
SCRIPT KILL
SCRIPT FOO
SCRIPT
EVAL_RO "return redis.call('GET', 'withttl')" 0
EVAL_RO "return redis.call('SET', 'x', 1)" 0
EVAL_RO "return redis.pcall('SET', 'x', 1)" 0
EVALSHA_RO ffffffffffffffffffffffffffffffffffffffff 0
EVAL "#!lua\nreturn 1" 0
EVAL "#!lua flags=no-writes\nreturn redis.call('SET', 'x', 1)" 0
EVAL "#!lua flags=no-writes\nreturn redis.call('GET', 'nokey')" 0
EVAL "#!lua flags=nosuch\nreturn 1" 0
EVAL "#!python\nreturn 1" 0
EVAL "#!lua flags=\nreturn 1" 0
EVAL "#!lua flags=,\nreturn 1" 0
EVAL "#!lua flags=no-writes,\nreturn 1" 0
EVAL "#!lua flags= no-writes\nreturn 1" 0
EVAL "#!lua flags=no-writes flags=allow-oom\nreturn 1" 0
EVAL "#!lua\tflags=no-writes\nreturn 1" 0
EVAL "#!lua flags=allow-stale,no-cluster,allow-cross-slot-keys\nreturn 1" 0
EVAL "#!lua name=x\nreturn 1" 0
EVAL "#!lua" 0
EVAL "#! lua\nreturn 1" 0
EVAL "#!LUA\nreturn 1" 0
EVAL "#!\nreturn 1" 0
EVAL "#!lua\nreturn x +" 0
EVAL_RO "#!lua\nreturn 1" 0
MULTI
EVAL "return redis.call('INCR', 'in-multi')" 0
EVAL "return redis.call('LPUSH', 'in-multi', 1)" 0
EXEC
`;
