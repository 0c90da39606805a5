import {expect, test} from 'vitest';
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
