import {expect, it, onTestFinished} from 'vitest';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import {reportNames} from '../../source/inspect/server/reports/read-report.js';
import type {ServerReport} from '../../source/inspect/server/reports/report.js';
import {startTestEngine} from '../support/engine.js';

it('every report of the built-in server can be shown, and what it lacks is told in a line', async () => {
	const server = await startPrivateRedis({prefer: 'built-in'});
	onTestFinished(() => server.close());
	const engine = await startTestEngine({url: server.url});
	onTestFinished(() => engine.close());
	const host = `127.0.0.1:${server.port}`;
	await engine.ok('redis SET key value', host);
	const filled: string[] = [];
	for (const name of reportNames) {
		const reply = await engine.run(`show ${name}`);
		if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
		const {rows, notes} = reply.data as ServerReport;
		expect(notes.length, name).toBeGreaterThan(0);
		if (rows.length > 0) filled.push(name);
	}
	expect(filled).toEqual(['commands', 'memory', 'replication', 'config']);
	expect(await engine.refused('hotkeys', host)).toMatch(/^MONITOR is refused: .*unknown command 'MONITOR'/);
});
