import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {framesOf} from '../support/frame-reader.js';
import {abortedLine, errorLines, okLine, RedisProxyFixture} from '../support/proxy-fixtures.js';
import {bulk, cutAt, request} from '../support/resp.js';
import {until} from '../support/until.js';

/** A command, or a transaction, and the replies that it may get. */
type Unit =
	| {readonly type: 'one'; readonly text: string; readonly reply: string}
	| {readonly type: 'transaction'; readonly reads: number; readonly end: 'EXEC' | 'DISCARD'};

const errors = Object.values(errorLines);

const textsOf = (replies: string): string[] => framesOf(replies).map(({text}) => text);

const unit: fc.Arbitrary<Unit> = fc.oneof(
	fc.constant<Unit>({type: 'one', text: request('GET', 'key'), reply: bulk('value')}),
	fc.constant<Unit>({type: 'one', text: 'GET key\r\n', reply: bulk('value')}),
	fc.constant<Unit>({type: 'one', text: request('SET', 'other', 'x'.repeat(300)), reply: okLine}),
	fc.constant<Unit>({type: 'one', text: request('ECHO', '*1\r\n$4\r\nEXEC\r\n'), reply: bulk('*1\r\n$4\r\nEXEC\r\n')}),
	fc.record({
		type: fc.constant('transaction' as const),
		reads: fc.nat(3),
		end: fc.constantFrom('EXEC' as const, 'EXEC' as const, 'DISCARD' as const),
	}),
);

/** Each transaction writes a key of its own, which shows afterwards if it was executed. */
const commandsOf = (what: Unit, index: number): string =>
	what.type === 'one'
		? what.text
		: request('MULTI') +
			request('GET', 'key').repeat(what.reads) +
			request('SET', `t${index}`, 'done') +
			request(what.end);

describe('error replies to random requests that are cut at random', () => {
	const fixture = new RedisProxyFixture();

	it.each(['2', '3'])(
		'stay in step with transactions, which are executed completely or not at all: RESP%s',
		async (protocol) => {
			const faults = fc.integer({min: 0, max: 6});
			await fc.assert(
				fc.asyncProperty(
					fc.array(unit, {minLength: 1, maxLength: 25}),
					fc.array(fc.nat(), {maxLength: 30}),
					fc.infiniteStream(faults),
					fc.nat(3),
					async (units, cuts, toggles, messages) => {
						const direct = fixture.open(fixture.redis.port);
						await direct.ask(request('FLUSHALL') + request('SET', 'key', 'value'), okLine + okLine);
						const wire = fixture.open();
						wire.send(request('HELLO', protocol) + (protocol === '3' ? request('SUBSCRIBE', 'news') : ''));
						wire.send(request('ECHO', 'begin'));
						await until(() => wire.text().endsWith(bulk('begin')), 'the beginning');
						const before = wire.received;
						const bytes = Buffer.from(units.map(commandsOf).join(''));
						for (const chunk of cutAt(bytes, cuts)) {
							const toggle = toggles.next().value;
							if (toggle === 1) fixture.inject('CLUSTERDOWN', 0.4);
							if (toggle === 2) fixture.inject('READONLY', 0.6);
							if (toggle === 3) fixture.inject('OOM', 0.4);
							if (toggle === 4) fixture.inject('LOADING', 0.3);
							if (toggle >= 5) fixture.proxy.heal();
							if (toggle === 6) direct.send(request('PUBLISH', 'news', `${messages}`));
							wire.socket.write(chunk);
							await new Promise((resolve) => setImmediate(resolve));
						}
						fixture.proxy.heal();
						wire.send(request('ECHO', 'the end'));
						const last = bulk('the end');
						await until(() => wire.text().includes(last), 'the last reply');
						const all = wire.text().slice(before, wire.text().indexOf(last) + last.length);
						// Pushes may come in between, and are no replies.
						const replies = textsOf(all).filter((text) => !text.startsWith('>'));
						const check = fixture.open(fixture.redis.port);
						const next = (): string => replies.shift() ?? 'nothing';
						for (const [index, what] of units.entries()) {
							if (what.type === 'one') {
								expect([what.reply, ...errors]).toContain(next());
								continue;
							}
							expect(next()).toBe(okLine);
							const queued = Array.from({length: what.reads + 1}, next);
							for (const reply of queued) expect(['+QUEUED\r\n', ...errors]).toContain(reply);
							const isBroken = queued.some((reply) => reply !== '+QUEUED\r\n');
							const end = next();
							const results = `*${what.reads + 1}\r\n${bulk('value').repeat(what.reads)}${okLine}`;
							if (what.end === 'DISCARD') expect(end).toBe(okLine);
							else if (isBroken) expect(end).toBe(abortedLine);
							else expect(end === results || /^-(EXECABORT|CLUSTERDOWN) /.test(end), end).toBe(true);
							const there = end === results ? bulk('done') : '$-1\r\n';
							await check.ask(request('GET', `t${index}`), there);
						}
						expect(replies).toEqual([bulk('the end')]);
						for (const connection of [wire, direct, check]) connection.close();
					},
				),
				{numRuns: 60, interruptAfterTimeLimit: 60_000},
			);
		},
		90_000,
	);

	it('stay in step with a RESP2 subscriber, which gets messages in between', async () => {
		const step = fc.constantFrom('PING', 'SUBSCRIBE a', 'SUBSCRIBE b', 'UNSUBSCRIBE a');
		await fc.assert(
			fc.asyncProperty(
				fc.array(step, {minLength: 1, maxLength: 25}),
				fc.array(fc.nat(), {maxLength: 25}),
				fc.infiniteStream(fc.integer({min: 0, max: 4})),
				async (steps, cuts, toggles) => {
					const direct = fixture.open(fixture.redis.port);
					const wire = fixture.open();
					const subscribed = `*3\r\n${bulk('subscribe')}${bulk('always')}:1\r\n`;
					await wire.ask(request('SUBSCRIBE', 'always'), subscribed);
					const bytes = Buffer.from(steps.map((each) => request(...each.split(' '))).join(''));
					for (const chunk of cutAt(bytes, cuts)) {
						const toggle = toggles.next().value;
						if (toggle === 1) fixture.inject('LOADING', 0.5);
						if (toggle === 2) fixture.proxy.heal();
						if (toggle >= 3) direct.send(request('PUBLISH', toggle === 3 ? 'always' : 'a', 'news'));
						wire.socket.write(chunk);
						await new Promise((resolve) => setImmediate(resolve));
					}
					fixture.proxy.heal();
					wire.send(request('SUBSCRIBE', 'the end'));
					const whole = () => /^[\s\S]*the end\r\n:\d+\r\n/.exec(wire.text())?.[0];
					await until(() => whole() !== undefined, 'the last confirmation');
					const replies = textsOf((whole() ?? '').slice(subscribed.length)).filter(
						(text) => !text.startsWith(`*3\r\n${bulk('message')}`),
					);
					expect(replies).toHaveLength(steps.length + 1);
					for (const [index, each] of steps.entries()) {
						const [name = '', channel = ''] = each.split(' ');
						const pong = `*2\r\n${bulk('pong')}${bulk('')}`;
						const reply = replies[index] ?? '';
						if (name === 'PING') expect([pong, errorLines.LOADING]).toContain(reply);
						else expect(reply).toContain(`*3\r\n${bulk(name.toLowerCase())}${bulk(channel)}:`);
					}
					wire.socket.destroy();
					direct.socket.destroy();
				},
			),
			{numRuns: 60, interruptAfterTimeLimit: 60_000},
		);
	}, 90_000);
});
