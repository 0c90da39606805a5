import {describe, expect, it} from 'vitest';
import {bulk} from '../../support/resp.js';
import {Conversation} from './conversation.js';

/** Events of Sentinels as they are published, and as a client is told of them. */
const events: readonly (readonly [channel: string, payload: string, told: string])[] = [
	['+switch-master', 'main 10.0.0.7 7000 10.0.0.8 7001', 'main via-10.0.0.7 17000 via-10.0.0.8 17001'],
	['+sdown', 'master main 10.0.0.7 7000', 'master main via-10.0.0.7 17000'],
	['+odown', 'master main 10.0.0.7 7000 #quorum 2/2', 'master main via-10.0.0.7 17000 #quorum 2/2'],
	['-odown', 'master main fd00::7 7000', 'master main via-fd00::7 17000'],
	['+monitor', 'master main node.example 7000 quorum 2', 'master main via-node.example 17000 quorum 2'],
	['+failover-state-reconf-slaves', 'master main 10.0.0.7 7000', 'master main via-10.0.0.7 17000'],
	[
		'+slave',
		'slave 10.0.0.8:7001 10.0.0.8 7001 @ main 10.0.0.7 7000',
		'slave via-10.0.0.8:17001 via-10.0.0.8 17001 @ main via-10.0.0.7 17000',
	],
	[
		'-sdown',
		'slave [fd00::8]:7001 fd00::8 7001 @ main fd00::7 7000',
		'slave [via-fd00::8]:17001 via-fd00::8 17001 @ main via-fd00::7 17000',
	],
	[
		'+sentinel',
		'sentinel 8d1ab07e 10.0.0.9 26379 @ main 10.0.0.7 7000',
		'sentinel 8d1ab07e via-10.0.0.9 36379 @ main via-10.0.0.7 17000',
	],
	[
		'-role-change',
		'slave 10.0.0.8:7001 10.0.0.8 7001 @ main 10.0.0.7 7000 new reported role is master',
		'slave via-10.0.0.8:17001 via-10.0.0.8 17001 @ main via-10.0.0.7 17000 new reported role is master',
	],
	['+new-epoch', '17', '17'],
	['+vote-for-leader', '8d1ab07e 17', '8d1ab07e 17'],
	['news', 'master main 10.0.0.7 7000', 'master main 10.0.0.7 7000'],
	['+switch-master', 'nothing of the kind', 'nothing of the kind'],
	['+sdown', `master main 10.0.0.7 7000 ${'x'.repeat(10_000)}`, `master main 10.0.0.7 7000 ${'x'.repeat(10_000)}`],
];

const kinds = {
	RESP2: (items: readonly string[]) => `*${items.length}\r\n${items.map(bulk).join('')}`,
	RESP3: (items: readonly string[]) => `>${items.length}\r\n${items.map(bulk).join('')}`,
};

describe.each(Object.entries(kinds))('addresses in messages of Sentinels: %s', (name, encode) => {
	const sign = name === 'RESP2' ? '*' : '>';

	const subscriber = (pattern = false) => {
		const command = pattern ? 'psubscribe' : 'subscribe';
		const connection = new Conversation().ask(command, '*');
		connection.answer(`${sign}3\r\n${bulk(command)}${bulk('*')}:1\r\n`);
		connection.received = '';
		return connection;
	};

	it.each(events)('are those of the proxy: %s %s', (channel, payload, told) => {
		expect(subscriber().answer(encode(['message', channel, payload])).received).toBe(
			encode(['message', channel, told]),
		);
		expect(subscriber(true).answer(encode(['pmessage', '*', channel, payload])).received).toBe(
			encode(['pmessage', '*', channel, told]),
		);
	});

	it.each(events.slice(0, 12))('are rewritten wherever a message is cut: %s %s', (channel, payload, told) => {
		const bytes = Buffer.from(encode(['message', channel, payload]));
		for (let place = 1; place < bytes.length; place++) {
			const connection = subscriber();
			connection.answerIn([bytes.subarray(0, place), bytes.subarray(place)]);
			expect(connection.received).toBe(encode(['message', channel, told]));
		}
	});

	it('leave long messages of other channels alone, and hold no more than a few kilobytes of them', () => {
		const connection = subscriber();
		const message = encode(['message', 'news', 'x'.repeat(20_000)]);
		connection.answer(message.slice(0, 10_000));
		expect(connection.received.length).toBeGreaterThan(10_000 - 4097);
		connection.answer(message.slice(10_000) + encode(['message', '+sdown', 'master main 10.0.0.7 7000']));
		expect(connection.received).toBe(message + encode(['message', '+sdown', 'master main via-10.0.0.7 17000']));
	});

	it('are rewritten no more once the client has unsubscribed', () => {
		const connection = subscriber()
			.ask('UNSUBSCRIBE')
			.answer(`${sign}3\r\n${bulk('unsubscribe')}${bulk('*')}:0\r\n`);
		connection.received = '';
		const list = `*3\r\n${['message', '+sdown', 'master main 10.0.0.7 7000'].map(bulk).join('')}`;
		expect(connection.ask('LRANGE', 'key', '0', '-1').answer(list).received).toBe(list);
	});
});

describe('addresses in other replies of RESP3', () => {
	it('are rewritten beside messages that come in between', () => {
		const connection = new Conversation().ask('HELLO', '3').ask('SUBSCRIBE', '+sdown').ask('ROLE');
		const role = (host: string, port: number) =>
			`*5\r\n${bulk('slave')}${bulk(host)}:${port}\r\n${bulk('connected')}:14\r\n`;
		const confirmation = `>3\r\n${bulk('subscribe')}${bulk('+sdown')}:1\r\n`;
		const hello = `%1\r\n${bulk('proto')}:3\r\n`;
		const event = (host: string, port: number) => kinds.RESP3(['message', '+sdown', `master main ${host} ${port}`]);
		connection.answer(
			hello + confirmation + event('10.0.0.7', 7000) + role('10.0.0.7', 7000) + event('10.0.0.7', 7000),
		);
		const told = event('via-10.0.0.7', 17_000);
		expect(connection.received).toBe(hello + confirmation + told + role('via-10.0.0.7', 17_000) + told);
	});
});
