import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {bulk, cutAt} from '../../support/resp.js';
import {Conversation} from './conversation.js';
import {examples} from './examples.js';

const ok = '+OK\r\n';
const queued = '+QUEUED\r\n';

describe('addresses in the replies of a transaction', () => {
	it('are rewritten for any commands in it, wherever the stream is cut', () => {
		const places = fc.array(fc.nat(), {maxLength: 30});
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...examples), {maxLength: 6}), places, (asked, cuts) => {
				const connection = new Conversation().ask('MULTI');
				for (const {words} of asked) connection.ask(...words);
				connection.ask('EXEC').ask('CLUSTER', 'SLOTS');
				const before = ok + queued.repeat(asked.length);
				const exec = (replies: readonly string[]) => `*${replies.length}\r\n${replies.join('')}`;
				const slots = examples.find(({name}) => name === 'CLUSTER SLOTS');
				const answers = before + exec(asked.map(({answer}) => answer)) + slots?.answer;
				connection.answerIn(cutAt(Buffer.from(answers, 'latin1'), cuts));
				expect(connection.received).toBe(before + exec(asked.map(({told}) => told)) + slots?.told);
			}),
			{numRuns: 300},
		);
	});

	it('are rewritten where a command is refused, and in the answer to EXEC', () => {
		const moved = '-MOVED 3999 10.0.0.7:7000\r\n';
		const aborted = '-EXECABORT Transaction discarded because of previous errors.\r\n';
		const connection = new Conversation().ask('MULTI').ask('GET', 'key').ask('EXEC').ask('MULTI').ask('EXEC');
		connection.answer(ok + moved + aborted + ok + moved);
		const told = '-MOVED 3999 via-10.0.0.7:17000\r\n';
		expect(connection.received).toBe(ok + told + aborted + ok + told);
	});

	it('are rewritten after a MULTI that was refused', () => {
		const refused = '-NOPERM this user has no permissions to run the command\r\n';
		const role = (host: string, port: number) => `*3\r\n${bulk('slave')}${bulk(host)}:${port}\r\n`;
		const [there, told] = [role('10.0.0.7', 7000), role('via-10.0.0.7', 17_000)];
		const connection = new Conversation().ask('MULTI').ask('ROLE').ask('GET', 'key').ask('ROLE');
		connection.answer(refused + there + bulk('10.0.0.7:7000') + there);
		expect(connection.received).toBe(refused + told + bulk('10.0.0.7:7000') + told);
	});

	it('leave the replies of the next transaction alone, unless it asks for some itself', () => {
		const connection = new Conversation();
		const role = (host: string, port: number) =>
			`*5\r\n${bulk('slave')}${bulk(host)}:${port}\r\n${bulk('connected')}:14\r\n`;
		for (const end of ['DISCARD', 'EXEC', 'RESET']) {
			connection
				.ask('MULTI')
				.ask('ROLE')
				.ask('WATCH', 'key')
				.ask(end)
				.answer(ok + queued + ok);
			connection.answer(end === 'EXEC' ? '*-1\r\n' : ok);
			connection.received = '';
			const reply = `*1\r\n${role('10.0.0.7', 7000)}`;
			const told = `*1\r\n${role('via-10.0.0.7', 17_000)}`;
			connection
				.ask('MULTI')
				.ask('ROLE')
				.ask('EXEC')
				.answer(ok + queued + reply);
			connection
				.ask('MULTI')
				.ask('LRANGE', 'key', '0', '-1')
				.ask('EXEC')
				.answer(ok + queued + reply);
			expect(connection.received).toBe(ok + queued + told + ok + queued + reply);
		}
	});

	it('are rewritten beside a message that the server sends amid the reply', () => {
		const message = `>3\r\n${bulk('message')}${bulk('news')}${bulk('10.0.0.7:7000')}`;
		const confirmation = `>3\r\n${bulk('subscribe')}${bulk('news')}:1\r\n`;
		const role = (host: string, port: number) =>
			`*5\r\n${bulk('slave')}${bulk(host)}:${port}\r\n${bulk('connected')}:14\r\n`;
		const connection = new Conversation().ask('MULTI').ask('SUBSCRIBE', 'news').ask('PUBLISH', 'news', '10.0.0.7:7000');
		connection.ask('ROLE').ask('EXEC').ask('GET', 'key');
		const before = `${ok}${queued.repeat(3)}*3\r\n${confirmation}${message}:1\r\n`;
		connection.answer(`${before}${role('10.0.0.7', 7000)}-MOVED 1 10.0.0.7:7000\r\n`);
		expect(connection.received).toBe(`${before}${role('via-10.0.0.7', 17_000)}-MOVED 1 via-10.0.0.7:17000\r\n`);
	});

	it('do not count commands that are never queued', () => {
		const connection = new Conversation()
			.ask('MULTI')
			.ask('WATCH', 'key')
			.ask('MULTI')
			.ask('GET', 'key')
			.ask('ROLE')
			.ask('EXEC');
		const refused = '-ERR WATCH inside MULTI is not allowed\r\n';
		const nested = '-ERR MULTI calls can not be nested\r\n';
		const role = (host: string, port: number) =>
			`*5\r\n${bulk('slave')}${bulk(host)}:${port}\r\n${bulk('connected')}:14\r\n`;
		const before = ok + refused + nested + queued + queued;
		connection.answer(`${before}*2\r\n${bulk('value')}${role('10.0.0.7', 7000)}`);
		expect(connection.received).toBe(`${before}*2\r\n${bulk('value')}${role('via-10.0.0.7', 17_000)}`);
	});
});
