import {Redis} from 'ioredis';
import {expect} from 'vitest';
import {everyWrite, startTestEngine} from '../support/engine.js';
import {itReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';

itReal(
	'an engine that only looks opens no cache: it loads no script, tracks nothing and writes nothing',
	async (context) => {
		const server = await startRedisProcess();
		context.onTestFinished(() => server.close());
		const client = new Redis(server.port);
		context.onTestFinished(() => client.disconnect());
		for (let index = 0; index < 20; index++) await client.set(`key:${index}`, 'value');
		const monitor = await client.monitor();
		context.onTestFinished(() => monitor.disconnect());
		const seen = new Set<string>();
		monitor.on('monitor', (_time: string, [command = '', subcommand = ''], source: string) => {
			if (source !== 'lua') seen.add((command === 'client' ? `client ${subcommand}` : command).toLowerCase());
		});

		const engine = await startTestEngine({url: server.url, looksOnly: true, consented: everyWrite});
		context.onTestFinished(() => engine.close());
		await engine.until(
			({activity, ttl}) => activity.recent !== undefined && ttl.source === 'redis',
			'a complete snapshot',
		);
		expect(engine.latest()).toMatchObject({
			source: 'server',
			cache: {mode: {reason: 'not open'}},
			server: {keys: 20},
		});
		expect(await engine.ok('keys')).toHaveLength(21);
		await client.echo('end');
		expect(seen).toContain('eval_ro');
		// The last one is the test's. MONITOR does not tell CONFIG, SLOWLOG and LATENCY.
		const looks = [
			'client setname',
			'client setinfo',
			'hello',
			'ping',
			'info',
			'time',
			'scan',
			'pttl',
			'dbsize',
			'eval_ro',
			'echo',
		];
		expect([...seen].filter((command) => !looks.includes(command))).toEqual([]);

		// The cache is there for somebody who asks for it.
		await engine.ok('set shop:1 value');
		await engine.until(({cache}) => cache.mode.reason !== 'not open', 'a snapshot of the cache');
	},
);
