import {Redis} from 'ioredis';
import {expect} from 'vitest';
import {snapshotText} from '../../source/cli/modes/snapshot-text.js';
import {startTestEngine} from '../support/engine.js';
import {itReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';

itReal(
	'a snapshot in words has upper bounds for the time to live, and says so while no key was looked up',
	async (context) => {
		const server = await startRedisProcess();
		context.onTestFinished(() => server.close());
		const client = new Redis(server.port);
		context.onTestFinished(() => client.disconnect());
		for (let index = 0; index < 20; index++) await client.set(`key:${index}`, 'value', 'EX', 300);
		const engine = await startTestEngine({url: server.url, looksOnly: true});
		context.onTestFinished(() => engine.close());

		await engine.until(({ttl, server: facts}) => ttl.buckets.length > 0 && facts?.keys === 20, 'keys looked up');
		const complete = engine.latest();
		expect(snapshotText(complete)).toContain('time to live (redis)\n  ≤ 10m: 20\n');
		const early = {...complete, ttl: {source: 'redis' as const, buckets: [], sampled: 0, total: 0, at: 0}};
		expect(snapshotText(early)).toContain('time to live: not known, no keys were looked up in this time\n');
		const refused = [{command: 'SCAN', reason: 'NOPERM'}];
		expect(snapshotText({...early, activity: {...complete.activity, refused}})).toContain('not known, NOPERM: SCAN\n');
	},
);
