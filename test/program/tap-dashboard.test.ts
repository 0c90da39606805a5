import {Redis} from 'ioredis';
import {expect, it} from 'vitest';
import {programPath} from '../support/program.js';
import {freePort} from '../support/redis-process.js';
import {openTerminal} from '../support/terminal.js';

it('shows an application in a terminal, breaks its connections, and leaves a report there', async ({
	onTestFinished,
}) => {
	const port = await freePort();
	const args = ['tap', '--listen', `127.0.0.1:${port}`, '--for', '1h'];
	const env = {REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'};
	const screen = openTerminal(process.execPath, [programPath, ...args], {columns: 120, rows: 40, env});
	onTestFinished(() => screen.close());
	await screen.waitFor(`redis://127.0.0.1:${port}`);
	const client = new Redis({port, connectionName: 'web', retryStrategy: () => 100, maxRetriesPerRequest: null});
	client.on('error', () => {});
	onTestFinished(() => client.disconnect());
	const visit = async (user: number) => {
		if ((await client.get(`user:${user}`)) === null) await client.set(`user:${user}`, 'a value', 'EX', 60);
	};
	for (let user = 0; user < 40; user++) await visit(user % 10);
	await screen.waitFor('user:*');
	const closed = new Promise((resolve) => client.once('close', resolve));
	await screen.press(':');
	await screen.waitFor('Command');
	screen.write('outage reset for 500ms');
	await screen.waitFor('outage reset for 500ms');
	await screen.press('enter');
	await closed;
	await visit(1);
	await screen.press('6');
	await screen.waitFor(/application: 1 connection broke; .*(?!\n)attempts? to reconnect/);
	await screen.press('q');
	expect(await screen.exited).toEqual({exitCode: 0, signal: undefined});
	expect(screen.alternate).toBe(false);
	const report = screen.output.slice(screen.output.lastIndexOf('application on'));
	expect(report).toContain(`application on 127.0.0.1:${port}, Redis at redis://127.0.0.1:`);
	expect(report).toMatch(/hit ratio: [\d.]+ % \(\d+ hits, 10 misses\)/);
	expect(report).not.toContain('a value');
});
