import {once} from 'node:events';
import {connect} from 'node:net';
import {afterAll, beforeAll, expect} from 'vitest';
import {reportNames} from '../../source/inspect/server/reports/read-report.js';
import type {ServerReport} from '../../source/inspect/server/reports/report.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {itReal, realRedisVersion} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let server: RedisProcess;
let application: Pool;
let engine: TestEngine;

const send = (...words: readonly string[]) => {
	const [command = '', ...args] = words;
	const [lane] = application.lanes;
	if (!lane) throw new Error('the pool has no lane');
	return lane.send(command, args);
};

async function report(name: string): Promise<ServerReport> {
	const reply = await engine.run(`show ${name}`);
	if (!reply.ok) throw new Error(reply.message);
	return reply.data as ServerReport;
}

/** The cells of the first row whose first cells begin like this. */
const rowOf = ({rows}: ServerReport, ...start: readonly string[]) =>
	rows.find(({cells}) => start.every((cell, index) => cells[index]?.startsWith(cell)));

beforeAll(async () => {
	if (realRedisVersion === undefined) return;
	server = await startRedisProcess({
		args: [
			'--maxmemory',
			'40mb',
			'--maxmemory-policy',
			'allkeys-lfu',
			'--slowlog-log-slower-than',
			'1000',
			'--requirepass',
			'',
		],
	});
	application = createPool({url: server.url, lanes: 3, deadlineMs: 5000, clientName: 'shop-api'});
	await application.ready(30_000);
	for (let index = 0; index < 20; index++) await send('SET', `key:${index}`, 'a secret value');
	for (let index = 0; index < 200; index++) await send('GET', 'key:7');
	await send('EVAL', 'local n = 0 for i = 1, 2000000 do n = n + i end return n', '0').catch(() => undefined);
	engine = await startTestEngine({url: server.url});
});

afterAll(async () => {
	await engine?.close();
	await application?.close();
	await server?.close();
});

itReal('every report has a cell for each column, and shows neither values nor this program', async () => {
	for (const name of reportNames) {
		const {columns, rows, notes} = await report(name);
		expect(notes.length, name).toBeGreaterThan(0);
		for (const {cells, level} of rows) expect(cells, name).toHaveLength(level === 'title' ? 1 : columns.length);
		const text = JSON.stringify(rows);
		expect(text, name).not.toMatch(/a secret value|redis-cache-tui-/);
	}
});

itReal('the slow log has duration, command and client', async () => {
	const found = rowOf(await report('slowlog'));
	expect(found?.cells[0]).toMatch(/^\d+ s$/);
	expect(found?.cells[2]).toMatch(/^[\d.]+ ms$/);
	expect(found?.cells.slice(3)).toEqual([
		'EVAL (1 more word)',
		'shop-api',
		expect.stringMatching(/^127\.0\.0\.1:\d+$/),
	]);
});

itReal('clients are grouped by name and host', async () => {
	const {rows, notes} = await report('clients');
	expect(rows).toHaveLength(1);
	expect(rows[0]?.cells.slice(0, 3)).toEqual(['shop-api', '127.0.0.1', '3']);
	expect(rows[0]?.kill).toBe('shop-api@127.0.0.1');
	expect(notes[0]).toMatch(/^3 connections/);
});

itReal('commands are told with calls and p99', async () => {
	const get = rowOf(await report('commands'), 'GET');
	// The cache of this program checks its rights when it connects.
	expect(get?.cells[2]).toMatch(/^20\d$/);
	expect(get?.cells[7]).toMatch(/µs|ms/);
	expect(get?.cells.at(-1)).toBe('reads');
});

itReal('hot keys are found by their LFU counters', async () => {
	const {rows, notes} = await report('hotkeys');
	expect(rows[0]?.cells[0]).toBe('key:7');
	expect(rows).toHaveLength(20);
	expect(notes[0]).toMatch(/^100 % of all keys sampled/);
	await send('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
	expect((await report('hotkeys')).notes[0]).toMatch(/its policy is allkeys-lru, not an LFU policy/);
});

itReal('without LFU counters, keys are counted by MONITOR, after the host was typed', async () => {
	const word = `127.0.0.1:${server.port}`;
	expect(await engine.refused('hotkeys')).toMatch(/^hotkeys slows down redis:.* confirm it with the word/);
	expect(await engine.refused('hotkeys 10s', word)).toMatch(/at most 2 s/);
	const names = Array.from({length: 60}, (_, index) => `key:${index % 3 === 0 ? index % 20 : 7}`);
	const script = "return redis.call('HSET', KEYS[1], 'field', 'a secret value')";
	let isOver = false;
	const counting = engine.ok('hotkeys 500ms', word).finally(() => {
		isOver = true;
	});
	expect(await engine.refused('hotkeys', word)).toMatch(/already/);
	// Until its end, however late it begins.
	while (!isOver)
		await Promise.all([...names.map((name) => send('GET', name)), send('EVAL', script, '1', 'from a script')]);
	expect((await counting)[0]).toMatch(/^[\d,]+ commands in \d+ (ms|s) at .*MONITOR/);
	await until(async () => !String(await send('CLIENT', 'LIST')).includes('cmd=monitor'), 'its connection is closed');
	const {rows} = await report('hotkeys');
	expect(rows[0]).toMatchObject({level: 'warn'});
	expect(rows[0]?.cells.slice(0, 2)).toEqual(['key:7', expect.stringMatching(/^6\d(\.\d)? %$/)]);
	expect(rowOf({rows, columns: [], notes: []}, 'from a script')).toBeDefined();
	expect(JSON.stringify(rows)).not.toContain('secret');
});

itReal('settings that hurt a cache come first', async () => {
	await send('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
	await send('CONFIG', 'SET', 'slowlog-log-slower-than', '-1');
	const {rows} = await report('config');
	const marked = rows.filter(({level}) => level === 'warn').map(({cells}) => cells[0]);
	expect(marked).toEqual(
		expect.arrayContaining(['maxmemory-policy', 'slowlog-log-slower-than', 'lazyfree-lazy-eviction']),
	);
	expect(rows.slice(0, marked.length).every(({level}) => level === 'warn')).toBe(true);
	expect(rowOf({rows, columns: [], notes: []}, 'maxmemory', '41943040')?.level).toBe('plain');
	await send('CONFIG', 'SET', 'requirepass', 's3cret');
	expect(JSON.stringify(await report('config'))).not.toContain('s3cret');
	await send('CONFIG', 'SET', 'requirepass', '');
});

itReal('the biggest keys are found by a scan that leaves the hit ratio alone', async () => {
	await send('SET', 'a big one', 'x'.repeat(100_000));
	expect((await report('memory')).rows.find(({level}) => level === 'title')?.cells[0]).toMatch(
		/^Biggest keys: b searches, at 20\.0k keys\/s/,
	);
	const lookups = async () => /keyspace_hits:\d+/.exec(String(await send('INFO', 'stats')))?.[0];
	const before = await lookups();
	await engine.ok('biggest');
	await until(
		async () => JSON.stringify(await report('memory')).includes('Biggest keys: of all 2'),
		'all keys were visited',
	);
	const {rows, columns} = await report('memory');
	const at = rows.findIndex(({cells}) => cells[0]?.startsWith('Biggest keys'));
	expect(rows[at + 1]?.cells).toEqual(['string', expect.stringMatching(/^9\d KiB$|^1\d\d KiB$/), 'a big one']);
	expect(rows[at + 1]?.cells).toHaveLength(columns.length);
	const hits = (text: string | undefined) => Number(text?.split(':')[1]);
	// The types of the biggest keys are lookups.
	expect(hits(await lookups()) - hits(before)).toBeLessThanOrEqual(20);
	await send('DEL', 'a big one');
});

itReal('memory and copies are told with what they mean', async () => {
	const memory = await report('memory');
	expect(rowOf(memory, 'limit')?.cells[1]).toBe('40 MiB');
	expect(rowOf(memory, 'doctor')?.cells[1]).not.toBe('');
	expect(rowOf(memory, 'fragmentation')?.cells[2]).toBe('no concern below 64 MiB');
	const copies = await report('replication');
	expect(rowOf(copies, 'role', 'master')).toBeDefined();
	expect(rowOf(copies, 'its result', 'ok')?.level).toBe('plain');
});

itReal('connections are closed by their name, after the host was typed, and never those of this program', async () => {
	const word = `127.0.0.1:${server.port}`;
	expect(await engine.refused('kill shop-api')).toMatch(/confirm it with the word/);
	expect(await engine.refused('kill redis-cache-tui-inspect', word)).toMatch(/no connection of an application/);
	const before = String(await send('CLIENT', 'ID'));
	const nameless = connect(server.port, '127.0.0.1').on('error', () => undefined);
	await once(nameless, 'connect');
	const {kill} = rowOf(await report('clients'), '(no name)') ?? {};
	expect(await engine.ok(`kill ${kill}`, word), 'the others of its host stay').toEqual(['closed 1 connection']);
	nameless.destroy();
	expect(await engine.ok('kill shop-api', word)).toEqual(['closed 3 connections']);
	await until(async () => String(await send('CLIENT', 'ID').catch(() => before)) !== before, 'a new connection');
	expect((await engine.ok('show clients')).length).toBeGreaterThan(0);
});

itReal('a report that does not exist is refused with those that do', async () => {
	expect(await engine.refused('show weather')).toMatch(
		/slowlog, clients, commands, memory, hotkeys, replication, config/,
	);
});
