import {once} from 'node:events';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {runProgram} from '../support/program.js';
import {freePort} from '../support/redis-process.js';

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
});

afterAll(() => rmSync(directory, {recursive: true}));

/**
 * First attempts to connect fail at once, then commands are lost: for so long that a busy machine sends some, too. It has time to
 * connect again after that.
 */
function drill(name: string, expectations: readonly string[]): string {
	const path = join(directory, `${name}.json`);
	const steps = [
		{at: '0.4s', fault: 'reset', for: '1s'},
		{at: '2.2s', fault: 'blackhole', for: '1.6s'},
	];
	const parts = {name, summary: 'for a test', duration: '7s', workload: {rate: 50}, steps, expectations};
	writeFileSync(path, JSON.stringify(parts));
	return path;
}

const secret = 'a value that nobody may see';

type Application = {readonly page: string; readonly port: number};

/** An application as small as they come: a page that reads through Redis, and a list of keys. */
async function startApplication(
	retryStrategy: (times: number) => number,
	{onTestFinished}: Pick<TestContext, 'onTestFinished'>,
): Promise<Application> {
	const port = await freePort();
	const options = {connectionName: 'web', commandTimeout: 500, retryStrategy};
	const clients = [new Redis({port, ...options}), new Redis({port, ...options})] as const;
	for (const client of clients) {
		client.on('error', () => {});
		onTestFinished(() => client.disconnect());
	}
	const [reader, writer] = clients;
	const server = createServer(async (_, response) => {
		try {
			const found = await reader.get('user:1');
			if (found === null) await writer.set('user:1', secret, 'EX', 60);
			await writer.hget('user:1', 'name').catch(() => {});
			await reader.keys('user:*');
			response.end('ok');
		} catch {
			response.writeHead(503).end();
		}
	}).listen(0, '127.0.0.1');
	onTestFinished(() => void server.close());
	await once(server, 'listening');
	return {page: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, port};
}

function drillOn(file: string, {page, port}: Application, ...flags: readonly string[]) {
	return runProgram(['drill', file, '--probe', page, '--probe-timeout', '10s', '--listen', String(port), ...flags]);
}

describe.concurrent('a drill on an application', () => {
	it('tells of its connections, its back-off, what it lost and when it was back', async (context) => {
		const file = drill('outage', ['wire.lostCommands >= 1', 'wire.recoveryMs < 20000', 'wire.notReturned == 0']);
		const application = await startApplication((times) => times * 40, context);
		const {exitCode, stdout} = await drillOn(file, application, '--json');
		const report: DrillReport = JSON.parse(stdout);
		const {wire} = report;
		expect(wire).toMatchObject({
			connections: {before: 2, during: {fewest: 0}, after: 2, unreadable: 0},
			reconnects: {unseenMs: 0, pauseMs: {shortest: expect.any(Number)}},
			notReturned: 0,
			errors: {WRONGTYPE: expect.any(Number)},
		});
		// Both connections broke in the first fault, and in the second one whichever had sent something.
		expect(wire?.connections.broken).toBeGreaterThanOrEqual(3);
		expect(wire?.reconnects.failed).toBeGreaterThanOrEqual(1);
		// A busy machine leaves no time for the attempts by which it can be told.
		expect(wire?.reconnects.backOff).not.toBe(false);
		expect(wire?.reconnects.attempts).toBeGreaterThanOrEqual(wire?.connections.broken ?? 0);
		expect(wire?.slowest[0]).toMatchObject({connection: 'web', end: 'lost'});
		expect(wire?.longestWaitMs).toBe(wire?.slowest[0]?.ms);
		expect(report.findings?.map(({id}) => id)).toContain('blocking-command');
		expect(stdout).not.toContain(secret);
		// Names that connections of this program have.
		expect(JSON.stringify(wire)).not.toContain('redis-cache-tui');
		expect(report.expectations.filter(({passed}) => passed !== true)).toEqual([]);
		expect(exitCode).toBe(0);
	});

	it('tells of one that connects again without a back-off', async (context) => {
		const file = drill('storm', ['wire.lostCommands >= 1']);
		const application = await startApplication(() => 30, context);
		const {exitCode, stdout} = await drillOn(file, application, '--hide-keys');
		expect(stdout).toMatch(
			/Attempts to reconnect: \d+, \d+ failed, .* in the median(, not growing \(no back-off\))?\.\n/,
		);
		expect(stdout).toContain('warning: Commands stop the server for everybody\n');
		expect(stdout).not.toContain('cannot be seen');
		expect(exitCode).toBe(0);
	});
});
