import {afterAll, beforeAll, expect} from 'vitest';
import {reportNames} from '../../source/inspect/server/reports/read-report.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {itReal, realRedisVersion} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

let server: RedisProcess;
let application: Pool;
let engine: TestEngine;
/** The connection of another dashboard. */
let onlooker: Pool;

const send = (line: string) => {
	const [command = '', ...args] = line.split(' ');
	const [lane] = application.lanes;
	if (!lane) throw new Error('the pool has no lane');
	return lane.send(command, args);
};

const seesEvent = (text: RegExp) =>
	until(() => engine.events().some((event) => text.test(event.text)), `an event like ${text}`);

beforeAll(async () => {
	if (realRedisVersion === undefined) return;
	server = await startRedisProcess({
		args: ['--enable-debug-command', 'local', '--maxmemory', '4mb', '--maxmemory-policy', 'allkeys-lru'],
	});
	application = createPool({url: server.url, lanes: 1, deadlineMs: 5000, capacity: 5000, clientName: 'shop-api'});
	await application.ready(30_000);
	onlooker = createPool({url: server.url, lanes: 1, clientName: 'redis-cache-tui-inspect-elsewhere'});
	await onlooker.ready(30_000);
	engine = await startTestEngine({url: server.url});
	await engine.until(({activity}) => activity.latest !== undefined, 'two answers of the server');
});

afterAll(async () => {
	await engine?.close();
	await application?.close();
	await onlooker?.close();
	await server?.close();
});

itReal('a server that this program did not start is shown as such, and idle it is not asked for keys', async () => {
	const {source, cache} = engine.latest();
	expect(source).toBe('server');
	expect(cache.mode.mode).toBe('connected');
	// The cache of this program has checked its rights and scripts before anything was counted.
	const {recent} = engine.latest().activity;
	expect(recent).toMatchObject({commands: 0, hits: 0, misses: 0});
	expect(recent?.errors).toEqual({});
	await engine.until(({activity: {latest}}) => latest?.clients === 1, 'one client: the application');
	expect(engine.latest().activity.verdict).toMatchObject({level: 'fine', problems: []});
});

itReal('another dashboard is told, and its connections are no clients', async () => {
	await engine.until(({activity}) => activity.dashboards.length > 0, 'the other dashboard is seen');
	const {dashboards, latest} = engine.latest().activity;
	expect(dashboards).toEqual([{id: 'elsewhere', address: expect.stringMatching(/^127\.0\.0\.1:\d+$/), connections: 1}]);
	expect(latest?.clients).toBe(1);
	expect(await engine.ok('show clients')).toContainEqual(
		expect.stringMatching(/Also left out: 1 other dashboard \(127/),
	);
});

itReal('the Keys view and the tabs of the server leave no lookup in the figures of applications', async () => {
	await Promise.all(Array.from({length: 50}, (_, index) => send(`SET first:${index} value`)));
	const before = Number(/keyspace_hits:(\d+)/.exec(String(await send('INFO stats')))?.[1]);
	for (const name of reportNames) await engine.ok(`show ${name}`);
	const after = Number(/keyspace_hits:(\d+)/.exec(String(await send('INFO stats')))?.[1]);
	// Nor do the tabs leave one in the statistics of the server itself.
	expect(after - before).toBe(0);
	for (const line of ['keys first:*', 'tree first: 0 : sizes', 'top size', 'inspect first:1']) await engine.ok(line);
	const readAt = Date.now();
	// The cache of this program has looked up some keys that do not exist when it checked its rights.
	const {misses = 0, families: {reads = 0, scripts = 0} = {}} = engine.latest().activity.recent ?? {};
	await engine.until(
		({activity: {latest}}) => (latest?.at ?? 0) > readAt + 500,
		'figures of a time after the keys were read',
	);
	const {recent} = engine.latest().activity;
	expect(recent?.hits).toBe(0);
	expect(recent?.misses).toBeLessThanOrEqual(misses);
	expect(recent?.families.reads).toBeLessThanOrEqual(reads);
	expect(recent?.families.scripts).toBeLessThanOrEqual(scripts);
	await send('FLUSHALL');
});

itReal('evictions, OOM and slow commands are told with their client, in the sentence and in the log', async () => {
	const value = 'x'.repeat(5000);
	await Promise.all(Array.from({length: 1500}, (_, index) => send(`SET key:${index} ${value} EX 100`)));
	await engine.until(({activity}) => activity.verdict.problems.some(({id}) => id === 'evicting'), 'it evicts');
	await send('CONFIG SET maxmemory-policy noeviction');
	await Promise.all(
		Array.from({length: 200}, (_, index) => send(`SET other:${index} ${value}`).catch(() => undefined)),
	);
	await send('DEBUG SLEEP 0.1');
	await engine.until(
		({activity}) => activity.verdict.problems.some(({id}) => id === 'out-of-memory'),
		'writes are refused',
	);
	const {verdict, recent} = engine.latest().activity;
	expect(verdict.level).toBe('bad');
	expect(verdict.problems[0]?.text).toMatch(/^out of memory: \d+ writes\/s refused with OOM$/);
	expect(recent?.errors.OOM).toBeGreaterThan(0);
	expect(recent?.families.writes).toBeGreaterThan(0);
	await seesEvent(/^evicting \d+\/s, memory \d+ % of 4 MiB/);
	await seesEvent(/^out of memory/);
	await seesEvent(/^slowest: DEBUG by shop-api, \d+(\.\d+)? ms$/);
	await seesEvent(/^maxmemory-policy changed: allkeys-lru → noeviction$/);
	expect(engine.latest().ttl).toMatchObject({source: 'redis'});
});

itReal('FLUSHALL, reset statistics and a restart are changes, and no figure becomes negative', async () => {
	await send('FLUSHALL');
	await seesEvent(/^emptied by FLUSHALL or FLUSHDB: [\d,]+ keys before$/);
	await send('CONFIG RESETSTAT');
	await seesEvent(/^its statistics were reset$/);
	await until(
		() => (engine.latest().activity.latest?.at ?? 0) > Date.now() - 2000,
		'figures again after the statistics were reset',
	);
	await server.kill();
	await server.start();
	await seesEvent(/^restarted, with 0 keys$/);
	const {latest, changes} = engine.latest().activity;
	expect(changes.map(({kind}) => kind)).toEqual(expect.arrayContaining(['config', 'flush', 'reset', 'restart']));
	for (const value of [latest?.hits, latest?.commands, latest?.evicted]) expect(value).toBeGreaterThanOrEqual(0);
});

itReal('while traffic of this program runs, its cache is shown', async () => {
	await engine.ok('workload on', `127.0.0.1:${server.port}`);
	await engine.until(({source}) => source === 'cache', 'the overview is about the cache');
	await engine.ok('workload off');
	await engine.until(({source}) => source === 'server', 'the overview is about the server again');
});
