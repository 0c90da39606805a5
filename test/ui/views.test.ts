import {afterEach, describe, expect, test} from 'vitest';
import {FakeEngine, snapshotAt} from '../support/fake-engine.js';
import {type RenderedApp, renderApp} from '../support/render-app.js';
import {see} from '../support/see.js';

const open: RenderedApp[] = [];
afterEach(() => {
	for (const app of open.splice(0)) app.close();
});

function start(size = {columns: 120, rows: 40}) {
	const engine = new FakeEngine();
	const app = renderApp(engine, {size});
	open.push(app);
	engine.play(30, {outage: {from: 10, to: 20}});
	const {sees, type} = see(app);
	return {engine, app, sees, type};
}

describe('the overview', () => {
	test('says that there is no data, and why, without cutting it off', async () => {
		const engine = new FakeEngine();
		const app = renderApp(engine);
		open.push(app);
		const {sees} = see(app);
		const snapshot = snapshotAt(0, {workload: false});
		engine.push({...snapshot, workload: {...snapshot.workload, calls: 0}});
		await sees(/no data: the workload is *│/);
		await sees('off (:workload on)');
		await sees(/memory +- ━ Redis +- ╌ miss +-/);
	});
});

describe('the pool view', () => {
	test('shows each lane and checkout, and who waits for one and for how long', async () => {
		const {engine, sees, type} = start();
		const snapshot = snapshotAt(31);
		const {pool} = snapshot.cache;
		const waiting = [
			{purpose: 'transaction', since: snapshot.at - 12_000},
			{purpose: 'scan', since: snapshot.at - 3000},
		];
		engine.push({
			...snapshot,
			cache: {...snapshot.cache, pool: {...pool, checkouts: {...pool.checkouts, acquireTimeouts: 4, waiting}}},
		});
		await type('3', /4 of 4 ready +[\d,.k]+\/s +read .* +written/);
		await sees(/0 +● ready +\d+\/1,024 .* MiB/);
		await sees(/2 +● busy .* transaction/);
		await sees('4 waited too long');
		await sees(/1 +▲ waiting +12 s +transaction/);
		await sees(/2 +▲ waiting +3 s +scan/);
	});

	test('cuts no word of its headings on a small screen', async () => {
		const {app, type} = start({columns: 60, rows: 16});
		await type('3', 'Checkouts');
		for (const line of app.screen().split('\n').slice(3, 14)) expect(line).toMatch(/( │|──╮|──╯)$/);
	});
});

describe('the server view', () => {
	test('says first what matters, and marks what is not as it should be', async () => {
		const {engine, sees, type} = start();
		const snapshot = snapshotAt(31);
		const {server} = snapshot;
		if (!server) throw new Error('the story has no server');
		engine.push({...snapshot, server: {...server, maxMemory: 3_700_000, evictedKeys: 12}});
		await type('4', /memory +3.5 MiB of 3.5 MiB, 98 % !/);
		await sees(/evicted +12, expired 311 !/);
	});

	test('uses both halves of a wide screen', async () => {
		const {sees, type} = start({columns: 200, rows: 24});
		await type(
			'4',
			/(redis_version|redis_mode|tcp_port|SERVER).* (keyspace_hits|REPLICATION|role|connected_slaves|db0)/,
		);
		await sees('version of the server');
	});
});

describe('the log view', () => {
	test('shows the selected event in full', async () => {
		const {engine, type, sees} = start({columns: 80, rows: 24});
		const at = snapshotAt(31).at;
		const text = `a long story ${'that goes on '.repeat(20)}to its end`;
		engine.push({
			...snapshotAt(31),
			events: [{id: 99, at, level: 'warn', topic: 'pool', text, count: 3, lastAt: at + 4000}],
		});
		await type('6', 'a long story');
		await type('\r', 'to its end');
		await sees(/3 times in 4 s/);
	});
});

describe('the footer', () => {
	test('tells the keys of what lies over the view, and what Enter does to a large panel', async () => {
		const {type} = start();
		await type('\t\r', 'Esc shrink');
		await type(':', 'Tab complete');
		await type('\u001B', 'Esc shrink');
		await type('o', '←→ how long');
	});

	test('tells the keys of a filter while it is typed', async () => {
		const {type} = start();
		await type('6/', 'Enter keep');
	});
});
