const times = (count: number, make: (index: number) => readonly string[]): string[] =>
	Array.from({length: count}, (_, index) => make(index)).flat();

const long = 'repeated, and again '.repeat(60);
const everyByte = String.fromCharCode(...Array(256).keys());
const integers = '0 127 -1 4095 -4096 32767 -40000 8388607 -8388608 2147483647 -9223372036854775808'.split(' ');
const texts = ['', 'text', 'x'.repeat(63), 'y'.repeat(64), 'z'.repeat(5000), everyByte];

/** Commands that write a value of every type under `key`, in every form in which Redis 7.0 keeps it. */
export const writes: Readonly<Record<string, readonly [command: string, key: 'key', ...content: readonly string[]]>> = {
	'a string': ['SET', 'key', 'hello'],
	'an empty string': ['SET', 'key', ''],
	'an integer': ['SET', 'key', '-1234567'],
	'a large integer': ['SET', 'key', '9007199254740993'],
	'every byte': ['SET', 'key', everyByte],
	'a string that is compressed': ['SET', 'key', long],
	'a string that repeats one byte': ['SET', 'key', 'a'.repeat(70_000)],
	'a list of everything': ['RPUSH', 'key', ...integers, ...texts],
	'a long list': ['RPUSH', 'key', ...times(3000, (index) => [`item ${index}`])],
	'a list with a huge element': ['RPUSH', 'key', 'b'.repeat(20_000), 'c'],
	'a set of integers': ['SADD', 'key', '1', '-2', '300'],
	'a set of large integers': ['SADD', 'key', '1', '-2', '70000', '-9223372036854775808'],
	'a set of text': ['SADD', 'key', 'a', '1', ''],
	'a small hash': ['HSET', 'key', 'a', '1', 'b', long.slice(0, 60), '3', ''],
	'a large hash': ['HSET', 'key', ...times(600, (index) => [`field ${index}`, String(index)])],
	'a hash with a long value': ['HSET', 'key', 'a', long],
	'a small sorted set': ['ZADD', 'key', '1', 'a', '-2.5', 'b', 'inf', 'c', '-inf', 'd', '1e300', 'e', '3', '4'],
	'a large sorted set': ['ZADD', 'key', ...times(300, (index) => [String(Math.sin(index)), `member ${index}`])],
};

/** The command that reads a value back. */
export const readAfter: Readonly<Record<string, readonly string[]>> = {
	SET: ['GET', 'key'],
	RPUSH: ['LRANGE', 'key', '0', '-1'],
	SADD: ['SMEMBERS', 'key'],
	HSET: ['HGETALL', 'key'],
	ZADD: ['ZRANGE', 'key', '0', '-1', 'WITHSCORES'],
};
