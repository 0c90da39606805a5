import {expect, onTestFinished} from 'vitest';
import {startTestEngine} from '../support/engine.js';
import {RawConnection} from '../support/raw-connection.js';
import {itReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';

async function serverWith(policy: string, used: number) {
	const server = await startRedisProcess({args: ['--maxmemory', '4mb', '--maxmemory-policy', policy]});
	onTestFinished(() => server.close());
	const wire = await RawConnection.open(server.port);
	await wire.call(['SETRANGE', 'filler', String(used), 'x']);
	wire.close();
	const engine = await startTestEngine({url: server.url});
	onTestFinished(() => engine.close());
	await engine.until(
		({server: answer, source}) => answer !== undefined && source === 'server',
		'the server has answered',
	);
	return engine;
}

itReal('a server without a tap that is nearly full and evicts nothing has the finding server-settings', async () => {
	const engine = await serverWith('noeviction', 2_700_000);
	await engine.until((snapshot) => snapshot.serverFindings.length > 0, 'the finding');
	const {serverFindings} = engine.latest();
	expect(serverFindings).toMatchObject([
		{
			id: 'server-settings',
			level: 'warning',
			title: 'A full server refuses writes instead of evicting keys',
			evidence: expect.stringMatching(/^maxmemory-policy is noeviction, and [34](\.\d)? MiB of 4 MiB are in use\.$/),
			keys: [],
		},
	]);
	expect(Math.abs((serverFindings[0]?.firstSeenAt ?? 0) - Date.now())).toBeLessThan(60_000);
});

itReal('a server with room has none', async () => {
	const engine = await serverWith('noeviction', 100);
	// The settings are asked for first.
	await engine.until(({activity: {latest}}) => latest !== undefined, 'two answers of the server');
	expect(engine.latest().serverFindings).toEqual([]);
});
