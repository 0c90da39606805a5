import {expect, test} from 'vitest';
import {type Story, snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

test('the pool view shows each lane and checkout, and who waits for one and for how long', async () => {
	const {engine, sees, type} = openApp({story: {outage: {from: 10, to: 20}}});
	const snapshot = snapshotAt(31);
	const {pool} = snapshot.cache;
	const waiting = [
		{purpose: 'transaction', since: snapshot.at - 12_000},
		{purpose: 'scan', since: snapshot.at - 3000},
	];
	const checkouts = {...pool.checkouts, acquireTimeouts: 4, waiting};
	engine.push({...snapshot, cache: {...snapshot.cache, pool: {...pool, checkouts}}});
	await type('3', /4 of 4 ready +[\d,.k]+\/s +read .* +written/);
	await sees(/0 +● ready +\d+\/1,024 .* MiB/);
	await sees(/2 +● busy .* transaction/);
	await sees('4 timed out waiting');
	await sees(/1 +▲ waiting +12 s +transaction/);
	await sees(/2 +▲ waiting +3 s +scan/);
});

test('the pool view cuts no word of its headings on the smallest screen', async () => {
	const {app, type} = openApp({size: {columns: 60, rows: 16}});
	await type('3', 'Checkouts');
	for (const line of app.screen().split('\n').slice(3, 14)) expect(line).toMatch(/( │|──╮|──╯)$/);
});

test('plus and minus change the number of lanes by one', async () => {
	const {engine, type} = openApp();
	await type('3', /4 of 4 ready/);
	await type('+', 'did pool');
	await type('-', 'did pool');
	expect(engine.calls).toEqual([
		{name: 'pool', args: ['resize', '5']},
		{name: 'pool', args: ['resize', '3']},
	]);
});

test('the pool view says how many lanes are ready, however narrow it is', async () => {
	const {type, sees} = openApp({size: {columns: 60, rows: 16}, story: {outage: {from: 10, to: 20}}});
	await type('3', /Lanes {2}4 of 4 ready/);
	await sees(/0 +● ready/);
});

test('the connections of an application keep the figures of an outage whole, however many commands wait', async () => {
	const story: Story = {target: 'external', workload: false, application: {}, outage: {from: 20}};
	const {engine, sees, type} = openApp({story, size: {columns: 80, rows: 24}});
	const snapshot = snapshotAt(31, story);
	if (!snapshot.application) throw new Error('there is no application');
	const {live} = snapshot.application;
	const connections = live.connections.map((connection) => ({...connection, waiting: 98_120, deepest: 98_120}));
	engine.push({...snapshot, application: {...snapshot.application, live: {...live, connections}}});
	await type('3', /shop-api .* 98\.1k {2}GET/);
	await sees(/commands {3}wait {2}waits now/);
});
