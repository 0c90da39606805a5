import {describe, expect, test} from 'vitest';
import {wordsOf} from '../../../source/engine/specs/command-calls.js';
import {didIt, FakeEngine, type FakeReply, storyStart} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

type Answers = Readonly<Record<string, (args: readonly string[]) => FakeReply>>;

const row = (key: string, bytes = 100) => ({key, type: 'string', ttlMs: 60_000, bytes});
const listing = (data: unknown): FakeReply => ({ok: true, lines: [], data});

const twoKeys = listing({rows: [row('rct:default:user:1'), row('plain')], cursor: undefined, scanned: 2});

function start(answers: Answers = {}, {readOnly = false, size = {columns: 120, rows: 40}} = {}) {
	const engine = new FakeEngine();
	engine.answer = (call) => answers[call.name]?.(wordsOf(call)) ?? (call.name === 'keys' ? twoKeys : didIt(call));
	const opened = openApp({engine, seconds: 10, story: {readOnly}, size});
	const callsOf = (name: string) => engine.calls.filter((call) => call.name === name).map((call) => call.args);
	return {...opened, callsOf};
}

const group = (prefix: string, keys: number, name = prefix) => ({name, prefix, pattern: `${prefix}*`, keys});

const trees: Answers = {
	tree([prefix = '', cursor]) {
		if (prefix === '' && cursor === '0')
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

describe('the list of keys', () => {
	const thirty = Array.from({length: 30}, (_, index) => row(`rct:default:user:${index}`, 100 + index));
	const plainHash = {key: 'plain', type: 'hash', ttlMs: undefined, bytes: 7};
	const manyKeys: Answers = {
		keys: () => listing({rows: [...thirty, plainHash], cursor: undefined, scanned: 31}),
		inspect: ([key]) => ({ok: true, lines: ['string, 12 bytes', `value of ${key}`]}),
	};

	test('shows keys, opens one, and asks Redis for those that match a filter', async () => {
		const {type, callsOf, losesSight, app} = start(manyKeys);
		await type('2', 'rct:default:user:7');
		await type('j\r', 'value of rct:default:user:1');
		await type('j', 'value of rct:default:user:2');
		app.type('\u001B');
		await losesSight('value of');
		await type('/user:1\r', 'pattern *user:1*');
		expect(callsOf('keys').at(-1)).toEqual(['*user:1*']);
	});

	test('deletes all marked keys with one command, after the word was typed', async () => {
		const {type, callsOf} = start(manyKeys);
		await type('2', 'plain');
		await type(' G ', '2 marked');
		await type('d', 'These 2 keys will be deleted');
		expect(callsOf('remove')).toEqual([]);
		await type('delete\r', 'did remove');
		expect(callsOf('remove')).toEqual([['rct:default:user:0', 'plain']]);
	});

	test('deletes nothing in a read-only session', async () => {
		const {type, callsOf} = start(manyKeys, {readOnly: true});
		await type('2', 'plain');
		await type('d', 'this session is read-only');
		expect(callsOf('remove')).toEqual([]);
	});

	test('marks all keys with a, and unmarks them with it', async () => {
		const {type, app, losesSight} = start();
		await type('2', 'plain');
		await type('a', '2 marked');
		app.type('a');
		await losesSight('2 marked');
	});

	test('is loaded again when the view is entered and it was empty, or could not be loaded', async () => {
		let answer: FakeReply = {ok: false, code: 'ERR_X', message: 'Redis is away'};
		const {type, callsOf} = start({keys: () => answer});
		await type('2', 'Redis is away');
		answer = listing({rows: [], cursor: undefined, scanned: 0});
		await type('12', 'this database has no keys');
		answer = listing({rows: [row('late')], cursor: undefined, scanned: 1});
		await type('12', 'late');
		await type('12', 'late');
		expect(callsOf('keys')).toHaveLength(3);
	});

	test('is loaded again after the engine has connected to another server', async () => {
		const url = 'redis://127.0.0.1:1';
		const data = {kind: 'external', name: 'redis', version: '7.0.15', url, pid: undefined, warnings: []};
		const {type, callsOf} = start({connect: () => ({ok: true, lines: [`connected to ${url}`], data})});
		await type('2', 'plain');
		await type(' ', '1 marked');
		await type(':connect redis://127.0.0.1:1\r', '✓ connected to');
		await until(() => callsOf('keys').length === 2, 'the keys are loaded again');
	});
});

describe('the tree of keys', () => {
	test('joins pages, unfolds a group and folds it again', async () => {
		const {type, app, callsOf} = start(trees);
		await type('2', 'plain');
		await type('t', /\+ user: +1,000 keys/);
		expect(callsOf('tree')).toEqual([
			['', '0', ':'],
			['', '7', ':'],
		]);
		await type('\r', /- user: /);
		await type('', /1 +string/);
		expect(app.screen()).toMatch(/ {4}1 +string/);
		app.type('h');
		await until(() => !/ {4}1 +string/.test(app.screen()), 'the group is folded');
		await type('t', 'rct:default:user:1');
	});

	test('is split at another delimiter', async () => {
		const {type, callsOf} = start(trees);
		await type('2', 'plain');
		await type('t', 'split at ":"');
		await type('D', ': delimiter');
		await type('::\r', 'split at "::"');
		expect(callsOf('tree').at(-2)).toEqual(['', '0', '::']);
	});

	test('is sorted by memory, which is read for that, and by name', async () => {
		const sizes = (bytes: number, withoutTtl: number) => ({bytes, withoutTtl, nextTtlMs: 90_000});
		const {type, sees, callsOf, app} = start({
			tree: ([prefix = '', , , measured]) =>
				listing({
					prefix,
					groups: [
						{...group('small:', 900), sizes: measured ? sizes(100, 0) : undefined},
						{...group('big:', 5), sizes: measured ? sizes(7_000_000, 3) : undefined},
					],
					rows: [],
					unlisted: 0,
					keys: 905,
					cursor: undefined,
				}),
		});
		const isFirst = (first: string, second: string) => app.screen().indexOf(first) < app.screen().indexOf(second);
		await type('2', 'plain');
		await type('t', 'small:');
		expect(isFirst('small:', 'big:')).toBe(true);
		await type('s', /big: +3 without TTL +5 keys +6.7 MiB/);
		await sees(/small: +from 1m 30s on +900 keys +100 B/);
		await sees('by size');
		expect(isFirst('big:', 'small:')).toBe(true);
		expect(callsOf('tree').at(-1)).toEqual(['', '0', ':', 'sizes']);
		await type('s', 'by name');
		expect(isFirst('big:', 'small:')).toBe(true);
	});

	test('marks numbers that cover only a part of the keys', async () => {
		const {type} = start({
			tree: () => listing({prefix: '', groups: [group('user:', 600)], rows: [], unlisted: 0, keys: 600, cursor: '7'}),
		});
		await type('2', 'plain');
		await type('t', /≥[\d,]+ keys/);
		await type('', 'n for more');
	});

	test('deletes a group after its keys were counted and the word was typed', async () => {
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

describe('the keys sorted', () => {
	test('by size are the largest of all keys, page after page', async () => {
		const {type, callsOf, app} = start({
			top: ([by, , cursor]) =>
				listing(
					cursor === undefined
						? {by, rows: [row('middle', 5000)], scanned: 500, total: 800, tookMs: 9, cursor: '9'}
						: {
								by,
								rows: [row('large', 90_000), row('small', 10)],
								scanned: 300,
								total: 800,
								tookMs: 9,
								cursor: undefined,
							},
				),
		});
		await type('2', 'plain');
		await type('s', 'key ↓');
		await type('s', /3 largest, 800 of 800 scanned/);
		expect(callsOf('top')).toEqual([
			['size', '*'],
			['size', '*', '9'],
		]);
		const screen = app.screen();
		expect(screen.indexOf('large ')).toBeLessThan(screen.indexOf('middle '));
		expect(screen.indexOf('middle ')).toBeLessThan(screen.indexOf('small '));
	});
});

const noFormat = {formats: [], syntax: 'text', envelope: undefined, cursor: undefined};

const details = (facts: object): FakeReply => ({
	ok: true,
	lines: ['string, 12 bytes', 'entry of the cache', '"Ada"'],
	data: {
		...row('rct:default:user:1'),
		encoding: 'raw',
		preview: {...noFormat, length: 12, unit: 'bytes', parts: []},
		groups: [],
		...facts,
	},
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
	test('of a cache entry is shown with its version, age, freshness and tags', async () => {
		const {type, sees} = start({inspect: () => details({entry})});
		await type('2', 'plain');
		await type('\r', /version +\d+, written 6 s ago/);
		await sees(/as of .* 7 s old/);
		await sees('for 30 s of 1m 00s, then 30 s of grace');
		await sees(/tags +people/);
		await sees('"Ada"');
	});

	test('of a cache entry is edited through the cache, with its TTL and tags', async () => {
		const {type, callsOf} = start({inspect: () => details({entry})});
		await type('2', 'plain');
		await type('e', 'Edit rct:default:user:1');
		await type('\u0015"Bob"\r', 'did set');
		expect(callsOf('set')).toEqual([['user:1', '"Bob"', '60000ms', 'people']]);
	});

	test('of another key is edited in Redis, if it is still the same', async () => {
		const {type, callsOf} = start({
			inspect: () =>
				details({entry: undefined, preview: {...noFormat, length: 3, unit: 'bytes', parts: [{value: 'old'}]}}),
		});
		await type('2', 'plain');
		await type('je', 'Edit plain');
		await type('\u007F\u007F\u007Fnew\r', 'did edit');
		expect(callsOf('edit')).toEqual([['plain', 'set', 'new', 'old']]);
	});

	test('of a collection is edited with a command in the palette', async () => {
		const {type} = start({inspect: () => details({type: 'hash', entry: undefined})});
		await type('2', 'plain');
		await type('je', ': edit plain hset');
	});

	test('and the lifetime of a key cannot be changed in a read-only session', async () => {
		const {type, callsOf} = start({}, {readOnly: true});
		await type('2', 'plain');
		await type('e', 'edit writes, and this session is read-only');
		await type('x', 'expire writes, and this session is read-only');
		expect(callsOf('inspect')).toEqual([]);
	});

	test('has its lifetime changed through the cache, or through Redis for other keys', async () => {
		const {type, app} = start();
		await type('2', 'plain');
		await type('x', ': expire user:1');
		app.type('\u001B');
		await until(() => app.controller.getState().dialog.kind === 'none', 'the palette is closed');
		await type('jx', ': lifetime plain');
	});
});

describe('a long value', () => {
	const lines = Array.from({length: 200}, (_, index) => `line ${index} of it`);
	const openLong = async () => {
		const opened = start({inspect: () => ({ok: true, lines})}, {size: {columns: 100, rows: 30}});
		await opened.type('2', 'plain');
		await opened.type('\r', 'line 0 of it');
		return opened;
	};
	const pageDown = '\u001B[6~';

	test('is scrolled by its own size when the list appears beside it on a wider terminal', async () => {
		const {app, type, sees} = await openLong();
		await type(pageDown, 'line 30 of it');
		app.resize({columns: 130, rows: 30});
		await sees('type');
		await type(pageDown, 'line 60 of it');
	});

	test('leaves the keys of a dialog above it to the dialog when the terminal grows', async () => {
		const {app, type, sees, losesSight} = await openLong();
		await type('?', 'Keys everywhere');
		app.resize({columns: 130, rows: 30});
		await sees(/Keys {2,}2 loaded|Keys ─/);
		app.type(pageDown);
		await losesSight('Keys everywhere');
		await type('\u001B', 'line 0 of it');
	});
});
