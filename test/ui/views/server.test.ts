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
	await type('4', /(redis_version|redis_mode|tcp_port|SERVER).* (keyspace_hits|REPLICATION|role|connected_slaves|db0)/);
	await sees('version of the server');
});

test('a filter leaves the fields that contain its words', async () => {
	const {type, app} = openApp();
	await type('4', 'redis_version');
	await type('/maxmem', 'maxmemory_policy');
	expect(app.screen()).not.toContain('redis_version');
});
