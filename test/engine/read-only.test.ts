import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {commandNames, specOf} from '../../source/engine/specs/command-specs.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';

let server: PrivateRedis;
let pool: Pool;
let engine: TestEngine;

const direct = async (command: string, ...args: string[]) => pool.lanes[0]?.send(command, args);

/** Names of the write commands that the server has run, by its own statistics and flags. */
async function writesSeen(): Promise<string[]> {
	const stats = String(await direct('INFO', 'commandstats'));
	const names = [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name = '']) => name.split('|')[0] ?? '');
	const infos = (await direct('COMMAND', 'INFO', ...names)) as ([Buffer, number, Buffer[]] | null)[];
	return infos.flatMap((info) => (info?.[2].some((flag) => String(flag) === 'write') ? [String(info[0])] : []));
}

beforeAll(async () => {
	server = await startPrivateRedis();
	pool = createPool({url: server.url, lanes: 1});
	await pool.ready(30_000);
});

afterAll(async () => {
	await engine?.close();
	await pool?.close();
	await server?.close();
});

describe('on a Redis given by its URL', () => {
	it('nothing is written before a command asks for it', async () => {
		engine = await startTestEngine({url: server.url});
		await engine.until(({cache, server: info}) => cache.mode.mode === 'connected' && info !== undefined, 'connected');
		await engine.until(({ttl}) => ttl.source === 'redis', 'a sample of TTLs was taken');
		await engine.run('get nobody');
		await engine.run('keys');
		expect(engine.latest()).toMatchObject({
			target: {kind: 'external', name: expect.stringMatching(/redis/)},
			workload: {running: false, calls: 0},
		});
		expect(await writesSeen()).toEqual([]);
		expect(await direct('DBSIZE')).toBe(0);
		expect(await engine.refused('set asked yes')).toMatch(/confirm it with the word 127\.0\.0\.1:/);
		await engine.ok('set asked yes', `127.0.0.1:${server.port}`);
		expect(await direct('DBSIZE')).toBeGreaterThan(0);
		await engine.close();
	});

	it('a fault of the server is refused, one on the wire is not', async () => {
		engine = await startTestEngine({url: server.url});
		expect(await engine.refused('outage kill')).toMatch(/given by its URL/);
		await engine.ok('outage refuse for 50ms');
		expect(await direct('PING')).toBeDefined();
		await engine.close();
	});
});

describe('with --read-only', () => {
	beforeAll(async () => {
		await direct('CONFIG', 'RESETSTAT');
		engine = await startTestEngine({url: server.url, readOnly: true});
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected');
	});

	it('every command that writes is refused, whatever its arguments', async () => {
		for (const {name, args, writes} of commandNames.map(specOf)) {
			if (!writes) continue;
			const words = args.map(({choices}) => choices?.[0] ?? '1').slice(0, 3);
			expect(await engine.refused([name, ...words].join(' ')), name).toMatch(/--read-only/);
		}
		expect(await engine.refused('outage kill')).toMatch(/--read-only/);
	});

	it.each(['SET a 1', 'del a', 'FLUSHALL', 'CONFIG SET maxmemory 1', 'EVAL return(1) 0', 'SHUTDOWN', 'nosuchcommand'])(
		'the raw command %s is refused by the flags of the server',
		async (line) => {
			expect(await engine.refused(`redis ${line}`)).toMatch(/write.*--read-only/);
		},
	);

	it.each(['GET asked', 'PING', 'INFO server', 'CONFIG GET maxmemory', 'TTL asked', 'CLIENT LIST'])(
		'the raw command %s is allowed',
		async (line) => {
			expect((await engine.ok(`redis ${line}`)).length).toBeGreaterThan(0);
		},
	);

	it('hot keys are counted once the host was typed, since that writes nothing', async () => {
		expect(await engine.refused('hotkeys 100ms')).toMatch(/slows down .* confirm it with the word/);
		const reply = await engine.run('hotkeys 100ms', `127.0.0.1:${server.port}`);
		// The built-in server has no MONITOR.
		if (!reply.ok) expect(reply.message).toMatch(/^MONITOR is refused: ERR unknown command/);
	});

	it('no write has reached the server', async () => {
		await engine.ok('get asked');
		await engine.ok('outage blackhole for 50ms');
		await engine.until(({faults}) => faults.length === 0, 'the outage is over');
		await engine.until(({cache}) => cache.mode.mode === 'connected', 'connected');
		expect(await writesSeen()).toEqual([]);
	});
});
