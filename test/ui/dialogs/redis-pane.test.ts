import {expect, test} from 'vitest';
import type {CommandCall} from '../../../source/engine/specs/command-calls.js';
import {FakeEngine, type FakeReply} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

/** Answers commands of Redis with lines of its own. */
class Printing extends FakeEngine {
	override answer = (call: CommandCall): FakeReply => {
		const [word = '', count = '1'] = call.args as readonly string[];
		if (word === 'bad') return {ok: false, code: 'ERR_SERVER_ERR', message: 'ERR unknown command'};
		if (word === 'dangerous' && call.consent !== 'host')
			return {ok: false, code: 'ERR_CONSENT', message: 'ask', question: {word: 'host', about: ['It is dangerous.']}};
		return {ok: true, lines: Array.from({length: Number(count)}, (_, index) => `${index + 1}) "${word}"`)};
	};
}

const open = (remembered: string[] = [], history: readonly string[] = []) =>
	openApp({engine: new Printing(), history, remember: (line) => remembered.push(line)});

test('prints commands with their replies below each other, and takes the next one', async () => {
	const {type, app} = open();
	await type(':redis one\r', '1) "one"');
	await type('two 2\r', '2) "two"');
	await type('bad\r', '(error) ERR unknown command');
	expect(app.screen()).toMatch(/> one.*\n.*1\) "one".*\n.*> two 2.*\n.*1\) "two".*\n.*2\) "two".*\n.*> bad/);
	await type('"not closed\r', 'a quote is not closed');
});

test('shows the end of a long reply, and scrolls', async () => {
	const {type, app} = open();
	await type(':redis long 200\r', '200) "long"');
	expect(app.screen()).not.toContain('1) "long"\n');
	await type('\u001B[5~', 'more lines');
	expect(app.screen()).not.toContain('200) "long"');
	await type('\u001B[6~', '200) "long"');
});

test('keeps a bounded number of lines', async () => {
	const {type, app} = open();
	await type(':redis first\r', '1) "first"');
	await type('many 5000\r', '5000) "many"');
	const {printed} = app.controller.getState();
	expect([printed.length, printed[0]]).toEqual([5000, '1) "many"']);
});

test('asks for the word, and comes back with the reply', async () => {
	const {type} = open();
	await type(':redis\r', 'Enter sends');
	await type('dangerous\r', 'Type host and Enter');
	await type('host\r', '1) "dangerous"');
	await type('one\r', '1) "one"');
});

test('recalls commands, those of earlier sessions as well, and keeps none with a secret', async () => {
	const remembered: string[] = [];
	const {type} = open(remembered, ['redis GET earlier', 'get other']);
	await type(':redis\r', 'Enter sends');
	await type('auth 1\r', '1) "auth"');
	await type('\u001B[A', '> GET earlier');
	await type('\u001B[B', /> +[│┃]/);
	await type('get "a b"\r', '> get "a b"');
	await until(() => remembered.length === 2, 'the lines are kept');
	expect(remembered).toEqual(['redis', 'redis get "a b"']);
});
