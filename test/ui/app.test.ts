import {afterEach, describe, expect, test} from 'vitest';
import type {CommandCall} from '../../source/engine/protocol.js';
import {widthOf} from '../../source/ui/text/row.js';
import {themeNames} from '../../source/ui/theme.js';
import {FakeEngine, type Story, snapshotAt} from '../support/fake-engine.js';
import {type RenderedApp, type RenderOptions, renderApp} from '../support/render-app.js';
import {see} from '../support/see.js';
import {until} from '../support/until.js';

const open: RenderedApp[] = [];
afterEach(() => {
	for (const app of open.splice(0)) app.close();
});

function start(
	options: RenderOptions & {readonly story?: Story; readonly seconds?: number; readonly engine?: FakeEngine} = {},
) {
	const engine = options.engine ?? new FakeEngine();
	const app = renderApp(engine, options);
	open.push(app);
	engine.play(options.seconds ?? 30, options.story ?? {});
	const {sees, type} = see(app);
	return {engine, app, sees, type};
}

const sizes = [
	{columns: 60, rows: 16},
	{columns: 80, rows: 24},
	{columns: 100, rows: 30},
	{columns: 120, rows: 40},
	{columns: 200, rows: 60},
];

describe('the overview', () => {
	for (const size of sizes)
		test(`fills exactly ${size.columns}x${size.rows}, in every theme and in ASCII`, async () => {
			for (const theme of themeNames)
				for (const glyphs of ['unicode', 'ascii'] as const) {
					const {app, sees} = start({size, theme, glyphs, story: {outage: {from: 20}, wrongReads: 2, readOnly: true}});
					await sees('fallback');
					const lines = app.screen().split('\n');
					expect(lines).toHaveLength(size.rows);
					// Ink leaves out blanks at the end of a line.
					for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(size.columns);
					if (size.columns >= 110) expect(widthOf(lines[2] ?? '')).toBe(size.columns);
					if (glyphs === 'ascii') expect(app.screen()).toMatch(/^[ -~\n]*$/);
				}
		});

	test('names all views wherever there is room for the names', async () => {
		for (const columns of [80, 96, 100, 108, 120, 200]) {
			const {app, sees} = start({size: {columns, rows: 30}});
			await sees('connected');
			const line = app.screen().split('\n')[1] ?? '';
			expect(line).toMatch(/1 Overview +2 Keys +3 Pool +4 Server +5 Faults +6 Log/);
			expect(widthOf(line)).toBeLessThanOrEqual(columns);
		}
	});

	test('shows the mode as a glyph and a word, the outage with its seconds, and that nothing was read wrong', async () => {
		const {sees} = start({story: {outage: {from: 20}}});
		await sees('▲ fallback');
		await sees('SIMULATED OUTAGE blackhole 10 s');
		await sees('5 deadlines missed in a row');
		await sees('wrong reads   0');
		await sees('0/4 ready');
	});

	test('says that there is no data instead of showing zeros', async () => {
		const {engine, sees} = start({seconds: 0});
		await sees(/hit\s+no data/);
		engine.push({...snapshotAt(0), server: undefined});
		await sees('no data');
	});

	test('uses no colours with NO_COLOR, and the 16 of the terminal without', async () => {
		const colours = (text: string) =>
			text
				.split('\u001B[')
				.slice(1)
				.map((part) => part.slice(0, part.indexOf('m')));
		const isColour = (code = '') => /^(3|4|9|10)[0-7]$|^38|^48/.test(code);
		const plain = start({noColor: true, story: {outage: {from: 20}}});
		await plain.sees('fallback');
		expect(colours(plain.app.ansi()).filter(isColour)).toEqual([]);
		const coloured = start({story: {outage: {from: 20}}});
		await coloured.sees('fallback');
		expect(colours(coloured.app.ansi()).filter(isColour).length).toBeGreaterThan(10);
		expect(colours(coloured.app.ansi()).some((code = '') => /^(38|48)/.test(code))).toBe(false);
	});

	test('moves the focus with Tab, enlarges with Enter, explains with i and goes back with Esc', async () => {
		const {app, type} = start();
		await type('\t', '▸ Hit ratio');
		await type('\t', '▸ Latency');
		await type('\r', /┏━ ▸ Latency ━{60,}/);
		expect(app.screen()).not.toContain('Time to live');
		await type('i', 'Where it comes from');
		app.type('\u001B');
		await until(() => !app.screen().includes('Where it comes from'), 'the explanation to go');
		await type('\u001B', 'Time to live');
	});

	test('changes the window of the charts with w', async () => {
		const {type} = start();
		await type('w', /-15 min.*now/);
		await type('w', /-2 h.*now/);
		await type('w', /-60 s.*now/);
	});

	test('adapts when the terminal is resized, down to the words that it is too small, and back', async () => {
		const {app, sees} = start();
		await sees('Time to live');
		app.resize({columns: 59, rows: 15});
		await sees('needs 60x16, has 59x15');
		app.resize({columns: 60, rows: 16});
		await sees(/hit ratio\s+\d/);
		app.resize({columns: 200, rows: 60});
		await sees('Server');
		expect(app.screen().split('\n')).toHaveLength(60);
	});
});

describe('pausing', () => {
	test('draws nothing while it lasts, though the engine goes on', async () => {
		const {engine, app, type} = start();
		await type('p', 'PAUSED');
		const frames = app.frames();
		engine.play(60, {}, 31);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(app.frames()).toBe(frames);
		app.type('p');
		await until(() => !app.screen().includes('PAUSED'), 'what the keys should have done');
	});
});

describe('the outage menu', () => {
	test('starts a fault for as long as chosen, and heals from the same place', async () => {
		const {engine, app, type} = start();
		await type('o', 'Simulate an outage');
		await type('jj', /▸ blackhole/);
		await type('ll', 'for 10 s');
		app.type('\r');
		await until(() => engine.calls.length > 0, 'what the keys should have done');
		expect(engine.calls).toEqual([{name: 'outage', args: ['blackhole', 'for', '10s']}]);
		engine.play(40, {outage: {from: 31}}, 31);
		await type('o', /▸ heal\s+lift blackhole/);
		app.type('\r');
		await until(() => engine.calls.length > 1, 'what the keys should have done');
		expect(engine.calls[1]).toEqual({name: 'heal', args: []});
	});

	test('gives faults with parameters their usual values, or opens them for editing', async () => {
		const {engine, app, type} = start();
		await type('ojjjjj', /▸ latency 100ms/);
		await type('e', ': outage latency 100ms');
		app.type('jitter 20ms\r');
		await until(() => engine.calls.length > 0, 'what the keys should have done');
		expect(engine.calls).toEqual([{name: 'outage', args: ['latency', '100ms', 'jitter', '20ms']}]);
	});

	test('refuses faults of the server on a server that is not ours', async () => {
		const {engine, app, type} = start({story: {target: 'external'}});
		await type('o', 'Simulate');
		await type('G', 'only on a server that this program started');
		app.type('\r');
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(engine.calls).toEqual([]);
	});
});

describe('the palette', () => {
	test('runs what was typed at once, even if it arrived in one piece', async () => {
		const {engine, sees, app} = start();
		engine.answer = () => ({ok: true, lines: ['"Ada"']});
		app.type(':get user:1\r');
		await sees('✓ "Ada"');
		expect(engine.calls).toEqual([{name: 'get', args: ['user:1']}]);
	});

	test('completes commands, arguments and live key names', async () => {
		const {engine, type, app} = start();
		const asked: unknown[] = [];
		engine.completions = (...question) => {
			asked.push(question);
			return ['user:1', 'user:2'];
		};
		await type(':ou', 'Break the connection to Redis');
		await type('\t', /: outage /);
		await type('bl', 'a firewall drops packets silently');
		app.type('\u0015');
		await type('get us', 'user:2');
		expect(asked.at(-1)).toEqual(['get', 0, 'us']);
		await type('\u001B[B\u001B[B', /▸ user:2/);
		app.type('\r');
		await until(() => engine.calls.length > 0, 'what the keys should have done');
		expect(engine.calls).toEqual([{name: 'get', args: ['user:2']}]);
	});

	test('says in place what is wrong with a line, and keeps it', async () => {
		const {engine, type, sees} = start();
		await type(':gte a\r', /no command gte; did you mean get/);
		await type('\u0015set a\r', 'set needs a value; write: set <key> <value>');
		await type('\u0015set a "b\r', 'is not closed');
		expect(engine.calls).toEqual([]);
		engine.answer = () => ({ok: false, code: 'ERR_X', message: 'the engine says no'});
		await type('\u0015get a\r', '✗ the engine says no');
		await sees(': get a');
	});

	test('tells a long error in full', async () => {
		const {engine, type, sees} = start({size: {columns: 60, rows: 16}});
		engine.answer = () => ({ok: false, code: 'ERR_X', message: `${'word '.repeat(20)}and the advice at its end`});
		await type(':get a\r', /at its end/);
		await sees(': get a');
	});

	test('refuses commands that write when the session is read-only', async () => {
		const {engine, type} = start({story: {readOnly: true}});
		await type(':set', 'writes: refused, this session is read-only');
		await type(' a b\r', 'set writes, and this session is read-only');
		expect(engine.calls).toEqual([]);
	});

	test('walks its history, and comes back to what was being typed', async () => {
		const {type, app, sees} = start();
		app.type(':get a\r');
		await sees('did get');
		app.type(':get b\r');
		await sees('did get');
		await type(':dra', /: dra/);
		await type('\u0010', /: get b/);
		await type('\u0010', /: get a/);
		await type('\u000E\u000E', /: dra/);
	});

	test('takes pasted text as text, not as keys', async () => {
		const {engine, app, type, sees} = start();
		app.type('\u001B[200~q\r:quit\r\u001B[201~');
		await type(':', 'Command');
		app.type('\u001B[200~set a "x\ny"\u001B[201~');
		await sees(': set a "x y"');
		expect(engine.calls).toEqual([]);
	});

	test('asks for a word before a command that destroys', async () => {
		const {engine, app, type} = start();
		await type(':clear\r', 'Type clear and Enter');
		app.type('\r');
		await type('clea', 'Type clear and Enter: clea');
		app.type('\r');
		expect(engine.calls).toEqual([]);
		app.type('r\r');
		await until(() => engine.calls.length > 0, 'what the keys should have done');
		expect(engine.calls).toEqual([{name: 'clear', args: []}]);
	});

	test('carries out what concerns the screen by itself', async () => {
		const {engine, type, app} = start();
		app.type(':glyphs ascii\r');
		await until(() => /^[ -~\n]*$/.test(app.screen()), 'a screen in ASCII');
		await type(':glyphs unicode\r', '╭');
		await type(':view log\r', 'following');
		app.type(':window 2h\r');
		await type(':view pool\r', 'charts show 2 h');
		await type(':view nowhere\r', 'there is no view nowhere');
		expect(engine.calls).toEqual([]);
	});

	test('shows an answer of several lines as a text that can be scrolled', async () => {
		const {engine, type} = start();
		engine.answer = () => ({ok: true, lines: Array.from({length: 100}, (_, index) => `line ${index}`)});
		await type(':info\r', 'line 0');
		await type('G', 'line 99');
	});
});

describe('the help', () => {
	test('finds keys and commands by words', async () => {
		const {type, app} = start();
		await type('?', 'Keys everywhere');
		await type('memory tier', "Empty this program's memory tier");
		expect(app.screen()).not.toContain('Keys everywhere');
		await type('\u0015zzz', 'nothing has these words');
		app.type('\u001B');
		await until(() => !app.screen().includes('nothing has these words'), 'what the keys should have done');
	});
});

describe('the keys view', () => {
	const keys = Array.from({length: 30}, (_, index) => ({
		key: `rct:default:user:${index}`,
		type: 'string',
		ttlMs: 60_000,
		bytes: 100 + index,
	}));
	function engineWithKeys(): FakeEngine {
		const engine = new FakeEngine();
		engine.answer = (call: CommandCall) => {
			if (call.name === 'keys')
				return {
					ok: true,
					lines: [],
					data: {rows: [...keys, {key: 'plain', type: 'hash', ttlMs: undefined, bytes: 7}], cursor: undefined},
				};
			if (call.name === 'inspect') return {ok: true, lines: ['string, 12 bytes', `value of ${call.args[0]}`]};
			return {ok: true, lines: [`did ${call.name}`]};
		};
		return engine;
	}

	test('lists keys, opens one, and asks Redis for those that match a filter', async () => {
		const engine = engineWithKeys();
		const {type, app} = start({engine});
		await type('2', 'rct:default:user:7');
		await type('j\r', 'value of rct:default:user:1');
		await type('j', 'value of rct:default:user:2');
		app.type('\u001B');
		await until(() => !app.screen().includes('value of'), 'the value to go');
		await type('/user:1\r', 'pattern *user:1*');
		expect(engine.calls.filter(({name}) => name === 'keys').at(-1)).toEqual({name: 'keys', args: ['*user:1*']});
	});

	test('deletes only after the word was typed, all that is marked in one command', async () => {
		const engine = engineWithKeys();
		const {type} = start({engine});
		await type('2', 'plain');
		await type(' G ', '2 marked');
		await type('d', 'These 2 keys will be deleted');
		expect(engine.calls.some(({name}) => name === 'remove')).toBe(false);
		await type('delete\r', 'did remove');
		expect(engine.calls.filter(({name}) => name === 'remove')).toEqual([
			{name: 'remove', args: ['rct:default:user:0', 'plain']},
		]);
	});

	test('deletes nothing when the session is read-only', async () => {
		const engine = engineWithKeys();
		const {type} = start({engine, story: {readOnly: true}});
		await type('2', 'plain');
		await type('d', 'this session is read-only');
		expect(engine.calls.some(({name}) => name === 'remove')).toBe(false);
	});
});

test('the pool view resizes the pool', async () => {
	const {engine, type} = start();
	await type('3', 'Pool: 4 lanes');
	await type('+', 'did pool');
	await type('-', 'did pool');
	expect(engine.calls).toEqual([
		{name: 'pool', args: ['resize', '5']},
		{name: 'pool', args: ['resize', '3']},
	]);
});

test('the server view filters fields by words', async () => {
	const {type, app} = start();
	await type('4', 'redis_version');
	await type('/maxmem', 'maxmemory_policy');
	expect(app.screen()).not.toContain('redis_version');
});

test('the log filters by words and level, and follows until an event is selected', async () => {
	const {type, app, sees} = start({story: {outage: {from: 10, to: 20}}});
	await type('6', 'following');
	await type('/fallback\r', '1 of 9');
	app.type('\u001B');
	await sees('9 of 9');
	await type('v', '3 of 9  from warn');
	await type('k', 'held, f follows');
	await type('f', 'following');
});

test('the faults view runs drills and shows how they go', async () => {
	const engine = new FakeEngine();
	engine.answer = (call) =>
		call.name === 'drills'
			? {ok: true, lines: [], data: [{name: 'black-hole', summary: 'a firewall drops packets'}]}
			: {ok: true, lines: [`did ${call.name} ${call.args.join(' ')}`]};
	const {type, sees, app} = start({engine});
	await type('5', 'black-hole');
	await type('\t\r', 'did drill black-hole');
	const drill = {
		name: 'black-hole',
		summary: '',
		state: 'running' as const,
		elapsedMs: 4000,
		totalMs: 10_000,
		steps: [{atMs: 3000, forMs: 3000, label: 'blackhole', kind: 'fault' as const, state: 'active' as const}],
		expectations: [
			{name: 'wrongReads == 0', state: 'open' as const, actual: undefined},
			{name: 'hungCalls == 0', state: 'passed' as const, actual: 0},
			{name: 'recoveryMs <= 1000', state: 'failed' as const, actual: 1240},
		],
		report: undefined,
	};
	engine.push(snapshotAt(31, {drill}));
	await sees('○ wrongReads == 0');
	await sees('✓ hungCalls == 0');
	await sees(/✗ recoveryMs <= 1000 +is 1240/);
	expect(app.screen()).toContain('running  4 s of 10 s');
});

test('a key that arrives before the first snapshot breaks nothing', async () => {
	const engine = new FakeEngine();
	const app = renderApp(engine, {});
	open.push(app);
	for (const key of [
		'1',
		'2',
		'3',
		'4',
		'5',
		'6',
		'j',
		'd',
		'+',
		'\r',
		' ',
		'\u001B',
		'1',
		'\t',
		'i',
		'\u001B',
		'o',
		'\u001B',
	])
		app.type(key);
	await until(() => app.screen().includes('starting'), 'what the keys should have done');
});

test('says so when the engine has gone silent', async () => {
	const {sees} = start();
	await sees('connected');
	await sees(/NO FIGURES for [3-9] s/);
}, 10_000);
