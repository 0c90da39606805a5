import {describe, expect, it} from 'vitest';
import {maxReplyBytes} from '../../../source/proxy/addresses/reply-rewriter.js';
import {bulk, cutAt} from '../../support/resp.js';
import {Conversation, via} from './conversation.js';

const id = '07c37dfeb235213a872192d90877d0cd55635b91';

/** CLUSTER SLOTS with one node. `undefined`: null. */
const slotsOf = (endpoint: string | undefined, port: number, ...metadata: readonly string[]) => {
	const host = endpoint === undefined ? '$-1\r\n' : bulk(endpoint);
	const node = `*4\r\n${host}:${port}\r\n${bulk(id)}*${metadata.length}\r\n${metadata.map(bulk).join('')}`;
	return `*1\r\n*3\r\n:0\r\n:16383\r\n${node}`;
};

/** CLUSTER SHARDS with one node. */
const shardsOf = (...fields: readonly (readonly [name: string, value: string | number])[]) => {
	const node = fields.flatMap(([name, value]) => [
		bulk(name),
		typeof value === 'number' ? `:${value}\r\n` : bulk(value),
	]);
	return `*1\r\n*4\r\n${bulk('slots')}*0\r\n${bulk('nodes')}*1\r\n*${node.length}\r\n${node.join('')}`;
};

const slotsToldFor = (answer: string) => new Conversation().ask('CLUSTER', 'SLOTS').answer(answer).received;

const linesToldFor = (line: string) =>
	new Conversation().ask('CLUSTER', 'NODES').answer(bulk(`${id} ${line} master - 0 0 1 connected\n`)).received;

const linesOf = (line: string) => bulk(`${id} ${line} master - 0 0 1 connected\n`);

describe('nodes with several names', () => {
	it('have the host of the proxy in place of all of them', () => {
		const told = slotsOf('via-node.example', 17_000, 'ip', 'via-node.example');
		expect(slotsToldFor(slotsOf('node.example', 7000, 'ip', '10.0.0.7'))).toBe(told);
		expect(slotsToldFor(slotsOf('10.0.0.7', 7000, 'hostname', 'node.example'))).toBe(
			slotsOf('via-10.0.0.7', 17_000, 'hostname', 'via-10.0.0.7'),
		);
		expect(linesToldFor('10.0.0.7:7000@17000,node.example')).toBe(linesOf('via-10.0.0.7:17000@17000,via-10.0.0.7'));
		expect(linesToldFor('10.0.0.7:7000@17000,,shard-id=69bc')).toBe(linesOf('via-10.0.0.7:17000@17000,,shard-id=69bc'));
		expect(linesToldFor('10.0.0.7:7000')).toBe(linesOf('via-10.0.0.7:17000'));
	});

	it('are asked for by their IP address, too, where a reply has both', () => {
		const asked: (readonly (string | undefined)[])[] = [];
		const connection = new Conversation({
			rewrite: (address, byIp) => {
				asked.push([address, byIp]);
				return via(address);
			},
		});
		connection.ask('CLUSTER', 'SLOTS').answer(slotsOf('node.example', 7000, 'ip', '10.0.0.7'));
		connection.ask('CLUSTER', 'SHARDS');
		connection.answer(shardsOf(['port', 7001], ['ip', '10.0.0.8'], ['endpoint', 'other.example']));
		expect(asked).toEqual([
			['node.example:7000', '10.0.0.7:7000'],
			['other.example:7001', '10.0.0.8:7001'],
		]);
	});

	it('without an endpoint are on the host that the client is connected to', () => {
		expect(slotsToldFor(slotsOf(undefined, 7000, 'ip', '10.0.0.7'))).toBe(
			slotsOf(undefined, 17_000, 'ip', 'via-10.0.0.1'),
		);
		expect(slotsToldFor(slotsOf('', 7000))).toBe(slotsOf('via-10.0.0.1', 17_000));
		expect(linesToldFor(':7000@17000')).toBe(linesOf('via-10.0.0.1:17000@17000'));
	});

	it('of an unknown name keep it, and are at their IP address', () => {
		expect(slotsToldFor(slotsOf('?', 7000, 'ip', '10.0.0.7'))).toBe(slotsOf('?', 17_000, 'ip', 'via-10.0.0.7'));
		expect(slotsToldFor(slotsOf('?', 7000))).toBe(slotsOf('?', 7000));
	});
});

describe('ports of nodes with TLS', () => {
	const hosts = [
		['ip', '10.0.0.7'],
		['endpoint', '10.0.0.7'],
	] as const;
	const told = [
		['ip', 'via-10.0.0.7'],
		['endpoint', 'via-10.0.0.7'],
	] as const;
	const shardsTold = (speaksTls: boolean, answer: string) =>
		new Conversation({speaksTls}).ask('CLUSTER', 'SHARDS').answer(answer).received;

	it('are plain ones where the proxy speaks TLS to them itself', () => {
		expect(shardsTold(true, shardsOf(['tls-port', 7001], ...hosts))).toBe(shardsOf(['port', 17_001], ...told));
		expect(shardsTold(true, shardsOf(['port', 7000], ['tls-port', 7001], ...hosts))).toBe(
			shardsOf(['port', 17_001], ['tls-port', 17_001], ...told),
		);
	});

	it('stay as they are where the proxy speaks none', () => {
		expect(shardsTold(false, shardsOf(['port', 7000], ['tls-port', 7001], ...hosts))).toBe(
			shardsOf(['port', 17_000], ['tls-port', 7001], ...told),
		);
	});
});

describe('the host that a client is told', () => {
	const toldBy = (host: string, localAddress: string) =>
		new Conversation({rewrite: () => ({host, port: 6380}), localAddress})
			.ask('GET', 'key')
			.answer('-MOVED 1 10.0.0.7:7000\r\n').received;

	it('is the one that it has connected to, where the proxy listens on every interface', () => {
		expect(toldBy('0.0.0.0', '192.168.1.5')).toBe('-MOVED 1 192.168.1.5:6380\r\n');
		expect(toldBy('::', 'fd00::5')).toBe('-MOVED 1 fd00::5:6380\r\n');
		expect(toldBy('::', '::ffff:192.168.1.5')).toBe('-MOVED 1 192.168.1.5:6380\r\n');
	});

	it('is the one that the proxy listens on, where that is one', () => {
		expect(toldBy('127.0.0.1', '192.168.1.5')).toBe('-MOVED 1 127.0.0.1:6380\r\n');
	});
});

describe('replies that are not rewritten', () => {
	const line = `${id} 10.0.0.7:7000@17000 master - 0 0 1 connected\n`;
	const long = bulk(line.repeat(Math.ceil((maxReplyBytes + 1) / line.length)));

	it('are those that are too long, which is said once; the next ones are', () => {
		const connection = new Conversation();
		for (let time = 0; time < 2; time++) {
			connection.received = '';
			connection.ask('CLUSTER', 'NODES').ask('CLUSTER', 'NODES');
			for (let from = 0; from < long.length; from += 65_536) connection.answer(long.slice(from, from + 65_536));
			connection.answer(bulk(line));
			expect(connection.received === long + bulk(line.replace('10.0.0.7:7000', 'via-10.0.0.7:17000'))).toBe(true);
		}
		expect(connection.longReplies).toBe(1);
	});

	it('are those that come in too many pieces', () => {
		const connection = new Conversation().ask('CLUSTER', 'NODES');
		const text = bulk(line.repeat(200));
		connection.answerIn(
			cutAt(
				Buffer.from(text),
				Array.from(text, (_, place) => place),
			),
		);
		expect(connection.received === text).toBe(true);
		expect(connection.longReplies).toBe(1);
	});

	it('are those that the server does not finish: what there is of them is passed on', () => {
		for (const [words, beginning] of [
			[['CLUSTER', 'SLOTS'], slotsOf('10.0.0.7', 7000).slice(0, -3)],
			[['GET', 'key'], '-MOVED 1 10.0.0.7:7'],
		] as const) {
			const connection = new Conversation().ask(...words).answer(beginning);
			expect(connection.received).toBe('');
			connection.follower.endReplies();
			expect(connection.received).toBe(beginning);
		}
	});

	it('are those after bytes that are no reply, with what was held before', () => {
		const connection = new Conversation().ask('CLUSTER', 'SLOTS').ask('GET', 'key').answer('*2\r\n:1\r\n');
		expect(connection.received).toBe('');
		connection.answer('nonsense\r\n').answer('-MOVED 1 10.0.0.7:7000\r\n');
		expect(connection.received).toBe('*2\r\n:1\r\nnonsense\r\n-MOVED 1 10.0.0.7:7000\r\n');
	});

	it('are lists within lists without an end', () => {
		const deep = `${'*1\r\n'.repeat(100_000)}:1\r\n`;
		const connection = new Conversation().ask('CLUSTER', 'SLOTS').ask('GET', 'key');
		connection.answer(`${deep}-ASK 1 10.0.0.7:7000\r\n`);
		expect(connection.received === `${deep}-ASK 1 via-10.0.0.7:17000\r\n`).toBe(true);
	});
});

describe('replies that answer another command', () => {
	it('are not mistaken where CLIENT REPLY turns replies off', () => {
		const connection = new Conversation();
		const list = `*5\r\n${bulk('slave')}${bulk('10.0.0.7')}:7000\r\n${bulk('connected')}:14\r\n`;
		connection.ask('CLIENT', 'REPLY', 'SKIP').ask('ROLE').ask('LRANGE', 'key', '0', '-1').answer(list);
		connection.ask('CLIENT', 'REPLY', 'OFF').ask('ROLE').ask('CLIENT', 'REPLY', 'ON').answer('+OK\r\n');
		connection.ask('LRANGE', 'key', '0', '-1').answer(list);
		expect(connection.received).toBe(`${list}+OK\r\n${list}`);
	});

	it('are not mistaken where the proxy answers some in the place of the server', () => {
		const connection = new Conversation();
		connection.follower.setFaults([{kind: 'error', error: 'CLUSTERDOWN'}]);
		connection.ask('ROLE').ask('GET', 'key').ask('CLUSTER', 'SLOTS').ask('SET', 'key', 'value');
		connection.answer(`*2\r\n${bulk('sentinel')}*0\r\n${slotsOf('10.0.0.7', 7000)}`);
		const down = '-CLUSTERDOWN The cluster is down\r\n';
		expect(connection.received).toBe(`*2\r\n${bulk('sentinel')}*0\r\n${down}${slotsOf('via-10.0.0.7', 17_000)}${down}`);
	});
});
