import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {classifyCommand} from '../../source/inspect/command-flags.js';
import {keyPage} from '../../source/inspect/keys/key-page.js';
import {sampleTtl} from '../../source/inspect/keys/sample-ttl.js';
import {readServer} from '../../source/inspect/server/info/server-info.js';
import {inspectKey} from '../../source/inspect/values/inspect-key.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Lane, Pool} from '../../source/pool/types.js';
import {startFaultProxy} from '../../source/proxy/fault-proxy.js';
import {itReal} from '../support/real-redis.js';

let server: PrivateRedis;
let pool: Pool;
let lane: Lane;

beforeAll(async () => {
	server = await startPrivateRedis();
	pool = createPool({url: server.url, lanes: 1, capacity: 20_000, deadlineMs: 5000});
	await pool.ready(30_000);
	lane = pool.lanes[0] as Lane;
});

afterAll(async () => {
	await pool?.close();
	await server?.close();
});

beforeEach(async () => {
	await lane.send('FLUSHALL', []);
});

const send = (line: string) => {
	const [command = '', ...args] = line.split(' ');
	return lane.send(command, args);
};

describe('a page of keys', () => {
	it('has type, TTL and size of each key', async () => {
		await send('SET text hello PX 60000');
		await send('HSET hash field value');
		await send('RPUSH list a b c');
		const page = await keyPage(lane);
		expect(page.cursor).toBeUndefined();
		const rows = new Map(page.rows.map((row) => [row.key, row]));
		expect([...rows.keys()].sort()).toEqual(['hash', 'list', 'text']);
		expect(rows.get('text')).toMatchObject({type: 'string'});
		expect(rows.get('text')?.ttlMs).toBeGreaterThan(50_000);
		expect(rows.get('hash')).toMatchObject({type: 'hash', ttlMs: undefined});
		expect(rows.get('list')?.bytes).toBeGreaterThan(20);
	});

	it('continues page by page until every key was returned', async () => {
		await lane.send('EVAL', ["for i = 1, 3000 do redis.call('SET', 'key:' .. i, i) end", 0]);
		const seen = new Set<string>();
		let cursor: string | undefined = '0';
		let pages = 0;
		while (cursor !== undefined) {
			const page: Awaited<ReturnType<typeof keyPage>> = await keyPage(lane, {cursor, rows: 500, budgetMs: 60_000});
			expect(page.rows.length).toBeLessThanOrEqual(1000);
			for (const {key} of page.rows) seen.add(key);
			cursor = page.cursor;
			pages++;
		}
		expect(seen.size).toBe(3000);
		expect(pages).toBeGreaterThan(3);
	});

	it('still takes few commands after an outage in which the server refused them', async () => {
		const proxy = await startFaultProxy({target: {host: server.host, port: server.port}});
		const through = createPool({
			url: server.url.replace(`:${server.port}`, `:${proxy.port}`),
			lanes: 1,
			deadlineMs: 5000,
		});
		await through.ready(30_000);
		const [viewer] = through.lanes;
		if (!viewer) throw new Error('a pool has at least one lane');
		await lane.send('EVAL', ["for i = 1, 50 do redis.call('SET', 'key:' .. i, i) end", 0]);
		proxy.add({kind: 'error', error: 'LOADING'});
		await expect(keyPage(viewer)).rejects.toThrow('LOADING');
		proxy.heal();
		await send('CONFIG RESETSTAT');
		expect((await keyPage(viewer)).rows).toHaveLength(50);
		expect(String(await send('INFO commandstats'))).toMatch(/cmdstat_eval_ro:calls=1,/);
		await through.close();
		await proxy.close();
	});

	it('filters by pattern and by type', async () => {
		await send('MSET user:1 a user:2 b order:1 c');
		await send('SADD user:set a');
		const byPattern = await keyPage(lane, {pattern: 'user:*'});
		expect(byPattern.rows.map(({key}) => key).sort()).toEqual(['user:1', 'user:2', 'user:set']);
		const byType = await keyPage(lane, {pattern: 'user:*', type: 'set'});
		expect(byType.rows.map(({key}) => key)).toEqual(['user:set']);
	});

	it('ends after its time budget when a rare pattern finds nothing, with a cursor to continue', async () => {
		await lane.send('EVAL', ["for i = 1, 5000 do redis.call('SET', 'key:' .. i, i) end", 0]);
		const page = await keyPage(lane, {pattern: 'no such*', budgetMs: 0});
		expect(page.rows).toEqual([]);
		expect(page.cursor).toBeDefined();
	});

	it('stops when its signal is aborted', async () => {
		await expect(keyPage(lane, {signal: AbortSignal.abort(new Error('gone'))})).rejects.toThrow('gone');
	});

	it('prints binary and hostile key names safely, and parses them back', async () => {
		const key = Buffer.from([0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xff]);
		await lane.send('SET', [key, 'value']);
		const [row] = (await keyPage(lane)).rows;
		expect(row?.key).toBe('"\\x1b[31m\\xff"');
		expect((await inspectKey(lane, row?.key ?? ''))?.preview.lines).toEqual(['value']);
	});
});

describe('a preview of a value', () => {
	it('indents JSON', async () => {
		await lane.send('SET', ['json', '{"name":"Ada","langs":["en"]}']);
		const details = await inspectKey(lane, 'json');
		expect(details?.preview.lines).toEqual(['{', '  "name": "Ada",', '  "langs": [', '    "en"', '  ]', '}']);
		expect(details).toMatchObject({type: 'string', preview: {unit: 'bytes', truncated: false}});
	});

	it('uses the given decoder, but only for whole values', async () => {
		await lane.send('SET', ['ours', 'encoded']);
		await lane.send('SET', ['large', 'x'.repeat(300_000)]);
		const decode = () => ({formats: [], syntax: 'text', lines: ['decoded']}) as const;
		expect((await inspectKey(lane, 'ours', decode))?.preview.lines).toEqual(['decoded']);
		const large = (await inspectKey(lane, 'large', decode))?.preview;
		expect(large).toMatchObject({truncated: true, length: 300_000});
		expect(large?.lines[0]?.length).toBe(2000);
	});

	it('shows every type', async () => {
		await send('HSET hash a 1 b 2');
		await send('RPUSH list x y');
		await send('SADD set m');
		await send('ZADD zset 1.5 low 2 high');
		const lines = async (key: string) => (await inspectKey(lane, key))?.preview.lines;
		expect(await lines('hash')).toEqual(['a = 1', 'b = 2']);
		expect(await lines('list')).toEqual(['x', 'y']);
		expect(await lines('set')).toEqual(['m']);
		expect(await lines('zset')).toEqual(['1.5  low', '2  high']);
	});

	itReal('shows a stream', async () => {
		await send('XADD stream 1-1 f v');
		expect((await inspectKey(lane, 'stream'))?.preview.lines).toEqual(['1-1  f = v']);
	});

	it('is bounded for a huge collection', async () => {
		await lane.send('EVAL', ["for i = 1, 20000 do redis.call('RPUSH', 'list', 'element ' .. i) end", 0]);
		const preview = (await inspectKey(lane, 'list'))?.preview;
		expect(preview).toMatchObject({length: 20_000, truncated: true});
		expect(preview?.lines.length).toBeLessThanOrEqual(100);
	});

	it('reads no element of a collection whose elements are huge', async () => {
		await lane.send('RPUSH', ['list', 'x'.repeat(3_000_000)]);
		const preview = (await inspectKey(lane, 'list'))?.preview;
		expect(preview?.lines).toEqual(['the elements are too large for a preview']);
	});

	it('is undefined for a key that does not exist', async () => {
		expect(await inspectKey(lane, 'nobody')).toBeUndefined();
	});
});

describe('a sample of TTLs', () => {
	it('is exact for a small keyspace', async () => {
		await send('SET soon a PX 900');
		await send('SET later b PX 50000');
		await send('SET never c');
		const {ttls, total, cursor} = await sampleTtl(lane);
		expect({total, cursor, never: ttls.filter((ttl) => ttl === Number.POSITIVE_INFINITY).length}).toEqual({
			total: 3,
			cursor: '0',
			never: 1,
		});
		expect(ttls.filter((ttl) => ttl <= 900)).toHaveLength(1);
		expect(ttls.filter((ttl) => ttl > 40_000 && ttl <= 50_000)).toHaveLength(1);
	});

	it('is bounded for a large keyspace, and continues where it ended', async () => {
		await lane.send('EVAL', ["for i = 1, 20000 do redis.call('SET', 'key:' .. i, i, 'PX', 30000) end", 0]);
		const first = await sampleTtl(lane, {keys: 1000, budgetMs: 10_000});
		expect(first.total).toBe(20_000);
		expect(first.ttls.length).toBeGreaterThanOrEqual(1000);
		expect(first.ttls.length).toBeLessThan(3000);
		const second = await sampleTtl(lane, {keys: 1000, budgetMs: 10_000, cursor: first.cursor});
		expect(second.cursor).not.toBe(first.cursor);
	});
});

describe('the server', () => {
	it('is described by its INFO', async () => {
		await send('SET key value');
		const snapshot = await readServer(lane);
		expect(snapshot).toMatchObject({role: 'master', keys: 1});
		expect(snapshot.usedMemory).toBeGreaterThan(100_000);
		expect(snapshot.info.server?.redis_version).toMatch(/^\d+\./);
	});

	it.each([
		['GET key', 'reads'],
		['get key', 'reads'],
		['SET key value', 'writes'],
		['FLUSHALL', 'writes'],
		['CONFIG GET maxmemory', 'reads'],
		['CONFIG SET maxmemory 1', 'writes'],
		['SHUTDOWN', 'writes'],
		['INFO', 'reads'],
		['PING', 'reads'],
		['CLIENT LIST', 'reads'],
		['CLIENT KILL ID 1', 'writes'],
		['EVAL return 0', 'unknown'],
		['PUBLISH channel message', 'unknown'],
		['NOSUCHCOMMAND', 'unknown'],
		['MULTI', 'stateful'],
		['SUBSCRIBE channel', 'stateful'],
		['BLPOP list 0', 'stateful'],
		['SELECT 1', 'stateful'],
	])('classifies %s as "%s"', async (line, verdict) => {
		expect(await classifyCommand(lane, line.split(' '))).toMatchObject({kind: verdict});
	});

	itReal.each([
		['XREAD COUNT 1 STREAMS stream 0', 'reads'],
		['XREAD BLOCK 0 STREAMS stream 0', 'stateful'],
	])('classifies %s as "%s"', async (line, verdict) => {
		expect(await classifyCommand(lane, line.split(' '))).toMatchObject({kind: verdict});
	});
});
