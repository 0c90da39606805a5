/** DUMP and RESTORE; longer payloads are compared in dump.test.ts. */
export const dumps = String.raw`
DUMP nokey
SET short hello
DUMP short
SET short ""
DUMP short
SET short 0
DUMP short
SET short -128
DUMP short
SET short 128
DUMP short
SET short -32768
DUMP short
SET short 40000
DUMP short
SET short 2147483647
DUMP short
SET short 2147483648
DUMP short
SET short -2147483648
DUMP short
SET short 007
DUMP short
DUMP
DUMP a b
RESTORE short 0 nonsense
RESTORE short 0 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb" REPLACE
GET short
RESTORE short 0 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb"
RESTORE fresh 0 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbc"
RESTORE fresh 0 "\x00\x05hello\xff\xff\xb3\x80\x8e\xba1\xb2C\xbb"
RESTORE fresh 0 ""
RESTORE fresh -1 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb"
RESTORE fresh soon "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb"
RESTORE short -1 nonsense
RESTORE short -1 nonsense REPLACE
RESTORE short 0 nonsense REPLACE IDLETIME
RESTORE short 0 nonsense REPLACE IDLETIME -1
RESTORE short 0 nonsense REPLACE IDLETIME x
RESTORE short 0 nonsense REPLACE FREQ 256
RESTORE short 0 nonsense REPLACE FREQ 1 IDLETIME 1
RESTORE short 0 nonsense REPLACE IDLETIME 1 FREQ 1
RESTORE short 0 nonsense REPLACE FOO
RESTORE short 0 nonsense REPLACE IDLETIME 1 ABSTTL
RESTORE fresh 100000000 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb" IDLETIME 7 ABSTTL
EXISTS fresh
RESTORE fresh 4102444800000 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb" IDLETIME 7 ABSTTL
PEXPIRETIME fresh
RESTORE fresh 1 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb" REPLACE ABSTTL
EXISTS fresh
RESTORE fresh 100000 "\x00\x05hello\x09\x00\xb3\x80\x8e\xba1\xb2C\xbb" FREQ 3
TTL fresh
OBJECT ENCODING fresh
RESTORE fresh
`;
