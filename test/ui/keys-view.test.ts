import {afterEach, describe, expect, test} from 'vitest';
import type {CommandCall, CommandReply} from '../../source/engine/protocol.js';
import {FakeEngine, storyStart} from '../support/fake-engine.js';
import {type RenderedApp, renderApp} from '../support/render-app.js';
import {see} from '../support/see.js';
import {until} from '../support/until.js';

const open: RenderedApp[] = [];
afterEach(() => {
	for (const app of open.splice(0)) app.close();
});

type Answers = Readonly<Record<string, (args: readonly string[]) => CommandReply>>;

const row = (key: string, bytes = 100) => ({key, type: 'string', ttlMs: 60_000, bytes});
const listing = (data: unknown): CommandReply => ({ok: true, lines: [], data});

function start(answers: Answers, options: {readonly readOnly?: boolean} = {}) {
	const engine = new FakeEngine();
	engine.answer = (call: CommandCall) =>
		answers[call.name]?.(call.args) ??
		(call.name === 'keys'
			? listing({rows: [row('rct:default:user:1'), row('plain')], cursor: undefined, scanned: 2})
			: {ok: true, lines: [`did ${call.name}`]});
	const app = renderApp(engine, {size: {columns: 120, rows: 40}});
	open.push(app);
	engine.play(10, options);
	const {sees, type} = see(app);
	const callsOf = (name: string) => engine.calls.filter((call) => call.name === name).map((call) => call.args);
	return {engine, app, sees, type, callsOf};
}

const group = (prefix: string, keys: number, name = prefix) => ({name, prefix, pattern: `${prefix}*`, keys});

const trees: Answers = {
	tree([prefix = '', cursor]) {
		if (prefix === '' && cursor === undefined)
			return listing({
				prefix,
				groups: [group('user:', 600)],
				rows: [row('plain')],
				unlisted: 0,
				keys: 601,
				cursor: '7',
			});
		if (prefix === '')
			return listing({prefix, groups: [group('user:', 400)], rows: [], unlisted: 0, keys: 400, cursor: undefined});
		return listing({
			prefix,
			groups: [],
			rows: [row('user:1'), row('user:2')],
			unlisted: 0,
			keys: 2,
			cursor: undefined,
		});
	},
};

describe('the tree of keys', () => {
	test('puts pages together, unfolds a group and folds it again', async () => {
		const {type, app, callsOf} = start(trees);
		await type('2', 'plain');
		await type('t', /\+ user: +1,000 keys/);
		expect(callsOf('tree')).toEqual([[''], ['', '7']]);
		await type('\r', /- user: /);
		await type('', /1 +string/);
		expect(app.screen()).toMatch(/ {4}1 +string/);
		app.type('h');
		await until(() => !/ {4}1 +string/.test(app.screen()), 'the group is folded');
		await type('t', 'rct:default:user:1');
	});

	test('says which numbers are only of a part', async () => {
		const {type} = start({
			tree: () => listing({prefix: '', groups: [group('user:', 600)], rows: [], unlisted: 0, keys: 600, cursor: '7'}),
		});
		await type('2', 'plain');
		await type('t', /≥[\d,]+ keys/);
		await type('', /n looks on/);
	});

	test('deletes a group only after its keys were counted and the word was typed', async () => {
		const {type, callsOf} = start({
			...trees,
			count: () => listing({pattern: 'user:*', keys: 1000, sample: ['user:17', 'user:4'], complete: true}),
		});
		await type('2', 'plain');
		await type('t', 'user:');
		await type('d', /1,000 keys match user:\*/);
		await type('', 'user:17');
		await type('sweep\r', 'Type delete');
		expect(callsOf('sweep')).toEqual([]);
		await type('\u0015delete\r', 'did sweep');
		expect(callsOf('sweep')).toEqual([['user:*']]);
	});
});

describe('the order of keys', () => {
	test('by size is looked for in the whole Redis, page after page', async () => {
		const {type, callsOf, app} = start({
			top: ([by, , cursor]) =>
				listing(
					cursor === undefined
						? {by, rows: [row('middle', 5000)], scanned: 500, cursor: '9'}
						: {by, rows: [row('large', 90_000), row('small', 10)], scanned: 300, cursor: undefined},
				),
		});
		await type('2', 'plain');
		await type('s', 'key ↓');
		await type('s', /3 largest of 800 looked at/);
		expect(callsOf('top')).toEqual([
			['size', '*'],
			['size', '*', '9'],
		]);
		const screen = app.screen();
		expect(screen.indexOf('large ')).toBeLessThan(screen.indexOf('middle '));
		expect(screen.indexOf('middle ')).toBeLessThan(screen.indexOf('small '));
	});
});

const details = (facts: object): CommandReply => ({
	ok: true,
	lines: ['string, 12 bytes', 'entry of the cache', '"Ada"'],
	data: {...row('rct:default:user:1'), encoding: 'raw', preview: {length: 12, unit: 'bytes', parts: []}, ...facts},
});

const entry = {
	kind: 'value',
	version: storyStart * 1000 + 4_000_000,
	asOf: storyStart + 3000,
	freshUntil: storyStart + 40_000,
	ttlMs: 60_000,
	graceMs: 30_000,
	tags: ['people'],
	valueBytes: 5,
	isCompressed: false,
	json: '"Ada"',
};

describe('a value', () => {
	test('of the cache is shown with its version, age, freshness and tags', async () => {
		const {type, sees} = start({inspect: () => details({entry})});
		await type('2', 'plain');
		await type('\r', /version +\d+, written 6 s ago/);
		await sees(/as of .* 7 s old/);
		await sees('for 30 s of 1m 00s, then 30 s of grace');
		await sees(/tags +people/);
		await sees('"Ada"');
	});

	test('of the cache is edited through it, with its TTL and tags', async () => {
		const {type, callsOf} = start({inspect: () => details({entry})});
		await type('2', 'plain');
		await type('e', 'Edit rct:default:user:1');
		await type('\u0015"Bob"\r', 'did set');
		expect(callsOf('set')).toEqual([['user:1', '"Bob"', '60000ms', 'people']]);
	});

	test('of others is edited as it is, and only if it is still the same', async () => {
		const {type, callsOf} = start({
			inspect: () => details({entry: undefined, preview: {length: 3, unit: 'bytes', parts: [{value: 'old'}]}}),
		});
		await type('2', 'plain');
		await type('je', 'Edit plain');
		await type('\u007F\u007F\u007Fnew\r', 'did edit');
		expect(callsOf('edit')).toEqual([['plain', 'set', 'new', 'old']]);
	});

	test('of a collection is edited by a command', async () => {
		const {type} = start({inspect: () => details({type: 'hash', entry: undefined})});
		await type('2', 'plain');
		await type('je', ': edit plain hset');
	});

	test('is not edited, and no key given another life, when the session is read-only', async () => {
		const {type, callsOf} = start({}, {readOnly: true});
		await type('2', 'plain');
		await type('e', 'edit writes, and this session is read-only');
		await type('x', 'expire writes, and this session is read-only');
		expect(callsOf('inspect')).toEqual([]);
	});

	test('gets another life through the cache or through Redis, whoever it belongs to', async () => {
		const {type, app} = start({});
		await type('2', 'plain');
		await type('x', ': expire user:1');
		app.type('\u001B');
		await until(() => app.controller.getState().overlay.kind === 'none', 'the palette is closed');
		await type('jx', ': lifetime plain');
	});
});

test('lists the keys again when the view is entered and there were none, or they could not be listed', async () => {
	let answer: CommandReply = {ok: false, code: 'ERR_X', message: 'Redis is away'};
	const {type, callsOf} = start({keys: () => answer});
	await type('2', 'Redis is away');
	answer = listing({rows: [], cursor: undefined, scanned: 0});
	await type('12', 'this Redis has no keys');
	answer = listing({rows: [row('late')], cursor: undefined, scanned: 1});
	await type('12', 'late');
	await type('12', 'late');
	expect(callsOf('keys')).toHaveLength(3);
});

test('forgets the keys of the server before when it is told to work on another', async () => {
	const {type, callsOf} = start({connect: () => ({ok: true, lines: ['connected to redis://127.0.0.1:1']})});
	await type('2', 'plain');
	await type(' ', '1 marked');
	await type(':connect redis://127.0.0.1:1\r', '✓ connected to');
	await until(() => callsOf('keys').length === 2, 'the keys are listed again');
});

test('marks everything that is listed, and takes the marks away', async () => {
	const {type, app} = start({});
	await type('2', 'plain');
	await type('a', '2 marked');
	app.type('a');
	await until(() => !app.screen().includes('2 marked'), 'nothing is marked');
});
