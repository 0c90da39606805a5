import {afterAll, beforeAll, describe, expect} from 'vitest';
import type {ServerReport} from '../../source/inspect/server/reports/report.js';
import {createPool} from '../../source/pool/create-pool.js';
import type {Pool} from '../../source/pool/types.js';
import {startTestEngine, type TestEngine} from '../support/engine.js';
import {itReal, realRedisVersion} from '../support/real-redis.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';

let master: RedisProcess;
let replica: RedisProcess;
let application: Pool;
let engine: TestEngine;

const host = () => `127.0.0.1:${replica.port}`;

beforeAll(async () => {
	if (realRedisVersion === undefined) return;
	master = await startRedisProcess({args: ['--repl-diskless-sync-delay', '0']});
	replica = await startRedisProcess({args: ['--replicaof', '127.0.0.1', String(master.port)]});
	application = createPool({url: replica.url, lanes: 1, deadlineMs: 5000, clientName: 'shop-api'});
	await application.ready(30_000);
	engine = await startTestEngine({url: replica.url});
});

afterAll(async () => {
	await engine?.close();
	await application?.close();
	await replica?.close();
	await master?.close();
});

/** The value and the level of a row of the report about copies. */
async function copiesRow(name: string) {
	const reply = await engine.run('show replication');
	if (!reply.ok) throw new Error(reply.message);
	const row = (reply.data as ServerReport).rows.find(({cells}) => cells[0] === name);
	return [row?.cells[1], row?.level];
}

describe('a replica that takes no writes', () => {
	itReal('has the figures of the applications that read from it', async () => {
		await engine.until(
			({server}) => server?.info.replication?.master_link_status === 'up',
			'the replica has its master',
		);
		await engine.until(({activity}) => activity.latest !== undefined, 'two answers of the replica');
		expect(engine.latest()).toMatchObject({source: 'server', server: {role: 'slave'}});
		for (let index = 0; index < 20; index++) await application.lanes[0]?.send('GET', ['absent']);
		await engine.until(({activity: {recent}}) => (recent?.misses ?? 0) >= 20, 'the lookups of the application');
		expect(await copiesRow('role')).toEqual(['replica', 'plain']);
		expect(await copiesRow('master')).toEqual([`127.0.0.1:${master.port}`, 'plain']);
		expect(await copiesRow('link to the master')).toEqual(['up', 'plain']);
	});

	itReal('asks for the host before a write, which the server then refuses', async () => {
		expect(await engine.refused('redis SET theirs 1')).toMatch(/confirm it with the word/);
		expect(await engine.refused('redis SET theirs 1', host())).toMatch(/read.?only/i);
		expect(await engine.refused('lifetime theirs 10s')).toMatch(/confirm it with the word/);
		expect(await engine.refused('hotkeys 200ms')).toMatch(/slows down redis:/);
		expect((await engine.ok('hotkeys 200ms', host()))[0]).toMatch(/MONITOR/);
	});

	itReal('without its master is told so', async () => {
		await master.kill();
		await engine.until(
			({activity}) => activity.verdict.problems.some(({id}) => id === 'replica-cut-off'),
			'the replica has lost its master',
		);
		expect(await copiesRow('link to the master')).toEqual(['down', 'bad']);
	});
});
