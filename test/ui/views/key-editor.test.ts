import {describe, expect, test} from 'vitest';
import {wordsOf} from '../../../source/engine/specs/command-calls.js';
import {didIt, FakeEngine, type FakeReply} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

const row = {key: 'thing', type: 'string', ttlMs: undefined, bytes: 100};
const keys: FakeReply = {ok: true, lines: [], data: {rows: [row], cursor: undefined, scanned: 1, total: 1, tookMs: 1}};

/** The editor saves `after`; an error: it fails. */
async function start(before: string, after: string | Error, readOnly = false) {
	const engine = new FakeEngine();
	engine.answer = (call) => {
		if (call.name === 'keys') return keys;
		return call.name === 'text' ? {ok: true, lines: [], data: before} : didIt(call);
	};
	const opened = openApp({engine, seconds: 10, story: {readOnly}});
	const opens: (readonly [text: string, suffix: string])[] = [];
	opened.app.controller.attach({
		quit() {},
		suspend() {},
		redraw() {},
		copy() {},
		edit(text, suffix) {
			opens.push([text, suffix]);
			return after instanceof Error ? Promise.reject(after) : Promise.resolve(after);
		},
	});
	await opened.type('2', 'thing');
	const edits = () => engine.calls.filter(({name}) => name === 'edit').map(wordsOf);
	return {...opened, opens, edits};
}

describe('a text that is edited in the editor', () => {
	test('is written if it is still the same in Redis', async () => {
		const {type, opens, edits} = await start('{"a":1}', '{"a":2}');
		await type('E', 'did edit');
		expect(opens).toEqual([['{"a":1}', '.json']]);
		expect(edits()).toEqual([['thing', 'set', '{"a":2}', '{"a":1}']]);
	});

	test('is not written if nothing was changed, or the editor failed', async () => {
		const same = await start('text', 'text');
		await same.type('E', 'nothing was changed');
		expect(same.opens).toEqual([['text', '.txt']]);
		expect(same.edits()).toEqual([]);
		const failed = await start('text', new Error('the editor vi ended with exit code 1: nothing was changed'));
		await failed.type('E', 'the editor vi ended with exit code 1');
		expect(failed.edits()).toEqual([]);
	});

	test('that was JSON and is none any more is written only after a word', async () => {
		const {type, edits, sees} = await start('{"secret":1}', '{"secret":1');
		await type('E', 'thing was JSON, and the new text is not, from line 1 on.');
		expect(edits()).toEqual([]);
		await type('text\r', 'did edit');
		expect(edits()).toEqual([['thing', 'set', '{"secret":1', '{"secret":1}']]);
		await sees('did edit');
	});

	test('of a bare number or word may become anything', async () => {
		const {type, edits} = await start('42', 'many');
		await type('E', 'did edit');
		expect(edits()).toHaveLength(1);
	});

	test('is not opened in a read-only session', async () => {
		const {type, opens} = await start('a', 'b', true);
		await type('E', 'this session is read-only');
		expect(opens).toEqual([]);
	});
});
