import {describe, expect, test} from 'vitest';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

describe('the outage menu', () => {
	test('starts a fault for the chosen time, and lifts it', async () => {
		const {engine, app, type} = openApp();
		await type('o', 'Simulate an outage');
		await type('jj', /▸ blackhole/);
		await type('ll', 'for 10 s');
		app.type('\r');
		await until(() => engine.calls.length > 0, 'the fault is started');
		expect(engine.calls).toEqual([{name: 'outage', args: ['blackhole', 'for', '10s']}]);
		engine.play(40, {outage: {from: 31}}, 31);
		await type('o', /▸ heal\s+lift blackhole/);
		app.type('\r');
		await until(() => engine.calls.length > 1, 'the fault is lifted');
		expect(engine.calls[1]).toEqual({name: 'heal', args: []});
	});

	test('starts faults with their default parameters, or opens them in the palette', async () => {
		const {engine, app, type} = openApp();
		await type('ojjjjj', /▸ latency 100ms/);
		await type('e', ': outage latency 100ms');
		app.type('jitter 20ms\r');
		await until(() => engine.calls.length > 0, 'the fault is started');
		expect(engine.calls).toEqual([{name: 'outage', args: ['latency', '100ms', 'jitter', '20ms']}]);
	});

	test('refuses faults that take a cluster where there is none', async () => {
		const {engine, app, type} = openApp();
		await type('o', 'Simulate');
		await type('G', 'only with --private cluster');
		app.type('\r');
		await type('\u001B?', 'Keys everywhere');
		expect(engine.calls).toEqual([]);
	});

	test('refuses faults of a server that this program did not start', async () => {
		const {engine, app, type} = openApp({story: {target: 'external'}});
		await type('o', 'Simulate');
		await type('G', 'only on a server that this program started');
		app.type('\r');
		// A key after it is handled after it.
		await type('\u001B?', 'Keys everywhere');
		expect(engine.calls).toEqual([]);
	});
});

test('the help finds keys and commands by words', async () => {
	const {type, app, losesSight} = openApp();
	await type('?', 'Keys everywhere');
	await type('memory tier', 'Empty the memory tier');
	expect(app.screen()).not.toContain('Keys everywhere');
	await type('\u0015zzz', 'no key or command contains these words');
	app.type('\u001B');
	await losesSight('no key or command contains these words');
});

test('the key that opens the help closes it while nothing is searched, and is a search word after that', async () => {
	const {type, app, losesSight} = openApp();
	await type('?', 'Keys everywhere');
	await type('a?', 'search a?');
	await type('\u007F\u007F', 'Keys everywhere');
	app.type('?');
	await losesSight('Keys everywhere');
});

describe('the footer', () => {
	test('shows the keys of the dialog that is open, and what Enter does to a large panel', async () => {
		const {type} = openApp();
		await type('\t\r', 'Esc shrink');
		await type(':', 'Tab complete');
		await type('\u001B', 'Esc shrink');
		await type('o', '←→ duration');
	});

	test('shows the keys of a filter while it is typed', async () => {
		const {type} = openApp();
		await type('6/', 'Enter apply');
	});
});
