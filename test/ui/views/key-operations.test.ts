import {describe, expect, test} from 'vitest';
import {wordsOf} from '../../../source/engine/specs/command-calls.js';
import {didIt, FakeEngine, type FakeReply} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

type Answers = Readonly<Record<string, (args: readonly string[]) => FakeReply>>;

const reply = (data: unknown): FakeReply => ({ok: true, lines: [], data});
const rows = [
	{key: 'plain', type: 'string', ttlMs: 5_400_000, bytes: 10},
	{key: 'endless', type: 'string', ttlMs: undefined, bytes: 10},
];
const usual: Answers = {
	keys: () => reply({rows, cursor: undefined, scanned: 2, total: 2, tookMs: 1}),
	tree: ([prefix]) =>
		reply({
			prefix,
			groups: [{name: 'user:', prefix: 'user:', pattern: 'user:*', keys: 7, sizes: undefined}],
			rows: [],
			unlisted: 0,
			keys: 7,
			cursor: undefined,
		}),
	count: ([pattern]) => reply({pattern, keys: 7, sample: ['user:1'], complete: true}),
};

async function start(answers: Answers = {}, story: {readonly target?: 'external'; readonly sweep?: string} = {}) {
	const engine = new FakeEngine();
	engine.answer = (call) => ({...usual, ...answers})[call.name]?.(wordsOf(call)) ?? didIt(call);
	const opened = openApp({engine, seconds: 10, story, size: {columns: 120, rows: 40}});
	await opened.type('2', 'plain');
	const callsOf = (name: string) => engine.calls.filter((call) => call.name === name).map(wordsOf);
	return {...opened, callsOf, engine};
}

describe('the lifetime of a key', () => {
	test('is filled in as it is, ready to be changed', async () => {
		const {type, app, losesSight} = await start();
		await type('x', ': lifetime plain 1h30m');
		app.type('\u001B');
		await losesSight(': lifetime');
		await type('jx', ': lifetime endless never');
	});

	test('of all keys of a group is changed after they were counted and the word was typed', async () => {
		const {type, callsOf} = await start();
		await type('t', 'user:');
		await type('x', ': expire-all user:*');
		await type('1h\r', '7 keys match user:*. They will expire in 1h');
		await type('', 'user:1');
		expect(callsOf('expire-all')).toEqual([]);
		await type('expire\r', 'did expire-all');
		expect(callsOf('expire-all')).toEqual([['user:*', '1h']]);
	});
});

test('a typed sweep counts its keys before it asks, and says that it can be undone', async () => {
	const {type, callsOf} = await start();
	await type(':sweep user:*\r', '7 keys match user:* and will be deleted');
	await type('', ':undo restores');
	expect(callsOf('sweep')).toEqual([]);
	await type('delete\r', 'did sweep');
	expect(callsOf('sweep')).toEqual([['user:*']]);
	await type(':sweep stop\r', 'did sweep');
});

test('u restores what was deleted, after the word was typed', async () => {
	const {type, callsOf} = await start();
	await type('u', 'The keys deleted last will be restored');
	await type('restore\r', 'did undo');
	expect(callsOf('undo')).toEqual([[]]);
	expect(callsOf('keys').length).toBeGreaterThan(1);
});

test('R and C open the palette with the key, ready for the new name', async () => {
	const {type, app, losesSight, callsOf} = await start();
	await type('R', ': rename plain');
	await type('other\r', 'did rename');
	expect(callsOf('rename')).toEqual([['plain', 'other']]);
	app.type('\u001B');
	await type('C', ': copy plain');
	app.type('\u001B');
	await losesSight(': copy');
});

test('a key that was renamed by a typed line has its new name in the list', async () => {
	let name = 'plain';
	const {type, losesSight} = await start({
		keys: () => reply({rows: [{...rows[0], key: name}], cursor: undefined, scanned: 1, total: 1, tookMs: 1}),
		rename: ([, to = '']) => {
			name = to;
			return {ok: true, lines: [`renamed to ${to}`], data: undefined};
		},
	});
	await type('R', ': rename plain');
	await type('fancy\r', '▸    fancy');
	await losesSight('▸    plain');
});

test('on a Redis of others the word is its host, with the count and the sample before it', async () => {
	const {type, engine} = await start({}, {target: 'external'});
	await type(':sweep user:*\r', '7 keys match user:*');
	await type('', 'user:1');
	await type('127.0.0.1:41233\r', 'did sweep');
	expect(engine.calls.find(({name}) => name === 'sweep')).toMatchObject({consent: '127.0.0.1:41233'});
});

test('work on many keys is shown with its progress in the list and the tree', async () => {
	const {type, sees} = await start({}, {sweep: 'deleting user:*: 1200 keys so far'});
	await sees('deleting user:*: 1200 keys so far   :sweep stop ends it');
	await type('t', 'Keys by prefix');
	await sees('deleting user:*: 1200 keys so far');
});
