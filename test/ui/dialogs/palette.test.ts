import {describe, expect, test} from 'vitest';
import {snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

describe('the palette', () => {
	test('runs a line that arrived in one piece', async () => {
		const {engine, sees, app} = openApp();
		engine.answer = () => ({ok: true, lines: ['"Ada"']});
		app.type(':get user:1\r');
		await sees('✓ "Ada"');
		expect(engine.calls).toEqual([{name: 'get', args: ['user:1']}]);
	});

	test('completes commands, arguments and the names of keys in Redis', async () => {
		const {engine, type, app} = openApp();
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
		await until(() => engine.calls.length > 0, 'the line is run');
		expect(engine.calls).toEqual([{name: 'get', args: ['user:2']}]);
	});

	test('completes the node of a fault where there are several', async () => {
		const {engine, type} = openApp();
		const {target, ...rest} = snapshotAt(31);
		const nodes = [
			{number: 1, address: '10.0.0.7:7000', role: 'master', master: undefined, slots: 16_384, lagBytes: undefined},
			{number: 2, address: '10.0.0.8:7000', role: 'replica', master: '10.0.0.7:7000', slots: undefined, lagBytes: 0},
		] as const;
		await type(':outage node', /^(?!.*a fault of one node only)/s);
		engine.push({...rest, target: {...target, topology: 'cluster', nodes}});
		await type('\u0015outage node', 'a fault of one node only');
		await type(' ', '10.0.0.8:7000, replica');
		await type('2 bla', 'a firewall drops packets silently');
		await type('ckhole ', 'lift it after this time');
		await type('for 1s\r', /✗|✓/);
		expect(engine.calls).toEqual([{name: 'outage', args: ['node', '2', 'blackhole', 'for', '1s']}]);
	});

	test('offers the commands of the engine before those of the screen where both match equally well', async () => {
		const {type} = openApp();
		await type(':\t', /: get /);
		await type('\u0015e\t', /: edit /);
	});

	test('shows in place what is wrong with a line, and keeps the line', async () => {
		const {engine, type, sees} = openApp();
		await type(':gte a\r', /there is no command gte; did you mean get/);
		await type('\u0015set a\r', 'set needs a value; write: set <key> <value>');
		await type('\u0015set a "b\r', 'is not closed');
		expect(engine.calls).toEqual([]);
		engine.answer = () => ({ok: false, code: 'ERR_X', message: 'the engine says no'});
		await type('\u0015get a\r', '✗ the engine says no');
		await sees(': get a');
	});

	test('shows a long error in full', async () => {
		const {engine, type, sees} = openApp({size: {columns: 60, rows: 16}});
		engine.answer = () => ({ok: false, code: 'ERR_X', message: `${'word '.repeat(20)}and the advice at its end`});
		await type(':get a\r', /at its end/);
		await sees(': get a');
	});

	test('refuses commands that write in a read-only session', async () => {
		const {engine, type} = openApp({story: {readOnly: true}});
		await type(':set', 'refused: this session is read-only');
		await type(' a b\r', 'set writes, and this session is read-only');
		expect(engine.calls).toEqual([]);
	});

	test('says of a drill beside an application what it would do', async () => {
		const {type} = openApp({story: {readOnly: true, workload: false, application: {}}});
		await type(':drill default\r', 'drill breaks the connections of the application, and this session is read-only');
	});

	test('recalls earlier lines, and returns to the one that was being typed', async () => {
		const {type, app, sees} = openApp();
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
		const {engine, app, type, sees} = openApp();
		app.type('\u001B[200~q\r:quit\r\u001B[201~');
		await type(':', 'Command');
		app.type('\u001B[200~set a "x\ny"\u001B[201~');
		await sees(': set a "x y"');
		expect(engine.calls).toEqual([]);
	});

	test('wants a word typed before a command that destroys', async () => {
		const {engine, app, type} = openApp();
		await type(':clear\r', 'Type clear and Enter');
		app.type('\r');
		await type('clea', 'Type clear and Enter: clea');
		app.type('\r');
		expect(engine.calls).toEqual([]);
		app.type('r\r');
		await until(() => engine.calls.length > 0, 'the command is run');
		expect(engine.calls).toEqual([{name: 'clear', args: []}]);
	});

	test('runs the commands of the screen without the engine', async () => {
		const {engine, type, app} = openApp();
		app.type(':glyphs ascii\r');
		await until(() => /^[ -~\n]*$/.test(app.screen()), 'a screen in ASCII');
		await type(':glyphs unicode\r', '╭');
		await type(':view log\r', 'following');
		app.type(':window 2h\r');
		await type(':view pool\r', 'chart window 2 h');
		await type(':view nowhere\r', 'there is no view nowhere');
		expect(engine.calls).toEqual([]);
	});

	test('shows a reply of several lines as a text that can be scrolled', async () => {
		const {engine, type} = openApp();
		engine.answer = () => ({ok: true, lines: Array.from({length: 100}, (_, index) => `line ${index}`)});
		await type(':info\r', 'line 0');
		await type('G', 'line 99');
	});
});
