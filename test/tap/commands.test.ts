import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {encodeRequest} from '../../source/resp/encode.js';
import {ReadTraffic} from './support/read-traffic.js';

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;

describe('a command as the tap reports it', () => {
	it('has its keys, its sizes, and the times of its bytes', () => {
		const traffic = new ReadTraffic();
		traffic.now = 10;
		traffic.sendBytes('*2\r\n$3\r\nget\r\n$6\r\nuse');
		traffic.now = 12;
		traffic.sendBytes('r:1\r\n');
		traffic.now = 15;
		traffic.reply('$5\r\nhe');
		traffic.now = 19;
		traffic.reply('llo\r\n');
		expect(traffic.commands).toEqual([
			expect.objectContaining({
				connection: 1,
				command: 'GET',
				argumentCount: 1,
				keys: ['user:1'],
				keyCount: 1,
				hits: 1,
				misses: 0,
				requestBytes: 25,
				replyBytes: 11,
				startedAt: 10,
				sentAt: 12,
				repliedAt: 15,
				result: 'ok',
				depth: 1,
			}),
		]);
	});

	it.each(['MOVED 3999 127.0.0.1:6381', 'ASK 3999 127.0.0.1:6381'])('is redirected, and no error, by %s', (reply) => {
		const traffic = new ReadTraffic();
		expect(traffic.ask(['GET', 'a'], `-${reply}\r\n`)).toMatchObject({
			result: 'redirected',
			error: undefined,
			hits: 0,
			misses: 0,
			repliedAt: 0,
		});
		expect(traffic.ask(['GET', 'a'], '-MOVEDISH a word of its own\r\n')).toMatchObject({error: 'MOVEDISH'});
	});

	it('is redirected with its transaction, which the server discards', () => {
		const traffic = new ReadTraffic();
		traffic.send(['MULTI'], ['SET', 'a', 'v'], ['SET', 'b', 'v'], ['EXEC']);
		traffic.reply('+OK\r\n+QUEUED\r\n-MOVED 3300 127.0.0.1:6381\r\n-EXECABORT Transaction discarded\r\n');
		const results = () => traffic.commands.map(({command, result, error}) => [command, result, error]);
		expect(results()).toEqual([
			['MULTI', 'ok', undefined],
			['SET', 'redirected', undefined],
			['SET', 'discarded', undefined],
			['EXEC', 'redirected', undefined],
		]);
		// The next one is refused for a reason of its own.
		traffic.send(['MULTI'], ['SET', 'a'], ['EXEC']);
		traffic.reply('+OK\r\n-ERR wrong number of arguments\r\n-EXECABORT Transaction discarded\r\n');
		expect(results().at(-1)).toEqual(['EXEC', 'error', 'EXECABORT']);
		traffic.send(['MULTI'], ['GET', 'a'], ['EXEC']).reply('+OK\r\n+QUEUED\r\n*1\r\n-ASK 1 127.0.0.1:6381\r\n');
		expect(results().at(-2)).toEqual(['GET', 'redirected', undefined]);
	});

	it.each([
		{words: ['DEL', 'a', 'b'], keys: ['a', 'b'], effect: 'delete'},
		{words: ['MSET', 'a', '1', 'b', '2'], keys: ['a', 'b'], effect: 'write'},
		{words: ['BLPOP', 'a', 'b', '5'], keys: ['a', 'b'], effect: 'write'},
		{words: ['RENAME', 'a', 'b'], keys: ['a', 'b'], effect: 'write'},
		{words: ['EVAL', 'return 1', '2', 'a', 'b', 'c'], keys: ['a', 'b'], effect: 'script'},
		{words: ['EVAL', 'return 1', '0', 'a'], keys: [], effect: 'script'},
		{words: ['ZUNIONSTORE', 'to', '2', 'a', 'b', 'WEIGHTS', '1', '2'], keys: ['to', 'a', 'b'], effect: 'write'},
		{words: ['LMPOP', '2', 'a', 'b', 'LEFT'], keys: ['a', 'b'], effect: 'write'},
		{words: ['BITOP', 'AND', 'to', 'a'], keys: ['to', 'a'], effect: 'write'},
		{words: ['XREAD', 'COUNT', '2', 'STREAMS', 'a', 'b', '0', '0'], keys: ['a', 'b'], effect: 'read'},
		{words: ['xreadgroup', 'GROUP', 'g', 'c', 'block', '0', 'streams', 'a', '>'], keys: ['a'], effect: 'write'},
		{words: ['OBJECT', 'ENCODING', 'a'], keys: ['a'], effect: 'other'},
		{words: ['PERSIST', 'a'], keys: ['a'], effect: 'expire'},
		{words: ['FLUSHALL'], keys: [], effect: 'other'},
		{words: ['SOME.MODULE', 'a'], keys: [], effect: 'other'},
	])('names the keys of $words', ({words, keys, effect}) => {
		const event = new ReadTraffic().ask(words, ':1\r\n');
		expect({keys: event.keys, keyCount: event.keyCount, effect: event.effect}).toEqual({
			keys,
			keyCount: keys.length,
			effect,
		});
	});

	it.each([
		{words: ['GET', 'a'], reply: '$-1\r\n', misses: ['a']},
		{words: ['GET', 'a'], reply: '_\r\n', misses: ['a']},
		{words: ['GET', 'a'], reply: '$0\r\n\r\n', hits: 1},
		{words: ['MGET', 'a', 'b', 'c'], reply: `*3\r\n$-1\r\n${bulk('x')}_\r\n`, hits: 1, misses: ['a', 'c']},
		{words: ['HGETALL', 'a'], reply: '*0\r\n', misses: ['a']},
		{words: ['HGETALL', 'a'], reply: `%1\r\n${bulk('f')}${bulk('v')}`, hits: 1},
		{words: ['SMEMBERS', 'a'], reply: '~0\r\n', misses: ['a']},
		{words: ['HMGET', 'a', 'f', 'g'], reply: '*2\r\n$-1\r\n$-1\r\n', misses: ['a']},
		{words: ['HMGET', 'a', 'f', 'g'], reply: `*2\r\n$-1\r\n${bulk('x')}`, hits: 1},
		{words: ['GETDEL', 'a'], reply: '$-1\r\n', misses: ['a']},
		{words: ['STRLEN', 'a'], reply: ':0\r\n'},
		{words: ['INCR', 'a'], reply: ':-1\r\n'},
		{words: ['GET', 'a'], reply: '-WRONGTYPE Operation against a key\r\n', error: 'WRONGTYPE'},
		{words: ['GET', 'a'], reply: '!21\r\nSYNTAX invalid syntax\r\n', error: 'SYNTAX'},
		{words: ['GET', 'a'], reply: '|1\r\n+ttl\r\n:3600\r\n$-1\r\n', misses: ['a']},
	])('tells from $reply what $words found', ({words, reply, hits = 0, misses = [], error}) => {
		const event = new ReadTraffic().ask(words, reply);
		expect(event).toMatchObject({hits, misses: misses.length, missedKeys: misses, error});
		expect(event.result).toBe(error === undefined ? 'ok' : 'error');
	});

	it.each([
		{words: ['SET', 'a', 'v'], ttl: 'none'},
		{words: ['SET', 'a', 'v', 'EX', '60'], ttl: 60_000},
		{words: ['set', 'a', 'v', 'nx', 'px', '1500'], ttl: 1500},
		{words: ['SET', 'a', 'v', 'KEEPTTL'], ttl: 'kept'},
		{words: ['SET', 'a', 'v', 'EX', 'soon'], ttl: 'unknown'},
		{words: ['SETEX', 'a', '60', 'v'], ttl: 60_000},
		{words: ['PSETEX', 'a', '60', 'v'], ttl: 60},
		{words: ['MSET', 'a', 'v'], ttl: 'none'},
		{words: ['HSET', 'a', 'f', 'v'], ttl: 'kept'},
		{words: ['EXPIRE', 'a', '60'], ttl: 60_000},
		{words: ['PERSIST', 'a'], ttl: 'none'},
		{words: ['RESTORE', 'a', '0', 'x'], ttl: 'none'},
		{words: ['GETEX', 'a', 'EX', '5'], ttl: 5000},
		{words: ['GETEX', 'a'], ttl: undefined},
		{words: ['GET', 'a'], ttl: undefined},
		{words: ['EVALSHA', 'abc', '1', 'a'], ttl: 'unknown'},
	])('gives $words a TTL of $ttl', ({words, ttl}) => {
		expect(new ReadTraffic().ask(words, '+OK\r\n').ttlMs).toBe(ttl);
	});

	it('takes the TTL of a time from the time now', () => {
		const {ttlMs} = new ReadTraffic().ask(['SET', 'a', 'v', 'PXAT', String(Date.now() + 5000)], '+OK\r\n');
		expect(ttlMs).toBeGreaterThan(4000);
		expect(ttlMs).toBeLessThanOrEqual(5000);
	});

	it.each([
		{words: ['BLPOP', 'a', '0'], blocks: true},
		{words: ['XREAD', 'BLOCK', '10', 'STREAMS', 'a', '0'], blocks: true},
		{words: ['XREAD', 'STREAMS', 'a', '0'], blocks: false},
		{words: ['WAIT', '1', '100'], blocks: true},
		{words: ['LPOP', 'a'], blocks: false},
	])('knows if $words may wait: $blocks', ({words, blocks}) => {
		expect(new ReadTraffic().ask(words, ':1\r\n').isBlocking).toBe(blocks);
	});

	it('names subcommands, and no command that may be anything', () => {
		const traffic = new ReadTraffic();
		traffic.ask(['client', 'list'], '$0\r\n\r\n');
		traffic.ask(['config', 'set', 'requirepass', 'secret'], '+OK\r\n');
		traffic.ask(['my secret'], '-ERR unknown command\r\n');
		expect(traffic.names()).toEqual(['CLIENT LIST', 'CONFIG SET', '(UNKNOWN)']);
	});

	it('reads inline commands', () => {
		const traffic = new ReadTraffic();
		traffic.sendBytes('\r\nget "user 1"\r\nPING\n').reply('$-1\r\n+PONG\r\n');
		expect(traffic.commands).toMatchObject([
			{command: 'GET', keys: ['user 1'], misses: 1},
			{command: 'PING', keys: []},
		]);
	});

	it('reads the same of whole requests and replies as of single bytes', () => {
		const word = fc.oneof(
			fc.string({maxLength: 12}),
			fc.constantFrom('EX', 'PX', 'NX', '60', '\r\n', '*1\r\n', 'SETNAME'),
		);
		const name = fc.constantFrom(
			'GET',
			'set',
			'MGET',
			'DEL',
			'EXPIRE',
			'HGET',
			'EVALSHA',
			'XREAD',
			'CLIENT',
			'HELLO',
			'NO',
		);
		const latin1 = (text: string) => Buffer.from(text).toString('latin1');
		const request = fc
			.tuple(name, fc.array(word, {maxLength: 30}))
			.map((words) => encodeRequest(words.flat().map(latin1)));
		const reply = fc.constantFrom(
			'+OK\r\n',
			'$-1\r\n',
			':-1\r\n',
			'$3\r\na\r\n\r\n',
			'-ERR no\r\n',
			'*2\r\n$-1\r\n$0\r\n\r\n',
		);
		const traffic = fc.array(fc.tuple(request, reply), {minLength: 1, maxLength: 6});
		fc.assert(
			fc.property(traffic, (pairs) => {
				const requests = pairs.map(([text]) => text).join('');
				const replies = pairs.map(([, text]) => text).join('');
				const whole = new ReadTraffic().sendBytes(requests).reply(replies);
				const cut = new ReadTraffic();
				for (const byte of requests) cut.sendBytes(byte);
				for (const byte of replies) cut.reply(byte);
				expect(whole.commands).toEqual(cut.commands);
			}),
		);
	});

	it('counts the depth of pipelines', () => {
		const traffic = new ReadTraffic();
		traffic.send(['GET', 'a'], ['GET', 'b'], ['GET', 'c']).reply('$-1\r\n$-1\r\n$-1\r\n').send(['GET', 'd']);
		traffic.reply('$-1\r\n');
		expect(traffic.commands.map(({depth}) => depth)).toEqual([1, 2, 3, 1]);
	});

	it('keeps long names of keys short, and no more of them than it says', () => {
		const long = 'k'.repeat(1000);
		const traffic = new ReadTraffic();
		const event = traffic.ask(['DEL', ...Array.from({length: 600}, () => long)], ':0\r\n');
		expect(event.keys).toHaveLength(512);
		expect(event.keys[0]).toHaveLength(256);
		expect(event.keyCount).toBe(600);
	});

	it('gives each command of a transaction its part of the reply', () => {
		const traffic = new ReadTraffic();
		traffic
			.send(['MULTI'], ['GET', 'a'], ['MGET', 'b', 'c'], ['INCR', 'd'], ['HGETALL', 'e'], ['EXEC'])
			.reply('+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n')
			.reply(`*4\r\n${bulk('x')}*2\r\n$-1\r\n${bulk('y')}-WRONGTYPE no\r\n*0\r\n`);
		expect(traffic.commands).toMatchObject([
			{command: 'MULTI', inTransaction: false},
			{command: 'GET', hits: 1, inTransaction: true},
			{command: 'MGET', hits: 1, missedKeys: ['b'], inTransaction: true},
			{command: 'INCR', result: 'error', error: 'WRONGTYPE'},
			{command: 'HGETALL', missedKeys: ['e']},
			{command: 'EXEC', inTransaction: false, result: 'ok'},
		]);
	});

	it('takes no message amid the reply to EXEC, as Redis 7.0 sends it, for the result of a command', () => {
		const message = `>3\r\n${bulk('message')}${bulk('ch')}${bulk('hi')}`;
		const traffic = new ReadTraffic();
		traffic
			.send(['HELLO', '3'], ['SUBSCRIBE', 'ch'])
			.reply(`%1\r\n${bulk('proto')}:3\r\n>3\r\n${bulk('subscribe')}${bulk('ch')}:1\r\n`)
			.send(
				['MULTI'],
				['GET', 'a'],
				['PUBLISH', 'ch', 'hi'],
				['INCR', 'b'],
				['SUBSCRIBE', 'd'],
				['MGET', 'c', 'd'],
				['EXEC'],
			)
			.reply('+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n')
			.reply(
				`*5\r\n${bulk('message')}${message}:1\r\n${message}-WRONGTYPE no\r\n>3\r\n${bulk('subscribe')}${bulk('d')}:2\r\n`,
			)
			.reply(`*2\r\n${bulk('x')}_\r\n`);
		traffic.ask(['GET', 'e'], '_\r\n');
		expect(traffic.commands.slice(2)).toMatchObject([
			{command: 'MULTI'},
			{command: 'GET', hits: 1},
			{command: 'PUBLISH', result: 'ok'},
			{command: 'INCR', result: 'error', error: 'WRONGTYPE'},
			{command: 'SUBSCRIBE', result: 'ok'},
			{command: 'MGET', hits: 1, missedKeys: ['d']},
			{command: 'EXEC', result: 'ok'},
			{command: 'GET', missedKeys: ['e'], inTransaction: false},
		]);
	});

	it.each([
		{end: ['DISCARD'], reply: '+OK\r\n'},
		{end: ['EXEC'], reply: '*-1\r\n'},
		{end: ['EXEC'], reply: '_\r\n'},
		{end: ['EXEC'], reply: '-EXECABORT Transaction discarded\r\n'},
		{end: ['RESET'], reply: '+RESET\r\n'},
	])('reports the commands of a transaction that ended with $end, answered $reply, as discarded', ({end, reply}) => {
		const traffic = new ReadTraffic();
		traffic.send(['MULTI'], ['SET', 'a', 'v']).reply('+OK\r\n+QUEUED\r\n').send(end).reply(reply);
		traffic.ask(['GET', 'a'], '$-1\r\n');
		expect(traffic.commands).toMatchObject([
			{command: 'MULTI'},
			{command: 'SET', result: 'discarded'},
			{command: end[0]},
			{command: 'GET', result: 'ok', inTransaction: false},
		]);
	});
});
