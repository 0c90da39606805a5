import {describe, expect, test} from 'vitest';
import {wordsOf} from '../../../source/engine/specs/command-calls.js';
import {didIt, FakeEngine, type FakeReply, storyStart} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

type Answers = Readonly<Record<string, (args: readonly string[]) => FakeReply>>;

const row = {key: 'thing', type: 'string', ttlMs: undefined, bytes: 100};
const keys: FakeReply = {ok: true, lines: [], data: {rows: [row], cursor: undefined, scanned: 1, total: 1, tookMs: 1}};

const preview = {
	length: 1,
	unit: 'bytes',
	parts: [],
	formats: [],
	syntax: 'text',
	envelope: undefined,
	cursor: undefined,
};

const value = (lines: readonly string[], facts: object, more: object = {}): FakeReply => ({
	ok: true,
	lines: ['a thing', ...lines],
	data: {...row, encoding: 'raw', preview: {...preview, ...facts}, groups: [], entry: undefined, ...more},
});

async function open(answers: Answers) {
	const engine = new FakeEngine();
	engine.answer = (call) => (call.name === 'keys' ? keys : (answers[call.name]?.(wordsOf(call)) ?? didIt(call)));
	const opened = openApp({engine, seconds: 10, size: {columns: 120, rows: 40}});
	await opened.type('2', 'thing');
	opened.app.type('\r');
	const callsOf = (name: string) => engine.calls.filter((call) => call.name === name).map(wordsOf);
	return {...opened, callsOf};
}

describe('JSON', () => {
	const lines = ['{', '  "user": {', '    "name": "Ada",', '    "ids": [', '      1', '    ]', '  }', '}'];

	test('is folded and unfolded by levels', async () => {
		const {type, sees, losesSight} = await open({inspect: () => value(lines, {syntax: 'json', formats: ['JSON']})});
		await sees('"name": "Ada"');
		await type('-', '"ids": [ … 1 ]');
		await type('-', '"user": { … 4 }');
		await losesSight('"name"');
		await type('++', '"ids": [');
		await sees('      1');
	});

	test('that is long is folded when it is opened', async () => {
		const long = ['[', ...Array.from({length: 40}, (_, at) => ['  {', `    "id": ${at}`, '  },']).flat(), ']'];
		const {sees, type} = await open({inspect: () => value(long, {syntax: 'json', formats: ['gzip', 'JSON']})});
		await sees('{ … 1 },');
		await sees('folded, + unfolds');
		await sees('gzip, then JSON');
		await type('+', '"id": 0');
	});
});

test('the envelope of another library and the groups of a stream are told', async () => {
	const envelope = {library: 'bentocache', writtenAt: undefined, expiresAt: storyStart + 40_000, tags: ['people']};
	const groups = [{name: 'workers', consumers: 2, pending: 12, lag: 340, lastDeliveredId: '1-1'}];
	const {sees} = await open({inspect: () => value(['x'], {envelope}, {groups})});
	await sees(/written by +bentocache, stale in /);
	await sees('tags people');
	await sees(/group +workers: 2 consumers, 12 pending, lag 340/);
});

describe('a search in a value', () => {
	test('shows the lines of a text that have it, as it is typed', async () => {
		const {type, sees, losesSight, app} = await open({inspect: () => value(['one apple', 'two pears'], {})});
		await sees('two pears');
		app.type('/PEAR');
		await losesSight('one apple');
		await type('\r', 'filter PEAR');
		app.type('\u001B');
		await sees('one apple');
	});

	test('in a collection is made by Redis, page after page', async () => {
		const {type, callsOf, sees} = await open({
			inspect: () => value(['a = 1', 'b = 2'], {length: 5000, unit: 'fields', cursor: '7'}, {type: 'hash'}),
			elements: ([, match, cursor]) => {
				const lines = cursor === undefined ? [] : [`found ${match}`];
				return {
					ok: true,
					lines: [],
					data: {lines, parts: [], scanned: 2500, cursor: cursor === undefined ? '9' : undefined},
				};
			},
		});
		await sees('2 of 5,000 fields; n for more');
		await type('/user\r', 'found user');
		await sees('1 found in 5,000 of 5,000');
		expect(callsOf('elements')).toEqual([
			['thing', 'user'],
			['thing', 'user', '9'],
		]);
	});
});

test('the next elements are added with n', async () => {
	const {type, callsOf, sees} = await open({
		inspect: () => value(['first'], {length: 2, unit: 'elements', cursor: '1'}, {type: 'list'}),
		elements: () => ({ok: true, lines: [], data: {lines: ['second'], parts: [], scanned: 1, cursor: undefined}}),
	});
	await sees('1 of 2 elements; n for more');
	await type('n', 'second');
	await sees('first');
	await sees('2 of 2 elements');
	expect(callsOf('elements')).toEqual([['thing', '*', '1']]);
});

test('a value is read again with r, and stays where it was scrolled', async () => {
	let round = 0;
	const {type, sees, callsOf} = await open({inspect: () => value([`round ${++round}`], {})});
	await sees('round 1');
	await type('r', 'round 2');
	expect(callsOf('inspect')).toHaveLength(2);
});

test('y copies the value by OSC 52, and Y the name of the key', async () => {
	const {type, app, sees} = await open({
		inspect: () => value(['shown'], {parts: [{at: undefined, value: 'whole text'}]}),
	});
	await sees('shown');
	await type('y', 'copied the value, 10 B');
	await type('Y', 'copied the name, 5 B');
	expect(app.copied()).toEqual(['whole text', 'thing']);
});

test('a long string is read on, and searched, page by page', async () => {
	const page = (args: readonly string[]): FakeReply => ({
		ok: true,
		lines: [],
		data:
			args[1] === 'needle'
				? {lines: ['70000  a needle here'], parts: [], scanned: 200_000, cursor: undefined}
				: {lines: ['second page', ...Array.from({length: 99}, () => '')], parts: [], scanned: 65_536, cursor: '131072'},
	});
	const facts = {length: 300_000, truncated: true, cursor: '65536'};
	const {type, sees, callsOf} = await open({inspect: () => value(['first page'], facts), elements: page});
	await sees('65,536 of 300,000; n for more');
	await type('n', 'second page');
	await sees('131,072 of 300,000');
	expect(callsOf('elements')).toEqual([['thing', '*', '65536']]);
	await type('/needle\r', '70000  a needle here');
	await sees('1 found in 200,000 of 300,000');
});
