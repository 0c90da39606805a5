import {expect} from 'vitest';
import {verdictSentence} from '../../source/inspect/server/activity/verdict.js';
import {createPool} from '../../source/pool/create-pool.js';
import {startTestEngine} from '../support/engine.js';
import {itReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';

type Send = (line: string) => Promise<unknown>;

/** Opens an engine as a user who may call everything but some commands, beside an application that may call all. */
async function startAs(
	rules: string,
	work: (engine: Awaited<ReturnType<typeof startTestEngine>>, application: Send) => Promise<void>,
) {
	const server = await startRedisProcess();
	const admin = createPool({url: server.url, lanes: 1, deadlineMs: 5000});
	await admin.ready(30_000);
	await admin.lanes[0]?.send('ACL', ['SETUSER', 'guest', 'on', '>secret', '~*', '&*', '+@all', ...rules.split(' ')]);
	for (let index = 0; index < 5; index++) await admin.lanes[0]?.send('SET', [`key:${index}`, 'x']);
	const engine = await startTestEngine({url: `redis://guest:secret@127.0.0.1:${server.port}`});
	try {
		await work(engine, async (line) => {
			const [command = '', ...args] = line.split(' ');
			return admin.lanes[0]?.send(command, args);
		});
	} finally {
		await engine.close();
		await admin.close();
		await server.close();
	}
}

itReal('a user without INFO, TIME and SCAN is told so by name, and everything else goes on', async () => {
	await startAs('-info -time -scan', async (engine) => {
		await engine.until(({activity}) => activity.refused.length >= 2, 'the refused commands are known');
		const {activity, source} = engine.latest();
		expect(source).toBe('server');
		expect(activity.refused).toEqual(
			expect.arrayContaining([
				{command: 'TIME', reason: 'NOPERM'},
				{command: 'INFO', reason: 'NOPERM'},
			]),
		);
		expect(verdictSentence(activity.verdict)).toMatch(/^NOPERM: INFO, without which nothing is known/);
		expect((await engine.ok('inspect key:1'))[0]).toMatch(/^string/);
	});
});

itReal('a user without LATENCY, SLOWLOG and SCAN sees all other figures', async () => {
	await startAs('-latency -slowlog -scan', async (engine) => {
		await engine.until(({activity}) => activity.recent !== undefined && activity.refused.length === 3, 'figures');
		const {activity, ttl} = engine.latest();
		expect(activity.refused.map(({command}) => command).sort()).toEqual(['LATENCY HISTOGRAM', 'SCAN', 'SLOWLOG']);
		expect(activity.verdict.level).toBe('fine');
		expect(activity.recent?.keys).toBe(5);
		// Keys without a TTL are counted without a scan.
		expect(ttl).toMatchObject({source: 'redis', withoutTtl: 5, sampled: 0});
	});
});

itReal('the refusals that the connections of this program meet are not told as those of applications', async () => {
	await startAs('-time', async (engine, application) => {
		const errorsOf = async (kind: string) =>
			Number(new RegExp(`errorstat_${kind}:count=(\\d+)`).exec(String(await application('INFO errorstats')))?.[1] ?? 0);
		await engine.until(({activity}) => activity.latest !== undefined, 'figures');
		const before = await errorsOf('NOPERM');
		// The cache of this program asks for the time again and again.
		await until(async () => (await errorsOf('NOPERM')) > before, 'the server has refused TIME');
		const refusedAt = Date.now();
		await engine.until(({activity}) => (activity.latest?.at ?? 0) > refusedAt, 'figures of the time after that');
		const {recent} = engine.latest().activity;
		expect([recent?.errors, recent?.failedCommands]).toEqual([{}, 0]);
		expect(engine.latest().activity.verdict.level).toBe('fine');
		// Refused commands of an application are still told.
		for (let call = 0; call < 20; call++) await application('INCR key:1').catch(() => undefined);
		await engine.until(({activity}) => activity.recent?.errors.ERR === 20, 'the errors of the application');
	});
});
