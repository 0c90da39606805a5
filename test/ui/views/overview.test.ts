import {describe, expect, test} from 'vitest';
import {widthOf} from '../../../source/text/cells.js';
import {panels} from '../../../source/ui/panels/index.js';
import {type PanelId, panelsAt} from '../../../source/ui/state/views/plans/overview-plan.js';
import {themeNames} from '../../../source/ui/theme.js';
import {FakeEngine, type Story, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';
import {until} from '../../support/until.js';

const panelIds = Object.keys(panels) as readonly PanelId[];

const smallest = {columns: 60, rows: 16};

const sizes = [
	smallest,
	{columns: 80, rows: 24},
	{columns: 100, rows: 30},
	{columns: 120, rows: 40},
	{columns: 200, rows: 60},
];

/** One object for all tests: its snapshots are made once. */
const troubled: Story = {outage: {from: 20}, wrongReads: 2, readOnly: true};

const designed = sizes.filter(({columns}) => columns !== 100);

/** The codes of the colors and attributes in a text. */
const codesOf = (text: string) =>
	text
		.split('\u001B[')
		.slice(1)
		.map((part) => part.slice(0, part.indexOf('m')));

describe('the overview', () => {
	const looks = themeNames.flatMap((theme) => (['unicode', 'ascii'] as const).map((glyphs) => ({theme, glyphs})));

	test.each(looks)('fills a terminal of each size exactly, in the theme $theme with $glyphs glyphs', async (look) => {
		const {app, sees} = openApp({...look, size: smallest, story: troubled});
		await sees('fallback');
		for (const size of sizes) {
			app.resize(size);
			await until(() => app.screen().split('\n').length === size.rows, `a screen of ${size.rows} lines`);
			const lines = app.screen().split('\n');
			// Ink leaves out blanks at the end of a line.
			for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(size.columns);
			if (size.columns >= 110) expect(widthOf(lines[2] ?? '')).toBe(size.columns);
			if (look.glyphs === 'ascii') expect(app.screen()).toMatch(/^[ -~\n]*$/);
		}
	});

	test('has a header with the names of all views where there is room for them', async () => {
		for (const columns of [80, 96, 100, 108, 120, 200]) {
			const {app, sees} = openApp({size: {columns, rows: 30}});
			await sees('connected');
			const line = app.screen().split('\n')[1] ?? '';
			expect(line).toMatch(/1 Overview +2 Keys +3 Pool +4 Server +5 Faults +6 Log +7 Findings/);
			expect(widthOf(line)).toBeLessThanOrEqual(columns);
		}
	});

	test.each([
		['server', {target: 'external', workload: false, server: {trouble: 20}}],
		['application', {target: 'external', workload: false, application: {}}],
	] as const)('has the hit ratio of its header in its panels: %s', async (_, story) => {
		const {app, sees} = openApp({story, size: smallest});
		const agree = / hit +([\d.]+ %)[\s\S]* hit ratio +\1/;
		await sees(agree);
		app.resize({columns: 120, rows: 40});
		await sees(/commands\/s/);
		await sees(agree);
	});

	test('names the newest figures of a server on the smallest terminal', async () => {
		const {sees} = openApp({size: {columns: 80, rows: 24}, story: {server: {}}});
		await sees(/Latency .*p50 .*p99 /);
		await sees(/Commands .*all .*read /);
	});

	test('shows the mode as a glyph and a word, the outage with its seconds, and the number of wrong reads', async () => {
		const {sees} = openApp({story: {outage: {from: 20}}});
		await sees('▲ fallback');
		await sees('SIMULATED OUTAGE blackhole 10 s');
		await sees('5 deadlines missed in a row');
		await sees('wrong reads   0');
		await sees('0/4 ready');
	});

	test('shows no data instead of zeros', async () => {
		const {engine, sees} = openApp({seconds: 0});
		await sees(/hit\s+no data/);
		engine.push({...snapshotAt(0), server: undefined});
		await sees('no data');
	});

	test('shows why there is no data, without cutting the reason off', async () => {
		const snapshot = snapshotAt(0, {workload: false});
		const {engine, sees} = openApp({seconds: 'none'});
		engine.push({...snapshot, workload: {...snapshot.workload, calls: 0}});
		await sees(/no data: the workload is *│/);
		await sees('off (:workload on)');
		await sees(/memory +- ━ Redis +- ╌ miss +-/);
	});

	test('says beside the mode that Redis refuses writes, and why', async () => {
		const {engine, app, sees} = openApp();
		const snapshot = snapshotAt(31);
		const restrictions = [{what: 'writes', at: snapshot.at - 5000, reason: 'OOM command not allowed'}] as const;
		engine.push({...snapshot, cache: {...snapshot.cache, restrictions}});
		await sees(/^ ● connected {2}writes refused /);
		await sees(/Mode and outages ─.* ● connected writes refused \d+ s {2}OOM command not allowed/);
		app.resize({columns: 80, rows: 24});
		await sees(/Mode and outages ─.* ● connected writes refused \d+ s/);
	});

	test('has no colors with NO_COLOR, and those of the terminal without', async () => {
		const isColor = (code = '') => /^(3|4|9|10)[0-7]$|^38|^48/.test(code);
		const plain = openApp({noColor: true, story: {outage: {from: 20}}});
		await plain.sees('fallback');
		expect(codesOf(plain.app.ansi()).filter(isColor)).toEqual([]);
		const colored = openApp({story: {outage: {from: 20}}});
		await colored.sees('fallback');
		expect(codesOf(colored.app.ansi()).filter(isColor).length).toBeGreaterThan(10);
		expect(codesOf(colored.app.ansi()).some((code = '') => /^(38|48)/.test(code))).toBe(false);
	});

	test('moves the focus with Tab, enlarges with Enter, explains with i and goes back with Esc', async () => {
		const {app, type, losesSight} = openApp();
		await type('\t', '▸ Hit ratio');
		await type('\t', '▸ Latency');
		await type('\r', /┏━ ▸ Latency ━{60,}/);
		expect(app.screen()).not.toContain('Time to live');
		await type('i', 'Where the data comes from');
		app.type('\u001B');
		await losesSight('Where the data comes from');
		await type('\u001B', 'Time to live');
	});

	test('changes the window of the charts with w', async () => {
		const {type} = openApp();
		await type('w', /-15 min.*now/);
		await type('w', /-2 h.*now/);
		await type('w', /-60 s.*now/);
	});

	test('adapts to a resized terminal, and names the size it needs in one that is too small', async () => {
		const {app, sees} = openApp();
		await sees('Time to live');
		app.resize({columns: 59, rows: 15});
		await sees('needs 60x16, has 59x15');
		app.resize({columns: 60, rows: 16});
		await sees(/hit ratio\s+\d/);
		app.resize({columns: 200, rows: 60});
		await sees('Server');
		expect(app.screen().split('\n')).toHaveLength(60);
	});

	test('hears q alone where the terminal is too small', async () => {
		const {app, engine, sees} = openApp({size: {columns: 59, rows: 15}});
		await sees('needs 60x16');
		app.type('2o:\u001B');
		app.type('q');
		await app.instance.waitUntilExit();
		expect(engine.calls).toEqual([]);
	});

	test.each(designed)('summarizes an outage from its start to its end at $columns×$rows', async (size) => {
		const {engine, sees} = openApp({size});
		await sees('none yet: press o to simulate one');
		engine.play(40, {outage: {from: 31}}, 31);
		await sees(/blackhole for 9 s, (fell back|fallback) at once/);
		engine.play(70, {outage: {from: 31, to: 45}}, 41);
		// The smallest one has wrong reads in a line of their own.
		await sees(
			size.columns < 80
				? /blackhole 14 s, fallback at once, recovery 1\.00 s/
				: /blackhole 14 s, .*recovered in 1\.00 s, 0 wrong reads/,
		);
	});

	test('shows that no data has arrived for some seconds', {timeout: 10_000}, async () => {
		const {sees} = openApp();
		await sees('connected');
		await sees(/NO UPDATE for [3-9] s/);
	});

	test('draws nothing while paused, though the engine goes on', async () => {
		const {engine, app, type, losesSight} = openApp();
		await type('p', 'PAUSED');
		const frames = app.frames();
		engine.play(60, {}, 31);
		// Everything that a frame is drawn for has happened when the event loop is through with it.
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(app.frames()).toBe(frames);
		app.type('p');
		await losesSight('PAUSED');
	});

	test('ignores keys before the first snapshot, or handles them', async () => {
		const {app, sees} = openApp({seconds: 'none'});
		for (const key of '123456jd+\r \u001B1\ti\u001Bo\u001B') app.type(key);
		await sees('starting');
	});

	test.each(['server', 'application', 'process'] as const)(
		'before the first snapshot, is about the %s',
		async (source) => {
			const engine = Object.assign(new FakeEngine(), {firstSource: source});
			const size = {columns: 120, rows: 40};
			const {sees} = openApp({engine, seconds: 'none', size});
			for (const id of panelsAt(source, size)) await sees(panels[id].title);
		},
	);
});

describe('every panel', () => {
	test.each(panelIds)('%s explains what it shows, where the data comes from and what is normal', (id) => {
		for (const [part, words] of Object.entries(panels[id].explain)) expect(words.length, part).toBeGreaterThan(25);
	});

	test('is on the largest screen', () => {
		const size = {columns: 200, rows: 60};
		const sources = ['cache', 'server', 'application', 'process'] as const;
		expect(new Set(sources.flatMap((source) => panelsAt(source, size)))).toEqual(new Set(panelIds));
	});

	const sources = [
		{source: 'cache', story: {outage: {from: 20, to: 30}}},
		{source: 'server', story: {target: 'external', workload: false, server: {trouble: 20}}},
		{
			source: 'application',
			story: {target: 'external', workload: false, outage: {from: 20, to: 30}, application: {isUnhealthy: true}},
		},
		{source: 'process', story: {target: 'external', workload: false, process: {isSlow: true}}},
	] as const;
	const cases = sources.flatMap((source) => designed.map((size) => ({...source, size})));

	test.each(cases)('of a $source can be focused, enlarged and explained at $size.columns×$size.rows', async (each) => {
		const {source, size, story} = each;
		const {app, sees} = openApp({size, seconds: 40, story});
		const order = panelsAt(source, size);
		// The largest has all panels. The smallest has to scroll what it explains: where that is whole, it is elsewhere.
		const smallestHas = new Set(panelsAt(source, smallest));
		const isExplained = (id: PanelId) => size === smallest || (size === sizes.at(-1) && !smallestHas.has(id));
		const state = () => app.controller.getState();
		expect(order.length).toBeGreaterThanOrEqual(6);
		for (const id of order) {
			app.type('\t');
			await until(() => state().focus === id, `${id} has the focus`);
			await sees('▸');
			app.type('\r');
			await sees(`━ ▸ ${panels[id].title} ━`);
			if (isExplained(id)) {
				app.type('i');
				await sees('What it shows');
				// A long text on a small screen is scrolled.
				app.type('\u001B[F');
				await sees('What is normal');
				app.type('\u001B');
				await until(() => state().dialog.kind === 'none', 'the explanation is closed');
			}
			app.type('\r');
			await until(() => state().enlarged === undefined, 'the panel is small again');
		}
	});
});

test('every other view has an explanation behind i', async () => {
	const {type, app, losesSight} = openApp({size: {columns: 80, rows: 24}});
	for (const view of '234567') {
		await type(`${view}i`, 'What is normal');
		app.type('\u001B');
		await losesSight('What is normal');
	}
});
