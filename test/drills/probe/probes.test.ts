import {once} from 'node:events';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {describe, expect, it, type TestContext} from 'vitest';
import {ProbeRecord} from '../../../source/drills/probe/probe-record.js';
import {type ProbeSettings, parseProbe} from '../../../source/drills/probe/probe-spec.js';
import {Probes} from '../../../source/drills/probe/probes.js';
import {until} from '../../support/until.js';

/** URL of a server that is closed when the test is over. */
async function serve(
	listener: RequestListener,
	{onTestFinished}: Pick<TestContext, 'onTestFinished'>,
): Promise<string> {
	const server = createServer(listener).listen(0, '127.0.0.1');
	await once(server, 'listening');
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/users/1`;
}

function open(url: string, settings: ProbeSettings, {onTestFinished}: Pick<TestContext, 'onTestFinished'>): Probes {
	const probes = new Probes([parseProbe(url, settings)]);
	onTestFinished(() => probes.close());
	return probes;
}

describe.concurrent('a probe', () => {
	it('calls a page all the time: availability before, during and after a fault, and its recovery', async (context) => {
		let isUp = true;
		const seen = new Set<string>();
		const url = await serve((request, response) => {
			seen.add(`${request.method} ${request.url} ${request.headers.authorization}`);
			response.writeHead(isUp ? 204 : 503).end();
		}, context);
		const probes = open(url, {method: 'head', headers: ['authorization: Bearer secret'], status: '204'}, context);
		const calls = (phase: 'before' | 'during' | 'after') => probes.report()[0]?.[phase].calls ?? 0;
		await probes.check();
		probes.start();
		await until(() => calls('before') >= 2, 'calls before the fault');
		isUp = false;
		probes.setFaultActive(true);
		await until(() => calls('during') >= 2, 'calls during the fault');
		probes.setFaultActive(false);
		await until(() => calls('after') >= 1, 'a call that fails after the fault');
		isUp = true;
		await until(() => (probes.report()[0]?.recoveryMs ?? null) !== null, 'the recovery');
		await probes.stop();
		const [report] = probes.report();
		const [recording] = probes.recordings();
		const recorded = (field: 'calls' | 'failedCalls') =>
			recording?.slots.reduce((sum, slot) => sum + slot[field], 0) ?? Number.NaN;
		expect([recording?.name, recorded('calls')]).toEqual([report?.name, report?.calls]);
		expect(recorded('failedCalls')).toBe(report?.failures.reduce((sum, {count}) => sum + count, 0));
		expect(report).toMatchObject({
			name: url,
			before: {availability: 1},
			during: {availability: 0},
			failures: [{reason: 'it answered 503 instead of 204', count: expect.any(Number)}],
		});
		expect(report?.recoveryMs).toBeGreaterThan(0);
		expect(report?.availability).toBeLessThan(1);
		expect(report?.p99Ms).toBeGreaterThan(0);
		expect([...seen]).toEqual(['HEAD /users/1 Bearer secret']);
		expect(JSON.stringify(report)).not.toContain('secret');
	});

	it('takes the time until the reply has ended', async (context) => {
		const url = await serve((_, response) => void setTimeout(() => response.end(), 150), context);
		const probes = open(url, {}, context);
		probes.start();
		await until(() => (probes.report()[0]?.calls ?? 0) >= 2, 'answered calls');
		await probes.stop();
		expect(probes.report()[0]?.p50Ms).toBeGreaterThanOrEqual(150);
	});

	it.for([
		['ERR_PROBE', 'it answered 500 instead of 200-299', 500, {}],
		['ERR_PROBE', 'it answered 302 instead of 200-299; redirects are not followed', 302, {location: '/'}],
	] as const)('is refused before a drill with %s: %s', async ([code, message, status, headers], context) => {
		const url = await serve((_, response) => response.writeHead(status, headers).end(), context);
		await expect(open(url, {}, context).check()).rejects.toMatchObject({
			code,
			message: `probe ${url} fails before the drill: ${message}`,
		});
	});

	it.for([
		['no reply in 200 ms', () => {}],
		['its reply did not end in 200 ms', (_, response) => void response.write('more')],
		['its reply is larger than a megabyte', (_, response) => void response.end('x'.repeat(1_000_001))],
		['connection reset', (request) => void request.socket.resetAndDestroy()],
		['its reply is not HTTP', (request) => void request.socket.end('hello\r\n\r\n')],
	] satisfies [string, RequestListener][])('fails without an end: %s', async ([reason, listener], context) => {
		const url = await serve(listener, context);
		const timeout = reason.includes('200 ms') ? '200ms' : '10s';
		await expect(open(url, {timeout}, context).check()).rejects.toMatchObject({
			code: 'ERR_PROBE_UNREACHABLE',
			message: `probe ${url} fails before the drill: ${reason}`,
		});
	});

	it('recovers with the first call after the last one that fails, in the order in which they were due', () => {
		const record = new ProbeRecord();
		record.setFaultActive(true, 0);
		const late = record.begin(10);
		record.setFaultActive(false, 100);
		const early = record.begin(110);
		early(115, undefined);
		expect(record.report().recoveryMs).toBe(15);
		late(1010, 'no reply');
		expect(record.report()).toMatchObject({
			recoveryMs: 15,
			during: {calls: 1, availability: 0},
			after: {availability: 1},
		});
		record.begin(210)(215, 'down');
		expect(record.report().recoveryMs).toBeNull();
		record.begin(310)(330, undefined);
		expect(record.report().recoveryMs).toBe(230);
	});

	it.for([
		[
			'--probe must be an http:// or https:// URL, such as http://localhost:3000/users/1, not "redis://127.0.0.1"',
			'redis://127.0.0.1',
			{},
		],
		['probe http://***@127.0.0.1', 'http://user:pass@127.0.0.1/', {}],
		['--probe-method must be 1 to 20 letters, such as HEAD, not "GET /"', 'http://127.0.0.1', {method: 'GET /'}],
		['--probe-header must be "name: value"', 'http://127.0.0.1', {headers: ['secret']}],
		[
			'--probe-status must be statuses from 100 to 599, such as 200, 200-299 or 200,404, not "99"',
			'http://127.0.0.1',
			{status: '99'},
		],
		[
			'--probe-timeout must be a time from 1ms to 60s, such as 500ms or 2s, not "2h"',
			'http://127.0.0.1',
			{timeout: '2h'},
		],
	] as const)('is checked: %s', ([message, url, settings]) => {
		const parsed = () => parseProbe(url, settings);
		if (url.includes('@')) expect(parsed().name).toBe(`${message}/`.replace('probe ', ''));
		else expect(parsed).toThrow(message);
	});
});
