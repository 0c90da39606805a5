export const connection = String.raw`
PING
PING hello
PING a b
ECHO hi
ECHO
NOSUCHCOMMAND
NOSUCHCOMMAND a b c
nosuchcommand "with 'quotes'" "and \x00 bytes\r\n"
NOSUCHCOMMAND aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b c
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x
"" a
CLIENT
CLIENT NOSUCH
CLIENT ID x
CLIENT SETNAME my-name
CLIENT GETNAME
CLIENT SETNAME "with space"
CLIENT SETNAME ""
CLIENT GETNAME
CLIENT SETNAME
? CLIENT ID
? CLIENT INFO
? CLIENT LIST
CLIENT LIST TYPE foo
CLIENT LIST FOO
CLIENT LIST ID abc
CLIENT LIST ID 999999
CLIENT LIST TYPE master
CLIENT LIST TYPE replica
CLIENT KILL
CLIENT KILL 1.2.3.4:5
CLIENT KILL ID abc
CLIENT KILL ID 0
CLIENT KILL ID 999999
CLIENT KILL TYPE foo
CLIENT KILL TYPE master
CLIENT KILL USER nosuch
CLIENT KILL FOO bar
CLIENT KILL ID 999999 SKIPME maybe
CLIENT NO-EVICT ON
CLIENT NO-EVICT OFF
CLIENT NO-EVICT FOO
CLIENT UNBLOCK 999999
CLIENT UNBLOCK abc
CLIENT UNBLOCK 1 FOO
CLIENT REPLY FOO
CLIENT REPLY ON
! CLIENT REPLY SKIP
! SET skipped 1
GET skipped
! CLIENT REPLY OFF
! SET off 1
! GET off
CLIENT REPLY ON
GET off
CLIENT PAUSE abc
CLIENT PAUSE -1
CLIENT PAUSE 10 FOO
CLIENT PAUSE 20 WRITE
GET skipped
SET skipped 2
CLIENT PAUSE 20
GET skipped
CLIENT PAUSE 100000 WRITE
CLIENT UNPAUSE
SET skipped 3
CLIENT UNPAUSE
CLIENT GETREDIR
HELLO 4
HELLO abc
HELLO 3 FOO
HELLO 3 SETNAME
HELLO 3 SETNAME "bad name"
HELLO 3 AUTH default
HELLO 3 AUTH nosuch pw
? HELLO 2
GET nokey
? HELLO 3 SETNAME hello-name
CLIENT GETNAME
GET nokey
? HELLO 3 AUTH default anything
? HELLO
? HELLO 2 AUTH default x SETNAME y
AUTH pw
AUTH default pw
AUTH nosuch pw
AUTH a b c
AUTH
SELECT 3
MULTI
RESET
GET nokey
CLIENT GETNAME
EXEC
CONFIG SET requirepass secret
@p GET a
@p PING
@p AUTH wrong
@p AUTH default wrong
@p HELLO 3
@p NOSUCH
@p GET
@p MULTI
? @p HELLO 3 AUTH default secret
@p GET a
@q AUTH secret
@q GET a
@q RESET
@q GET a
@q AUTH default secret
CONFIG SET requirepass ""
@r GET a
GET a
@b ! BLPOP nothing 0
%blocked 1
@x QUIT
`;
