import {expect, test} from 'vitest';
import type {CommandCall} from '../../../source/engine/specs/command-calls.js';
import {specOf} from '../../../source/engine/specs/command-specs.js';
import {FakeEngine, type FakeReply} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';
import {replies} from '../gallery/replies.js';

const word = '127.0.0.1:41233';

/** A Redis with keys that this program did not start: the engine lets nothing pass that writes without the host. */
class ForeignRedis extends FakeEngine {
	/** Calls that wrote. */
	readonly written: CommandCall[] = [];

	override answer = (call: CommandCall): FakeReply => {
		const writes = specOf(call.name).writes !== false || call.name === 'redis';
		if (writes && call.consent !== word) {
			const question = {
				word,
				about: [`\`${call.name}\` writes to redis://${word}/0, which this program did not start.`],
			};
			return {ok: false, code: 'ERR_CONSENT', message: `${call.name} writes: confirm it`, question};
		}
		if (writes) this.written.push(call);
		const reply = replies[call.name];
		return reply ? {ok: true, lines: reply.lines ?? [], data: reply.data} : {ok: true, lines: [`did ${call.name}`]};
	};
}

function open() {
	const engine = new ForeignRedis();
	return {...openApp({engine, story: {target: 'external'}}), engine};
}

test.each([
	['a raw command', [':redis flushall\r'], 'redis'],
	['the workload', [':workload on\r'], 'workload'],
	['a single value', [':set a 1\r'], 'set'],
	['a removal', [':remove rct:default:a\r'], 'remove'],
	['all entries', [':clear\r'], 'clear'],
	['a drill that is started by a key', ['5', '\t', '\r'], 'drill'],
	['a key that is deleted by a key', ['2', 'd'], 'remove'],
	['a value that is edited in place', ['2', 'e', '\r'], 'set'],
] as const)('%s is written only after the host was typed', async (_, keys, name) => {
	const {engine, type, app} = open();
	const shows: Readonly<Record<string, string>> = {2: 'user:1 ', 5: 'black-hole', '\t': 'Enter run', e: 'Edit rct'};
	for (const key of keys) await type(key, shows[key] ?? `Type ${word} and Enter`);
	await type('yes', 'Enter: yes');
	await type('\r', 'That is not the word');
	await type('\u0015', /and Enter: +[│┃]/);
	expect(app.screen()).not.toContain('That is not the word');
	expect(engine.written).toEqual([]);
	await type(word, `Enter: ${word}`);
	app.type('\r');
	await until(() => engine.written.length === 1, 'it is written');
	expect(engine.written[0]).toMatchObject({name, consent: word});
});

test('the dialog shows the host and the whole command', async () => {
	const {type, app} = open();
	await type(':redis eval "return 1" 0\r', `Type ${word}`);
	expect(app.screen()).toMatch(/`redis` writes to redis:\/\/127\.0\.0\.1:41233/);
	expect(app.screen()).toContain('redis eval "return 1" 0');
});

test('Esc writes nothing', async () => {
	const {engine, type, losesSight, app} = open();
	await type(':workload on\r', `Type ${word}`);
	app.type('\u001B');
	await losesSight('Type 127');
	expect(engine.written).toEqual([]);
});

test('what stops a sweep is not asked about', async () => {
	const {engine, app} = openApp();
	app.type(':sweep stop\r');
	await until(() => engine.calls.length === 1, 'it is stopped');
});
