const many = Array.from({length: 520}, (_, index) => `f${index} v${index}`).join(' ');

export const hashes = `
HSET h a 1 b 2 c 3
HSET h a 9 d 4
HSET h
HSET h a
HSET h a 1 b
HGET h a
HGET h nokey
HGET nokey a
HMGET h a nokey b
HMGET nokey a b
HMSET h x 1 y 2
HMSET h x
HMSET h x 1 y
HGETALL h
HGETALL nokey
HKEYS h
HVALS h
HKEYS nokey
HLEN h
HLEN nokey
HEXISTS h a
HEXISTS h nokey
HEXISTS nokey a
HSTRLEN h a
HSTRLEN h nokey
HSTRLEN nokey a
HSETNX h a 5
HSETNX h new 5
HSETNX newhash f v
HDEL h a nokey x
HDEL nokey a
HGETALL h
HINCRBY h n 5
HINCRBY h n -7
HINCRBY h n abc
HINCRBY h n 9223372036854775807
HSET h n 9223372036854775807
HINCRBY h n 1
HSET h word text
HINCRBY h word 1
HINCRBYFLOAT h fl 10.5
HINCRBYFLOAT h fl 0.1
HINCRBYFLOAT h word 1
HINCRBYFLOAT h fl abc
HINCRBYFLOAT h fl inf
HINCRBYFLOAT h fl 5.0e3
HGET h fl
HDEL newhash f
EXISTS newhash
HSET e f v
OBJECT ENCODING e
HSET e long aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
OBJECT ENCODING e
HSET e long aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
OBJECT ENCODING e
HDEL e long
OBJECT ENCODING e
HSET small a 1 b 2
HSCAN small 0
HSCAN small 0 MATCH a*
HSCAN small 0 COUNT 1
HSCAN small 99
HSCAN nokey 0
HSCAN small abc
HSCAN small 0 TYPE hash
HSCAN small 0 COUNT 0
HRANDFIELD nokey
HRANDFIELD nokey 5
HRANDFIELD nokey 5 WITHVALUES
~ HRANDFIELD small 5
HRANDFIELD small 0
~ HRANDFIELD small 2 WITHVALUES
~ HRANDFIELD small 5 WITHVALUES
? HRANDFIELD small
? HRANDFIELD small -3
? HRANDFIELD small 1 WITHVALUES
HRANDFIELD small abc
HRANDFIELD small 1 FOO
HRANDFIELD small 1 WITHVALUES x
HSET big ${many}
HLEN big
OBJECT ENCODING big
~ HGETALL big
~ HSCAN big 0 COUNT 1000
~ HSCAN big 0 MATCH f1? COUNT 1000
SET s v
HSET s a 1
HGET s a
HGETALL s
HDEL s a
HLEN s
HINCRBY s a 1
HSCAN s 0
HRANDFIELD s
HMGET s a
HSETNX s a 1
HEXISTS s a
HKEYS s
HVALS s
HSTRLEN s a
`;
