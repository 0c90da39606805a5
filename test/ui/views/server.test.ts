import {expect, test} from 'vitest';
import type {ServerReport} from '../../../source/inspect/server/reports/report.js';
import {snapshotAt} from '../../support/fake-engine.js';
import {openApp} from '../../support/open-app.js';

test('the server view starts with the most important values, and marks what needs attention', async () => {
	const {engine, sees, type} = openApp();
	const snapshot = snapshotAt(31);
	const {server} = snapshot;
	if (!server) throw new Error('the story has no server');
	engine.push({...snapshot, server: {...server, maxMemory: 3_700_000, evictedKeys: 12}});
	await type('4', /memory +3.5 MiB of 3.5 MiB, 98 % !/);
	await sees(/evicted +12, expired 311 !/);
});

test('the server view of a cluster tells of all its masters, and that slots have no node', async () => {
	const {engine, sees, type} = openApp();
	const snapshot = snapshotAt(31);
	const {server} = snapshot;
	if (!server) throw new Error('the story has no server');
	const cluster = {cluster_state: 'fail', cluster_size: '3', cluster_known_nodes: '6'};
	engine.push({...snapshot, server: {...server, info: {...server.info, cluster}}});
	await type('4', /role +3 masters of 6 nodes !/);
	await sees('Counts are of all masters');
});

test('the server view uses both halves of a wide screen', async () => {
	const {sees, type} = openApp({size: {columns: 200, rows: 24}});
	await type(
		'4',
		/(redis_version|redis_mode|tcp_port|SERVER|CLIENTS|connected_clients).* (keyspace_hits|REPLICATION|role|connected_slaves|db0)/,
	);
	await sees('version of the server');
});

test('a filter leaves the fields that contain its words', async () => {
	const {type, app} = openApp();
	await type('4', 'redis_version');
	await type('/maxmem', 'maxmemory_policy');
	expect(app.screen()).not.toContain('redis_version');
});

/** A text as it stands on the screen, wherever a line is broken. */
const unbroken = (screen: string) => screen.replaceAll(/[│┃\s]/gu, '');

test.each([
	[60, 16],
	[80, 24],
	[120, 40],
] as const)('at %i×%i the whole URL of a private Redis is there to copy', async (columns, rows) => {
	const privateUrl = `redis://:${'k7'.repeat(16)}@127.0.0.1:41233`;
	const {engine, app, type} = openApp({size: {columns, rows}});
	engine.push({...snapshotAt(31), privateUrl});
	engine.answer = () => ({ok: true, lines: [privateUrl, `redis-cli -u ${privateUrl}`], data: privateUrl});
	await type('4', '/ filters INFO');
	expect(unbroken(app.screen())).toContain(privateUrl);
	expect(app.screen()).toMatch(/tcp_port|redis_version|SERVER/);
	await type(':url\r', 'redis-cli -u');
	expect(unbroken(app.screen()).split(privateUrl).length).toBeGreaterThan(2);
});

test('of a Redis that this program did not start, the server view shows the URL without its login', async () => {
	const {engine, type, app} = openApp({story: {target: 'external'}});
	const snapshot = snapshotAt(31, {target: 'external'});
	engine.push({...snapshot, target: {...snapshot.target, url: 'redis://***@cache.example:6379/0'}});
	await type('4', 'redis://***@cache.example:6379/0');
	expect(app.screen()).not.toContain('s3cret');
});

/** A slow log with the calls of some ids, newest first. */
const slowLog = (ids: readonly number[], everySeconds: number | undefined): ServerReport => ({
	columns: [
		{title: 'TOOK', width: 8, align: 'right', priority: 0},
		{title: 'COMMAND', width: 24, grows: true, priority: 0},
		{title: 'ADDRESS', width: 21, priority: 1},
	],
	rows: ids.map((id) => ({
		id: String(id),
		cells: [`${id} ms`, `GET key:${id}`, `10.0.0.${id}:53122`],
		level: 'plain',
	})),
	notes: ['newest first'],
	everySeconds,
});

test('a tab of the server is read again while it is open, and keeps its row and what it has shown', async () => {
	const {engine, app, type, sees} = openApp({story: {target: 'external'}});
	let ids = [3, 2, 1];
	engine.answer = () => ({ok: true, lines: [], data: slowLog(ids, 0)});
	await type('4\t', /3 rows, every 0 s/);
	await type('j', /▸ +2 ms +GET key:2/);
	ids = [5, 4, 3, 2, 1];
	app.controller.send({type: 'tick'});
	await sees(/5 rows/);
	expect(app.screen()).toMatch(/▸ +2 ms +GET key:2/);
	engine.answer = () => ({ok: false, code: 'ERR_DEADLINE', message: 'SLOWLOG was not answered'});
	app.controller.send({type: 'tick'});
	await sees('SLOWLOG was not answered');
	expect(app.screen()).toMatch(/5 rows, read 0 s ago/);
	expect(app.screen()).toMatch(/▸ +2 ms +GET key:2/);
	engine.answer = () => ({ok: true, lines: [], data: slowLog([6], 0)});
	app.controller.send({type: 'tick'});
	await sees(/1 rows?, every/);
});

test('after keys were counted, the tab shows them', async () => {
	const {engine, type} = openApp();
	let report = slowLog([], undefined);
	engine.answer = ({name}) => {
		if (name === 'hotkeys') report = slowLog([9], undefined);
		return {ok: true, lines: ['9 commands in 2 s'], data: report};
	};
	await type(`4${'\t'.repeat(5)}`, /0 rows, read/);
	await type('s', 'Type count');
	await type('count\r', /1 rows?, read[\s\S]*GET key:9/);
});

test('nothing is read again while the screen is paused, for a tab that costs something, or after a refusal', async () => {
	const {engine, app, type} = openApp({story: {target: 'external'}});
	const reads = () => engine.calls.filter(({name}) => name === 'show').length;
	engine.answer = () => ({ok: true, lines: [], data: slowLog([1], 0)});
	await type('4\t', /1 rows?/);
	await type('p', 'PAUSED');
	const before = reads();
	app.controller.send({type: 'tick'}, {type: 'tick'});
	expect(reads()).toBe(before);
	engine.answer = () => ({ok: true, lines: [], data: slowLog([1, 2], undefined)});
	await type('pr', /2 rows, read/);
	const asked = reads();
	app.controller.send({type: 'tick'});
	expect(reads()).toBe(asked);
	engine.answer = () => ({ok: false, code: 'ERR_SERVER_NOPERM', message: 'NOPERM: CLIENT'});
	await type('\t', 'NOPERM: CLIENT');
	const refused = reads();
	app.controller.send({type: 'tick'});
	expect(reads()).toBe(refused);
});

test('cells of the selected row that are cut or left out are below the table', async () => {
	const {engine, type, app} = openApp({size: {columns: 60, rows: 24}, story: {target: 'external'}});
	engine.answer = () => ({ok: true, lines: [], data: slowLog([1], 5)});
	await type('4\t', /address 10\.0\.0\.1:53122/);
	app.resize({columns: 120, rows: 24});
	await type('j', /GET key:1 .* 10\.0\.0\.1:53122/);
	expect(app.screen()).not.toContain('address 10.0.0.1');
});

test('after the engine has connected to another server, a tab shows the report of that one', async () => {
	const {engine, type, app} = openApp({story: {target: 'external'}});
	let report = slowLog([7], undefined);
	engine.answer = ({name}) =>
		name === 'connect'
			? {ok: true, lines: ['connected to redis://127.0.0.1:1'], data: {}}
			: {ok: true, lines: [], data: report};
	await type('4\t', 'GET key:7');
	report = slowLog([8], undefined);
	await type(':connect redis://127.0.0.1:1\r', 'GET key:8');
	expect(app.screen()).not.toContain('GET key:7');
});
