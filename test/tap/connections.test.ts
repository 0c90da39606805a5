import {describe, expect, it} from 'vitest';
import {ReadTraffic} from './support/read-traffic.js';

const message = '*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n';

describe('a connection as the tap follows it', () => {
	it('has the name and the database that it took', () => {
		const traffic = new ReadTraffic();
		traffic.send(['HELLO', '3', 'AUTH', 'me', 'secret', 'SETNAME', 'web'], ['SELECT', '2'], ['GET', 'a']);
		traffic.reply('%1\r\n+server\r\n+redis\r\n+OK\r\n$-1\r\n');
		traffic.ask(['CLIENT', 'SETNAME', 'worker'], '+OK\r\n');
		traffic.ask(['SELECT', '99'], '-ERR DB index is out of range\r\n');
		traffic.ask(['RESET'], '+RESET\r\n');
		expect(traffic.commands.map(({command, clientName, db}) => [command, clientName, db])).toEqual([
			['HELLO', 'web', 0],
			['SELECT', 'web', 2],
			['GET', 'web', 2],
			['CLIENT SETNAME', 'worker', 2],
			['SELECT', 'worker', 2],
			['RESET', '', 0],
		]);
		expect(traffic.changes.map((change) => (change.type === 'named' ? change.name : change.type))).toEqual([
			'web',
			'worker',
			'',
		]);
	});

	it('reports logins that fail, and keeps no secret', () => {
		const traffic = new ReadTraffic();
		traffic.ask(['AUTH', 'me', 'hunter2'], '-WRONGPASS invalid\r\n');
		traffic.ask(['HELLO', '3', 'AUTH', 'me', 'hunter2', 'SETNAME', 'x'], '-WRONGPASS invalid\r\n');
		traffic.ask(['ACL', 'SETUSER', 'me', '>hunter2'], '+OK\r\n');
		traffic.ask(['CONFIG', 'SET', 'requirepass', 'hunter2'], '+OK\r\n');
		traffic.sendBytes('AUTH hunter2\r\n').reply('+OK\r\n');
		expect(traffic.changes).toEqual([
			{type: 'auth failed', connection: 1, at: 0, error: 'WRONGPASS'},
			{type: 'auth failed', connection: 1, at: 0, error: 'WRONGPASS'},
		]);
		expect(JSON.stringify(traffic.commands) + JSON.stringify(traffic.reader.snapshot())).not.toContain('hunter2');
	});

	it('tells messages of channels from replies, in RESP2', () => {
		const traffic = new ReadTraffic();
		traffic.send(['SUBSCRIBE', 'c', 'd']).reply('*3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n');
		expect(traffic.commands).toEqual([]);
		traffic.reply(`${message}*3\r\n$9\r\nsubscribe\r\n$1\r\nd\r\n:2\r\n${message}`);
		traffic.send(['PING']).reply(`${message}*2\r\n$4\r\npong\r\n$0\r\n\r\n`);
		expect(traffic.reader.snapshot()).toMatchObject({isSubscriber: true, waiting: 0});
		traffic.send(['UNSUBSCRIBE']);
		traffic.reply('*3\r\n$11\r\nunsubscribe\r\n$1\r\nc\r\n:1\r\n*3\r\n$11\r\nunsubscribe\r\n$1\r\nd\r\n:0\r\n');
		traffic.ask(['LRANGE', 'l', '0', '-1'], '*1\r\n$7\r\nmessage\r\n');
		expect(traffic.names()).toEqual(['SUBSCRIBE', 'PING', 'UNSUBSCRIBE', 'LRANGE']);
		expect(traffic.reader.snapshot()).toMatchObject({isSubscriber: false, waiting: 0});
	});

	it('tells pushes from replies, in RESP3', () => {
		const traffic = new ReadTraffic();
		const invalidate = '>2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n';
		traffic.send(['SUBSCRIBE', 'c'], ['GET', 'a']);
		traffic.reply(`>3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n${invalidate}>3${message.slice(2)}$-1\r\n`);
		expect(traffic.commands).toMatchObject([{command: 'SUBSCRIBE'}, {command: 'GET', misses: 1, replyBytes: 5}]);
	});

	it('knows which commands are not answered after CLIENT REPLY', () => {
		const traffic = new ReadTraffic();
		traffic.send(['CLIENT', 'REPLY', 'SKIP'], ['SET', 'a', '1'], ['GET', 'a']).reply('$1\r\n1\r\n');
		traffic.send(
			['CLIENT', 'REPLY', 'OFF'],
			['SET', 'a', '2'],
			['SELECT', '3'],
			['CLIENT', 'REPLY', 'ON'],
			['GET', 'b'],
		);
		traffic.reply('+OK\r\n$-1\r\n');
		expect(traffic.commands.map(({command, result, db}) => [command, result, db])).toEqual([
			['CLIENT REPLY', 'silent', 0],
			['SET', 'silent', 0],
			['GET', 'ok', 0],
			['CLIENT REPLY', 'silent', 0],
			['SET', 'silent', 0],
			['SELECT', 'silent', 3],
			['CLIENT REPLY', 'ok', 3],
			['GET', 'ok', 3],
		]);
	});

	it('reads no more once the server sends by itself', () => {
		const traffic = new ReadTraffic();
		traffic.ask(['MONITOR'], '+OK\r\n');
		traffic.reply('+1700000000.1 [0 127.0.0.1:5] "get" "a"\r\n').send(['PING']);
		expect(traffic.names()).toEqual(['MONITOR']);
		expect(traffic.reader.snapshot()).toMatchObject({isSubscriber: true, waiting: 0});
	});

	it.each([
		{side: 'application', bytes: '\x16\x03\x01\x02\x00', reason: 'it speaks TLS'},
		{side: 'application', bytes: '*1\r\n+PING\r\n', reason: 'missing dollar'},
		{side: 'application', bytes: 'get "a\r\n', reason: 'open quote'},
		{
			side: 'server',
			bytes: 'HTTP/1.1 400 Bad Request\r\n',
			reason: 'the server does not send Redis replies',
		},
	])('says that $bytes from the $side is no protocol of Redis, and reads no more', ({side, bytes, reason}) => {
		const traffic = new ReadTraffic();
		traffic.send(['GET', 'a']);
		if (side === 'server') traffic.reply(bytes);
		else traffic.sendBytes(bytes);
		traffic.send(['GET', 'b']).reply('$-1\r\n');
		expect(traffic.changes).toEqual([{type: 'unreadable', connection: 1, at: 0, reason}]);
		expect(traffic.commands).toEqual([]);
	});

	it.each([
		{command: ['SUBSCRIBE', 'a', 'b'], isRead: false},
		{command: ['PUNSUBSCRIBE'], isRead: false},
		{command: ['SUBSCRIBE', 'a'], isRead: true},
	])(
		'reads on after $command in a transaction: $isRead, since Redis announces one reply for all channels',
		({command, isRead}) => {
			const traffic = new ReadTraffic();
			const confirmation = (channel: string, count: number) =>
				`>3\r\n$9\r\nsubscribe\r\n$1\r\n${channel}\r\n:${count}\r\n`;
			traffic.send(['MULTI'], command, ['GET', 'x'], ['EXEC'], ['GET', 'y']);
			traffic.reply('+OK\r\n+QUEUED\r\n+QUEUED\r\n*2\r\n');
			traffic.reply(`${confirmation('a', 1)}${isRead ? '' : confirmation('b', 2)}$1\r\nx\r\n$-1\r\n`);
			const outcomes = traffic.commands
				.filter((each) => each.command === 'GET')
				.map(({hits, misses}) => [hits, misses]);
			const hitThenMiss = [
				[1, 0],
				[0, 1],
			];
			expect(outcomes).toEqual(isRead ? hitThenMiss : []);
			expect(traffic.changes).toMatchObject(isRead ? [] : [{type: 'unreadable'}]);
		},
	);

	it('says what waits, and reports it as lost when the connection closes', () => {
		const traffic = new ReadTraffic();
		traffic.now = 5;
		traffic.send(['MULTI'], ['SET', 'a', 'v'], ['EXEC']).reply('+OK\r\n+QUEUED\r\n');
		expect(traffic.reader.snapshot()).toMatchObject({
			commands: 3,
			waiting: 1,
			oldest: {command: 'EXEC', sentAt: 5, isBlocking: false},
		});
		traffic.reader.close({by: 'server', isReset: true}, 9);
		expect(traffic.commands.map(({command, result}) => [command, result])).toEqual([
			['MULTI', 'ok'],
			['SET', 'lost'],
			['EXEC', 'lost'],
		]);
		expect(traffic.changes).toEqual([
			{type: 'closed', connection: 1, at: 9, by: 'server', isReset: true, openedAt: 0, commands: 3, lost: 2},
		]);
	});

	it('keeps a bounded number of commands that wait', () => {
		const traffic = new ReadTraffic();
		for (let at = 0; at < 100; at++) traffic.send(...Array.from({length: 1000}, () => ['PING']));
		expect(traffic.changes).toEqual([
			{type: 'unreadable', connection: 1, at: 0, reason: 'more than 65536 commands wait for their replies'},
		]);
		expect(traffic.reader.snapshot().waiting).toBe(0);
	});
});
