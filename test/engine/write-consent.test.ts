import {afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import type {EngineOptions} from '../../source/engine/protocol.js';
import {commandNames, specOf} from '../../source/engine/specs/command-specs.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';

let server: PrivateRedis;
let pool: Pool;

const direct = async (command: string, ...args: string[]) => pool.lanes[0]?.send(command, args);
const host = () => `127.0.0.1:${server.port}`;

async function openExternal(options: Partial<EngineOptions> = {}): Promise<TestEngine> {
	const engine = await startTestEngine({url: `redis://${host()}`, ...options});
	onTestFinished(() => engine.close());
	await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected');
	return engine;
}

beforeAll(async () => {
	server = await startPrivateRedis({password: ''});
	pool = createPool({url: `redis://${host()}`, lanes: 1});
	await pool.ready(30_000);
});

afterAll(async () => {
	await pool?.close();
	await server?.close();
});

beforeEach(async () => {
	await direct('FLUSHALL');
	await direct('SET', 'theirs', 'precious');
});

describe('on a Redis that this program did not start', () => {
	it('every command that writes is refused until the host is typed, and says which', async () => {
		const engine = await openExternal();
		for (const {name, args, writes} of commandNames.map(specOf)) {
			if (!writes) continue;
			const words = args.map(({choices}) => choices?.[0] ?? '1').slice(0, 3);
			const reply = await engine.run([name, ...words].join(' '));
			expect(reply, name).toMatchObject({ok: false, code: 'ERR_CONSENT', question: {word: host()}});
			expect(reply, name).toMatchObject({message: expect.stringContaining(`redis://${host()}`)});
			expect(await engine.run([name, ...words].join(' '), 'yes'), name).toMatchObject({code: 'ERR_CONSENT'});
		}
		expect(await direct('KEYS', '*')).toEqual([Buffer.from('theirs')]);
	});

	it.each(['FLUSHALL', 'flushdb', 'SET theirs gone', 'EVAL return(1) 0', 'CONFIG SET maxmemory 1mb', 'nosuchcommand'])(
		'the raw command %s is refused by the flags of the server',
		async (line) => {
			const engine = await openExternal();
			expect(await engine.run(`redis ${line}`)).toMatchObject({ok: false, code: 'ERR_CONSENT'});
			expect(String(await direct('GET', 'theirs'))).toBe('precious');
		},
	);

	it('a raw command that writes is asked about each time, one that reads never', async () => {
		const engine = await openExternal();
		expect(await engine.run('redis GET theirs')).toMatchObject({ok: true, lines: ['"precious"']});
		expect(await engine.run('redis SET theirs ours', host())).toMatchObject({ok: true});
		expect(await engine.run('redis FLUSHALL')).toMatchObject({code: 'ERR_CONSENT'});
		expect(String(await direct('GET', 'theirs'))).toBe('ours');
	});

	it('changes of single values are asked about once, removals each time', async () => {
		const engine = await openExternal();
		expect(await engine.run('set a 1', host())).toMatchObject({ok: true});
		expect(await engine.run('set b 2')).toMatchObject({ok: true});
		expect(await engine.run('lifetime theirs 1h')).toMatchObject({ok: true});
		expect(await engine.run('remove theirs', host())).toMatchObject({ok: true});
		expect(await engine.run('remove theirs')).toMatchObject({code: 'ERR_CONSENT'});
		expect(await engine.run('clear')).toMatchObject({code: 'ERR_CONSENT'});
	});

	it('consent ends with the connection', async () => {
		const engine = await openExternal();
		expect(await engine.run('set a 1', host())).toMatchObject({ok: true});
		await engine.ok(`connect redis://${host()}/1`);
		expect(await engine.run('set a 1')).toMatchObject({code: 'ERR_CONSENT'});
	});

	it('what stops something, or writes nothing, is not asked about', async () => {
		const engine = await openExternal();
		for (const line of ['workload off', 'workload rate 100', 'drill stop', 'sweep stop', 'outage reset', 'heal'])
			expect(await engine.run(line), line).toMatchObject({ok: true});
		expect(await direct('DBSIZE')).toBe(1);
	});

	it.each(['stop', 'STOP', 'Stop'])('the word %s is no pattern of keys, in whichever case', async (word) => {
		const engine = await openExternal();
		await direct('SET', word, 'precious');
		expect(await engine.run(`sweep ${word}`)).toMatchObject({ok: true, lines: ['no sweep is running']});
		expect(await engine.run(`drill ${word}`)).toMatchObject({ok: true, lines: ['no drill is running']});
		expect(String(await direct('GET', word))).toBe('precious');
	});

	it('a command that was sent before a switch to a private Redis is judged by the Redis that it goes to', async () => {
		const engine = await openExternal();
		// Its keys are removed after the switch, so that the connection is not closed at once.
		await engine.run('workload on', host());
		await engine.until(({workload, server: seen}) => workload.calls > 100 && (seen?.keys ?? 0) > 20, 'it has written');
		const replies: Promise<unknown>[] = [];
		const timer = setInterval(() => replies.push(engine.run('redis FLUSHALL')), 1);
		await engine.ok('connect private');
		clearInterval(timer);
		await Promise.all(replies);
		expect(String(await direct('GET', 'theirs'))).toBe('precious');
	});

	it('the workload removes its keys when it is turned off', async () => {
		const engine = await openExternal();
		await engine.run('workload on', host());
		await engine.until(({workload, server: seen}) => workload.calls > 100 && (seen?.keys ?? 0) > 20, 'it has written');
		expect(await direct('EXISTS', 'rct:test:item:1')).toBe(0);
		await engine.ok('workload off');
		expect(await direct('KEYS', '*')).toEqual([Buffer.from('theirs')]);
		expect(await engine.run('workload on'), 'asked once').toMatchObject({ok: true});
	});

	it('the workload removes its keys when the program ends, even in the middle of an outage', async () => {
		const engine = await openExternal();
		await engine.run('workload on', host());
		await engine.until(({workload, server: seen}) => workload.calls > 100 && (seen?.keys ?? 0) > 20, 'it has written');
		await engine.ok('outage blackhole');
		await engine.until(({cache}) => cache.mode.mode === 'fallback', 'fallback');
		await engine.close();
		expect(await direct('KEYS', '*')).toEqual([Buffer.from('theirs')]);
	});

	it('keys of the workload expire soon if nobody is left to remove them', async () => {
		const engine = await openExternal();
		await engine.run('workload on', host());
		await engine.until(({server: seen}) => (seen?.keys ?? 0) > 20, 'it has written');
		const keys = ((await direct('KEYS', '*item:*')) as Buffer[]).map(String);
		const left = await Promise.all(keys.map((key) => direct('PTTL', key)));
		for (const ms of left) expect(ms).toBeLessThan(8 * 60_000);
	});

	it('traffic that was set up before is not started without consent', async () => {
		const workload = {running: true, rate: 500, keys: 20};
		const engine = await openExternal({workload});
		expect(engine.latest().workload.running).toBe(false);
	});
});
