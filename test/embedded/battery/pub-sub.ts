export const pubSub = String.raw`
# confirmations are sent even to a client that wants no replies
! @o CLIENT REPLY OFF
! @o SUBSCRIBE a b
@o .
@o .
! @o PSUBSCRIBE *
@o .
! @o PUNSUBSCRIBE
@o .
! @o UNSUBSCRIBE a
@o .
! @o UNSUBSCRIBE b
@o .
@o CLIENT REPLY ON
! @o CLIENT REPLY SKIP
@o SUBSCRIBE c
@o UNSUBSCRIBE
PUBLISH nobody hello
@s & SUBSCRIBE one two
@s & SUBSCRIBE one
PUBLISH one hello
@s &
PUBLISH two "bytes \x00\xff"
@s &
PUBLISH three x
@s &
@s & PSUBSCRIBE o* [ab]c
PUBLISH one again
@s &
PUBLISH ac x
@s &
~ PUBSUB CHANNELS
PUBSUB CHANNELS t*
PUBSUB CHANNELS nothing*
PUBSUB NUMSUB one two three
PUBSUB NUMSUB
PUBSUB NUMPAT
PUBSUB FOO
PUBSUB
@s & GET a
@s & SET a 1
@s & PING
@s & PING hello
@s & UNSUBSCRIBE one
@s & UNSUBSCRIBE nothing
@s & UNSUBSCRIBE
@s & PUNSUBSCRIBE o*
@s & PUNSUBSCRIBE
@s & UNSUBSCRIBE
@s & PUNSUBSCRIBE
@s GET a
@s & SUBSCRIBE
@s & SUBSCRIBE x
@t & SUBSCRIBE x
PUBLISH x both
@s &
@t &
@t & RESET
@t GET a
PUBLISH x only-one
@u & SUBSCRIBE self
@u & PUBLISH self to-myself
MULTI
PUBLISH x in-multi
PUBLISH x again
EXEC
@s &
EVAL "return redis.call('PUBLISH', KEYS[1], ARGV[1])" 1 x from-a-script
@s &
@v MULTI
@v ! SUBSCRIBE m1 m2
@v .
@v ! EXEC
@v .
@w & SUBSCRIBE q
@w QUIT
`;
