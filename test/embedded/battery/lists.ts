export const lists = `
RPUSH ranked a a
LPOS ranked a RANK -9223372036854775808 COUNT 0
DEL ranked
RPUSH l a b c
LPUSH l z y
LRANGE l 0 -1
LRANGE l 1 2
LRANGE l -2 -1
LRANGE l 5 10
LRANGE l -100 100
LRANGE l 3 1
LRANGE l a 1
LRANGE l 0 b
LRANGE nokey 0 -1
LLEN l
LLEN nokey
LPUSHX l x
LPUSHX nokey x
RPUSHX l x
RPUSHX nokey x
LPUSH
LPUSH l
LINDEX l 0
LINDEX l -1
LINDEX l 100
LINDEX l -100
LINDEX l abc
LINDEX nokey 0
LSET l 0 first
LSET l -1 last
LSET l 100 x
LSET l abc x
LSET nokey 0 x
LRANGE l 0 -1
LINSERT l BEFORE a before
LINSERT l AFTER a after
LINSERT l after nothing x
LINSERT l MIDDLE a x
LINSERT nokey BEFORE a x
LRANGE l 0 -1
LPOP l
RPOP l
LPOP l 2
RPOP l 2
LPOP l 0
LPOP l -1
LPOP l abc
LPOP l 1 2
LPOP nokey
LPOP nokey 2
RPOP nokey
RPOP nokey 0
RPOP l 100
EXISTS l
RPUSH r a b a c a b a
LREM r 2 a
LRANGE r 0 -1
LREM r -1 a
LRANGE r 0 -1
LREM r 0 b
LREM r 0 nothing
LREM r x a
LREM nokey 0 a
LRANGE r 0 -1
RPUSH p a b c 1 2 3 c c
LPOS p c
LPOS p c RANK 2
LPOS p c RANK -1
LPOS p c COUNT 0
LPOS p c COUNT 2
LPOS p c COUNT 0 MAXLEN 3
LPOS p c RANK -1 COUNT 2
LPOS p c RANK 0
LPOS p c COUNT -1
LPOS p c MAXLEN -1
LPOS p c FOO 1
LPOS p c RANK
LPOS p nothing
LPOS p nothing COUNT 0
LPOS nokey c
LPOS nokey c COUNT 1
RPUSH t 1 2 3 4 5
LTRIM t 1 3
LRANGE t 0 -1
LTRIM t -2 -1
LRANGE t 0 -1
LTRIM t 5 10
EXISTS t
LTRIM nokey 0 1
LTRIM nokey a b
RPUSH src 1 2 3
RPOPLPUSH src dst
RPOPLPUSH src src
LRANGE src 0 -1
RPOPLPUSH nokey dst
LMOVE src dst LEFT RIGHT
LMOVE src dst RIGHT LEFT
LMOVE src dst UP DOWN
LRANGE dst 0 -1
EXISTS src
LMOVE nokey dst LEFT LEFT
LMOVE dst dst LEFT RIGHT
LRANGE dst 0 -1
LMPOP 1 dst LEFT
LMPOP 2 nokey dst RIGHT COUNT 2
LMPOP 1 nokey LEFT
LMPOP 0 dst LEFT
LMPOP x dst LEFT
LMPOP 1 dst UP
LMPOP 1 dst LEFT COUNT 0
LMPOP 1 dst LEFT COUNT 1 COUNT 1
LMPOP 5 dst LEFT
OBJECT ENCODING p
SET s v
LPUSH s x
LRANGE s 0 -1
LPOP s
LLEN s
LINDEX s 0
LSET s 0 x
LINSERT s BEFORE a b
LREM s 0 a
LTRIM s 0 1
LPOS s a
RPOPLPUSH s p
RPOPLPUSH p s
LMOVE p s LEFT LEFT
LMPOP 1 s LEFT
BLPOP s 0
LLEN p
# blocking commands that need not block
RPUSH q 1 2 3
BLPOP q 0
BRPOP nokey q 0
BLPOP nokey 0.01
BRPOP nokey 0.01
BLMOVE nokey q LEFT LEFT 0.01
BRPOPLPUSH nokey q 0.01
BLMPOP 0.01 1 nokey LEFT
BLPOP q -1
BLPOP q abc
BLPOP q inf
BLPOP q 1e30
BLMOVE q q LEFT RIGHT 0
BRPOPLPUSH q q2 0
BLMPOP 0 2 nokey q2 LEFT COUNT 5
# blocking commands that do
@b ! BLPOP w1 w2 0
%blocked 1
RPUSH w2 x y
@b .
LRANGE w2 0 -1
@b ! BRPOP w3 0
%blocked 1
LPUSH w3 a b c
@b .
LRANGE w3 0 -1
@b ! BLPOP w4 0
@c ! BLPOP w4 0
%blocked 2
RPUSH w4 only
%blocked 1
RPUSH w4 another
%blocked 0
@b ! BLMOVE w5 w6 LEFT RIGHT 0
@c ! BLPOP w6 0
%blocked 2
RPUSH w5 handed-on
@b .
@c .
EXISTS w5 w6
@d ! BLPOP w7 0
%blocked 1
SET w7 a-string
DEL w7
RPUSH w7 x
@d .
@d ! BLPOP w8 0
%blocked 1
RENAME w3 w8
@d .
@d ! BRPOPLPUSH w9 s 0
%blocked 1
RPUSH w9 x
@d .
LRANGE w9 0 -1
@e ! BLMPOP 0 2 w10 w11 RIGHT COUNT 2
%blocked 1
RPUSH w11 1 2 3
@e .
@e ! BLPOP w12 0
%blocked 1
MULTI
RPUSH w12 a
DEL w12
EXEC
RPUSH w12 b
@e .
MULTI
BLPOP nokey 0
BLMOVE nokey x LEFT LEFT 0
BZPOPMIN nokey 0
EXEC
@f ! BLPOP w13 0
%blocked 1
EVAL "redis.call('RPUSH', KEYS[1], 'from-a-script')" 1 w13
@f .
# one client, many requests behind a blocked one
@f ! BLPOP w14 0
@f ! ECHO after
%blocked 1
RPUSH w14 x
@f .
@f .
`;
