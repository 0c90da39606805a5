import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import type {CommandReply} from '../../source/engine/specs/command-calls.js';
import {createPool} from '../../source/pool/create-pool.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {until} from '../support/until.js';

let engine: TestEngine;

beforeAll(async () => {
	engine = await startTestEngine();
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'the cache is connected');
});

afterAll(() => engine?.close());

describe('commands on values', () => {
	it('write, read and delete through the cache', async () => {
		expect(await engine.ok('set user:1 {"name":"Ada"} 5m people')).toEqual(['set in Redis']);
		const lines = await engine.ok('get user:1');
		expect(lines.slice(0, 3)).toEqual(['{', '  "name": "Ada"', '}']);
		expect(lines.at(-1)).toMatch(/^from (memory|redis), .* old, fresh for \d/);
		expect(await engine.ok('del user:1')).toEqual(['deleted 1 key in Redis']);
		expect(await engine.ok('get user:1')).toEqual(['(miss)']);
	});

	it('tell and change the time to live', async () => {
		await engine.ok('set short x 10m');
		// With a jitter of a tenth.
		expect((await engine.ok('ttl short'))[0]).toMatch(/^([89]|10|11)(\.\d+)? min left$/);
		expect(await engine.ok('expire short 1m')).toEqual(['changed in Redis']);
		expect((await engine.ok('ttl short'))[0]).toMatch(/^[3-6]\d(\.\d+)? s left$/);
		expect(await engine.ok('touch short')).toEqual(['touched in Redis']);
		expect(await engine.ok('expire nobody 1m')).toEqual(['(no such entry)']);
		expect(await engine.ok('ttl nobody')).toEqual(['(no such entry)']);
	});

	it('read several at once, tell what is there', async () => {
		await engine.ok('set a 1');
		expect(await engine.ok('mget a b')).toEqual(['a = 1', 'b = (miss)']);
		expect([await engine.ok('has a'), await engine.ok('has b')]).toEqual([['yes'], ['no']]);
	});

	it('invalidate by tag, and all of a namespace', async () => {
		await engine.ok('set tagged 1 1m red blue');
		await engine.ok('set other 1 1m green');
		expect(await engine.ok('tag blue')).toEqual(['invalidated 1 tag in Redis']);
		expect([await engine.ok('has tagged'), await engine.ok('has other')]).toEqual([['no'], ['yes']]);
		expect(await engine.ok('clear')).toEqual(['cleared namespace test in Redis']);
		expect(await engine.ok('has other')).toEqual(['no']);
	});

	it('make values stale instead with the word soft at the end', async () => {
		for (const key of ['a', 'b', 'soft']) await engine.ok(`set soften:${key} 1 1m people`);
		expect(await engine.ok('delete soften:a soften:b soft')).toEqual(['made 2 keys stale in Redis']);
		expect([await engine.ok('has soften:a'), await engine.ok('has soften:soft')]).toEqual([['no'], ['yes']]);
		// Redis keeps them, to be served within their grace.
		const exists = (key: string) => engine.ok(`redis EXISTS rct:test:soften:${key}`);
		expect([await exists('a'), await exists('b')]).toEqual([['(integer) 1'], ['(integer) 1']]);
		expect(await engine.ok('delete soften:a')).toEqual(['deleted 1 key in Redis']);
		expect(await exists('a')).toEqual(['(integer) 0']);
		expect(await engine.ok('invalidate-tags people soft')).toEqual(['made the entries of 1 tag stale in Redis']);
		expect(await engine.ok('has soften:soft')).toEqual(['no']);
		await engine.ok('set soften:again 1 1m');
		expect(await engine.ok('clear soft')).toEqual(['made every entry of namespace test stale in Redis']);
		expect(await engine.ok('has soften:again')).toEqual(['no']);
		expect(await engine.run('clear hard')).toMatchObject({ok: false, message: 'clear takes only the word soft'});
		// A name alone is that of a key.
		await engine.ok('set soft 1');
		expect(await engine.ok('delete soft')).toEqual(['deleted 1 key in Redis']);
	});

	it('empty the memory tier, and nothing else', async () => {
		await engine.ok('set kept 1');
		await engine.ok('flush memory');
		await engine.until(({cache}) => cache.memory.entries === 0, 'the memory tier is empty');
		expect((await engine.ok('get kept')).at(-1)).toMatch(/^from redis/);
	});
});

describe('commands on Redis', () => {
	it('list keys in pages, with what a view needs', async () => {
		for (let index = 0; index < 5; index++) await engine.ok(`set listed:${index} ${index}`);
		const reply = await engine.run('keys *listed:*');
		expect(reply).toMatchObject({ok: true, data: {cursor: undefined}});
		const rows = (reply as CommandReply<'keys'> & {ok: true}).data.rows.map(({key}) => key).sort();
		expect(rows).toEqual([0, 1, 2, 3, 4].map((index) => `rct:test:listed:${index}`));
	});

	it('show a key of the cache decoded', async () => {
		await engine.ok('set seen {"deep":[1]} 1m red');
		const lines = await engine.ok('inspect rct:test:seen');
		expect(lines[0]).toMatch(/^string, \w+, \d+ bytes, \d+ B of memory, expires in /);
		expect(lines[1]).toMatch(/^cache entry, version \d+, TTL .* tags red/);
		expect(lines.slice(2).join('')).toBe('{  "deep": [    1  ]}');
		expect(await engine.ok('inspect nobody')).toEqual(['(no such key)']);
	});

	it('show a section of INFO', async () => {
		expect((await engine.ok('info server'))[1]).toMatch(/^redis_version: /);
		expect(await engine.refused('info nonsense')).toMatch(/^INFO has no section "nonsense"; its sections are server, /);
	});

	it('send a raw command and print the reply as redis-cli does', async () => {
		await engine.ok('redis RPUSH raw a b');
		expect(await engine.ok('redis LRANGE raw 0 -1')).toEqual(['1) "a"', '2) "b"']);
		expect(await engine.ok('redis GET nobody')).toEqual(['(nil)']);
		expect(await engine.refused('redis GET raw')).toMatch(/WRONGTYPE/);
		expect(await engine.refused('redis BLPOP empty 0')).toMatch(/use redis-cli/);
	});

	it('show a URL that another program can use, and keep its password out of files', async () => {
		const [url = '', line] = await engine.ok('url');
		expect(line).toBe(`redis-cli -u ${url}`);
		const pool = createPool({url, lanes: 1});
		onTestFinished(() => pool.close());
		await pool.ready(30_000);
		expect(String(await pool.lanes[0]?.send('PING', []))).toBe('PONG');
		expect(engine.latest().privateUrl).toBe(url);
		const directory = await mkdtemp(join(tmpdir(), 'rct-test-'));
		onTestFinished(() => rm(directory, {recursive: true}));
		await engine.ok(`export ${join(directory, 'state.json')}`);
		expect(JSON.parse(await readFile(join(directory, 'state.json'), 'utf8'))).not.toHaveProperty('privateUrl');
	});
});

describe('commands on the connection', () => {
	it('make an outage, show it, and heal it', async () => {
		await engine.ok('set item 1');
		expect(await engine.ok('outage blackhole')).toEqual(['blackhole, until healed']);
		expect((await engine.ok('get item')).at(-1)).toMatch(/^from memory/);
		await engine.ok('workload on');
		await engine.until(({cache, faults}) => cache.mode.mode === 'fallback' && faults.length === 1, 'fallback');
		expect(await engine.ok('set item 2')).toEqual(['set in memory; the journal has it for Redis']);
		expect(await engine.ok('heal')).toEqual(['lifted blackhole']);
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected again');
		await engine.ok('workload off');
		// The value of before the outage would be wrong; to have lost the new one is a miss.
		expect((await engine.ok('get item'))[0]).toMatch(/^(2|\(miss\))$/);
		await engine.until(({workload}) => !workload.running, 'the workload has stopped');
		expect(engine.latest().workload).toMatchObject({wrongReads: 0, hungCalls: 0});
	});

	it('lift a fault by its number, or by its time', async () => {
		const reply = await engine.run('outage latency 20ms');
		const {id} = (reply as CommandReply<'outage'> & {ok: true}).data;
		expect(await engine.refused('heal 999')).toBe(`"999" is not active; active: latency 20 ms (number ${id})`);
		expect(await engine.ok(`heal ${id}`)).toEqual(['lifted latency 20 ms']);
		await engine.ok('outage black-hole');
		expect(await engine.ok('heal BLACK_HOLE')).toEqual(['lifted blackhole']);
		expect(await engine.ok('outage latency 20ms for 50ms')).toEqual(['latency 20 ms, for 50 ms']);
		await engine.until(({faults}) => faults.length === 0, 'the fault has lifted');
		const past = engine.latest().pastFaults.at(-1);
		expect(past?.label).toBe('latency 20 ms');
		expect((past?.liftedAt ?? 0) - (past?.since ?? 0)).toBeGreaterThanOrEqual(49);
		expect(await engine.ok('heal')).toEqual(['no fault is active']);
	});

	it('close the line of an outage in the log, also when its Redis is left', async () => {
		await engine.ok('outage latency 1ms');
		await engine.ok('connect private');
		const directory = await mkdtemp(join(tmpdir(), 'redis-cache-tui-test-'));
		const path = join(directory, 'log.json');
		await engine.ok(`export ${path}`);
		const {events} = JSON.parse(await readFile(path, 'utf8')) as {events: {text: string}[]};
		expect(events.filter(({text}) => /^outage: latency 1 ms$/.test(text))).toEqual([]);
		await rm(directory, {recursive: true});
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected again');
	});

	it('lift those of one kind, and leave the others active', async () => {
		await engine.ok('outage latency 1ms');
		await engine.ok('outage slice 100');
		await engine.ok('outage latency 2ms');
		expect(await engine.engine.complete('heal', 0, 'l')).toEqual(['latency']);
		expect(await engine.refused('heal stall')).toMatch(
			/^"stall" is not active; active: latency 1 ms \(number \d+\), slice 100 bytes \(number \d+\), latency 2 ms/,
		);
		expect(await engine.ok('heal latency')).toEqual(['lifted 2 faults']);
		await engine.until(({faults}) => faults.map(({fault}) => fault.kind).join() === 'slice', 'one is left');
		expect(await engine.ok('heal SLICE')).toEqual(['lifted slice 100 bytes']);
		expect(await engine.ok('heal slice')).toEqual(['no fault is active']);
	});

	it('restart the private server, empty, and go on', async () => {
		await engine.ok('redis SET survivor 1');
		await engine.ok('outage restart');
		await until(async () => {
			const reply = await engine.run('redis GET survivor');
			return reply.ok && reply.lines[0] === '(nil)';
		}, 'the server answers and is empty');
		await engine.until(({cache, faults}) => cache.mode.mode === 'connected' && faults.length === 0, 'connected again');
	});

	it('change the pool', async () => {
		expect(await engine.ok('pool resize 3')).toEqual(['the pool has 3 lanes']);
		await engine.until(({cache}) => cache.pool.lanes.length === 3, 'three lanes');
		await engine.ok('pool resize 4');
		await engine.until(({cache}) => cache.pool.lanes.filter(({state}) => state === 'ready').length === 4, 'four lanes');
	});

	it('borrow connections so that others wait', async () => {
		await engine.ok('checkout hold 10 for 700ms');
		await engine.until(({cache}) => cache.pool.checkouts.waiting.length >= 2, 'two wait');
		// Where opening a connection takes long, a wait can time out.
		await engine.until(({cache}) => {
			const {acquired, acquireTimeouts, busy} = cache.pool.checkouts;
			return acquired >= 8 && acquired + acquireTimeouts === 10 && busy === 0;
		}, 'all were lent and given back');
	});
});

describe('the workload', () => {
	it('is changed while it runs', async () => {
		await engine.ok('workload rate 300');
		await engine.ok('workload keys 50');
		await engine.ok('workload mix 9:1:0');
		await engine.ok('workload on');
		await engine.until(({workload}) => workload.callsPerSecond > 200 && workload.running, '200 calls a second');
		expect(engine.latest().workload).toMatchObject({rate: 300, keys: 50, mix: {read: 9, write: 1, delete: 0}});
		await engine.ok('workload off');
		await engine.until(({workload}) => !workload.running && workload.pending === 0, 'nothing is pending');
	});

	it.each(['workload rate 0', 'workload rate many', 'workload mix 1:2', 'workload mix 0:0:0', 'workload sideways'])(
		'refuses %s in one line',
		async (line) => {
			expect(await engine.refused(line)).toMatch(/^[^\n]+$/);
		},
	);
});

describe('every command', () => {
	it.each([
		['nosuch:thing', /^unknown command "nosuch:thing"/],
		['heel', /did you mean heal\?/],
		['set key', /^set needs a value; write: set <key> <value> \[ttl\] \[tag…\]$/],
		['get a b', /too many words; write: get <key>, and/],
		['expire a yesterday', /is not a lifetime/],
		['outage', /^outage needs the name of a fault, such as blackhole; write: outage <fault…>$/],
		['outage stall for', /^write a time such as 10s or 500ms after "for"$/],
		['workload rate', /^the rate must be a whole number from 1 to 100000$/],
		['workload mix', /^write the mix as read:write:delete, such as 80:15:5$/],
		['outage for 10s', /^Name a fault, such as "latency 200ms"; there are refuse, reset, blackhole/],
		['outage earthquake', /^No fault "earthquake"/],
		['outage latency 1ms for ever', /^write a time such as .* after "for", not "ever"/],
		['outage latency 1ms for 1000h', /^a fault lasts at most one day/],
		['pool resize 99', /from 1 to 64/],
		['checkout hold 5 for 10m', /at most one minute/],
		['quit', /^unknown command "quit"/],
	])('refuses %s and says what to do', async (line, message) => {
		expect(await engine.refused(line)).toMatch(message);
	});

	it('exports what is known, once', async () => {
		const directory = await mkdtemp(join(tmpdir(), 'redis-cache-tui-test-'));
		try {
			const file = join(directory, 'snapshot.json');
			expect(await engine.ok(`export ${file}`)).toEqual([`wrote ${file}`]);
			expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
				namespace: 'test',
				target: {kind: engine.latest()?.target.kind},
			});
			expect(await engine.refused(`export ${file}`)).toMatch(/already exists/);
		} finally {
			await rm(directory, {recursive: true});
		}
	});
});

describe('completions', () => {
	it('come from live keys, without what the cache puts before them', async () => {
		await engine.ok('set completed:1 x');
		expect(await engine.engine.complete('get', 0, 'compl')).toEqual(['completed:1']);
		expect(await engine.engine.complete('inspect', 0, 'rct:test:compl')).toEqual(['rct:test:completed:1']);
		// The characters in this order are enough.
		expect(await engine.engine.complete('get', 0, 'cmpd1')).toEqual(['completed:1']);
	});

	it('come from the catalogue and from choices', async () => {
		expect(await engine.engine.complete('outage', 0, 'bl')).toEqual(['blackhole']);
		expect(await engine.engine.complete('outage', 1, 'f')).toEqual(['for']);
		expect(await engine.engine.complete('workload', 0, 'o')).toEqual(['on', 'off']);
		expect(await engine.engine.complete('nosuch', 0, '')).toEqual([]);
	});

	it('take a pattern character in a prefix as it is', async () => {
		expect(await engine.engine.complete('get', 0, '*')).toEqual([]);
	});
});
