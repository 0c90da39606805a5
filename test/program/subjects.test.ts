import {once} from 'node:events';
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import {belongingsOf, leftoversOf} from '../support/leftovers.js';
import {runProgram, startProgram} from '../support/program.js';
import {until} from '../support/until.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

let directory: string;
/** A black hole of half a second. */
let outage: string;
/** A black hole until the end. */
let lasting: string;
/** Refused connections for as long, with expectations of a probe. */
let probed: string;
/** No fault, and a minute to break off. */
let long: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	mkdirSync(join(directory, 'node_modules'));
	symlinkSync(join(root, 'node_modules', 'ioredis'), join(directory, 'node_modules', 'ioredis'));
	const steps = [{at: '0.5s', fault: 'blackhole', for: '0.6s'}];
	// A busy machine may leave it undecided whether calls have hung.
	const expectations = ['wrongReads == 0', 'modes.fallback >= 1'];
	// Few keys, half of the calls changes: something is lost for certain.
	const workload = {rate: 400, keys: 60, mix: {read: 50, write: 20, delete: 30}};
	// On a busy machine a call may take as long as the outage.
	const cache = {deadline: '1s'};
	outage = drill('outage', {duration: '2.2s', workload, cache, steps, expectations});
	const ofProbe = ['probe.availability == 1', 'probe.p99Ms < 9000', 'probe.recoveryMs < 20000'];
	// Until the end of the drill: no later change repairs what is lost.
	lasting = drill('lasting', {
		duration: '3s',
		workload,
		cache,
		steps: [{at: '2s', fault: 'blackhole'}],
		expectations,
	});
	const refused = [{at: '0.5s', fault: 'refuse', for: '0.6s'}];
	probed = drill('probed', {duration: '2.2s', workload: {rate: 100}, cache, steps: refused, expectations: ofProbe});
	long = drill('long', {duration: '60s', steps: [], expectations: ['wrongReads == 0']});
});

afterAll(() => rmSync(directory, {recursive: true}));

function drill(name: string, parts: object): string {
	return file(`${name}.json`, JSON.stringify({name, summary: 'for a test', ...parts}));
}

function file(name: string, text: string): string {
	const path = join(directory, name);
	writeFileSync(path, text);
	return path;
}

/** A cache as many applications write it: what fails in an outage is forgotten. */
const lossy = `
	import {Redis} from 'ioredis';
	export async function open({url}) {
		const redis = new Redis(url, {commandTimeout: 1500, enableOfflineQueue: false, autoResendUnfulfilledCommands: false, retryStrategy: () => 50});
		redis.on('error', () => {});
		await new Promise((resolve) => redis.once('ready', resolve));
		const quiet = (work) => work.catch(() => null);
		return {
			get: async (key) => JSON.parse(await quiet(redis.get(key))) ?? undefined,
			set: (key, value, {ttl}) => quiet(redis.set(key, JSON.stringify(value), 'PX', ttl)),
			delete: (key) => quiet(redis.del(key)),
			close: () => redis.disconnect(),
		};
	}`;

const own = `
	import {RedisCache} from ${JSON.stringify(join(root, 'dist/index.js'))};
	export async function open({url}) {
		console.log('printed by the subject');
		const cache = new RedisCache({url, deadline: '1s'});
		await cache.ready('30s');
		return cache;
	}`;

describe.concurrent('a drill on a subject', () => {
	it('that keeps its values right passes, and what it prints stays out of the report', async () => {
		const subject = file('own.mjs', own);
		const {exitCode, stdout, stderr} = await runProgram(['drill', outage, '--json', '--subject', subject]);
		const report: DrillReport = JSON.parse(stdout);
		expect(report).toMatchObject({
			drill: 'outage',
			passed: true,
			wrongReads: 0,
			subject: {name: subject, notes: []},
			returned: {ownProcess: 0, otherProcess: 0},
			leftOut: [{name: 'modes.fallback >= 1', reason: 'a subject has no modes'}],
		});
		expect(report.returned?.keys).toBeGreaterThan(20);
		expect(report.modes.map(({mode}) => mode)).toContain('fallback');
		expect(stderr).toContain('printed by the subject');
		expect(exitCode).toBe(0);
	});

	it('that loses changes fails: old values come back, and another process sees them too', async () => {
		const subject = file('lossy.mjs', lossy);
		const {exitCode, stdout} = await runProgram(['drill', lasting, '--subject', subject]);
		expect(stdout).toMatch(/^lasting on (redis-server|built-in server) .* \(private\), subject .*lossy\.mjs: failed/);
		expect(stdout).toMatch(/✗ {2}wrongReads == 0 +NOT MET +was [1-9]/);
		expect(stdout).toMatch(/of \d+ changed keys: \d+ with an old value in its own process, \d+ in a process that was/);
		expect(stdout).toMatch(/- {2}modes\.fallback >= 1 +left out: a subject has no modes\n/);
		expect(stdout).toContain('Note: it has no getOrSet: loads and stampedes were not tested.');
		expect(exitCode).toBe(1);
	});

	it.for([
		['ends by itself', 'process.exit(7)', 'ended with exit code 7', 2],
		[
			'is ended by an error',
			'throw new Error("no Redis")',
			'ended because of an error that nothing caught: no Redis',
			1,
		],
	] as const)('that %s leaves a report, a line, and nothing else', async ([name, code, message, expected]) => {
		// After some calls of the drill, not some time: a busy machine may not have started it by then.
		const ends = lossy
			.replace(
				'return {',
				`let calls = 0; const count = () => { if (++calls === 100) setTimeout(() => { ${code}; }); }; return {`,
			)
			.replace('get: async (key) =>', 'get: async (key) => count() ??');
		const subject = file(`${name}.mjs`, ends);
		const {exitCode, stdout, stderr} = await runProgram(['drill', long, '--json', '--subject', subject]);
		expect(JSON.parse(stdout)).toMatchObject({passed: false, partial: `the subject ${message}`});
		expect(stderr).toContain(`redis-cache-tui: subject ${subject} ${message} during the drill long\n`);
		expect(exitCode).toBe(expected);
	});

	it('that blocks its event loop hangs, and ends with a program that is killed', async () => {
		const subject = file('blocked.mjs', lossy.replace('return {', 'setTimeout(() => { for (;;); }, 800); return {'));
		const running = startProgram(['drill', long, '--subject', subject]);
		await until(() => /hung [1-9]/.test(running.stderr()), 'hung calls');
		const belongings = belongingsOf(running.child.pid ?? 0);
		running.child.kill('SIGKILL');
		await until(() => leftoversOf(belongings).length === 0, 'nothing is left');
	});

	it('removes its keys from a Redis that the program did not start', async ({onTestFinished}) => {
		const server = await startPrivateRedis({password: ''});
		onTestFinished(() => server.close());
		const redis = new Redis(server.url);
		onTestFinished(() => redis.disconnect());
		await redis.set('mine', 'untouched');
		const subject = file('removing.mjs', lossy);
		const url = `redis://127.0.0.1:${server.port}`;
		const {exitCode, stdout} = await runProgram(['drill', outage, '--json', '--subject', subject, '--url', url]);
		expect(JSON.parse(stdout)).not.toHaveProperty('partial');
		// On a busy machine it may have lost no change.
		expect([0, 1]).toContain(exitCode);
		expect(await redis.keys('*')).toEqual(['mine']);
	});
});

describe.concurrent('a subject that cannot be tested is one clear line', () => {
	it('one that is not there', async () => {
		const {exitCode, stdout, stderr} = await runProgram(['drill', outage, '--subject', 'nowhere.mjs']);
		const message =
			'subject nowhere.mjs: there is no such file: give the path of a module, or an http:// URL with {key} in it';
		expect({exitCode, stdout, stderr}).toEqual({exitCode: 2, stdout: '', stderr: `redis-cache-tui: ${message}\n`});
	});

	it('one that throws, and one that does not use the Redis of the drill', async () => {
		const throws = file('throws.mjs', 'export const open = () => { throw new Error("no license"); };');
		const away = file(
			'away.mjs',
			'const map = new Map(); export const open = () => ({get: (key) => map.get(key), set(key, value) { map.set(key, value); }, delete: (key) => map.delete(key)});',
		);
		const [first, second] = await Promise.all(
			[throws, away].map((subject) => runProgram(['drill', outage, '--subject', subject])),
		);
		expect(first).toMatchObject({
			exitCode: 2,
			stdout: '',
			stderr: `redis-cache-tui: subject ${throws}: it cannot be opened: no license\n`,
		});
		expect(second).toMatchObject({exitCode: 2, stdout: ''});
		expect(second?.stderr).toMatch(
			/^redis-cache-tui: subject .*away\.mjs: it has not connected to the fault proxy, so no fault would reach it: .*\n$/,
		);
	});

	it('and so is a probe that nothing answers', async () => {
		const {exitCode, stdout, stderr} = await runProgram([
			'drill',
			outage,
			'--probe',
			'http://127.0.0.1:9/',
			'--listen',
			'20999',
		]);
		expect({exitCode, stdout, stderr}).toEqual({
			exitCode: 3,
			stdout: '',
			stderr: 'redis-cache-tui: probe http://127.0.0.1:9/ fails before the drill: connection refused\n',
		});
	});

	it('and flags of a drill without one', async () => {
		const {exitCode, stderr} = await runProgram(['--once', '--subject', './cache.mjs']);
		expect(stderr).toBe(
			'redis-cache-tui: --subject belongs to drill: write redis-cache-tui drill <name> --subject …\n',
		);
		expect(exitCode).toBe(2);
	});
});

describe.concurrent('an application behind HTTP', () => {
	it('is a subject that connects to the port of the proxy, and has a page that is probed', async ({onTestFinished}) => {
		const port = 21_000 + (process.pid % 9000);
		const redis = new Redis({port, enableOfflineQueue: false, retryStrategy: () => 50, maxRetriesPerRequest: 0});
		redis.on('error', () => {});
		onTestFinished(() => redis.disconnect());
		const application = createServer(async (request, response) => {
			const key = decodeURIComponent(request.url?.replace('/cache/', '') ?? '');
			try {
				let body = '';
				for await (const chunk of request) body += chunk;
				if (request.method === 'PUT') await redis.set(key, body, 'PX', 60_000);
				if (request.method === 'DELETE') await redis.del(key);
				const found = request.method === 'GET' ? await redis.get(key) : 'null';
				response.writeHead(found === null ? 404 : 200).end(found ?? '');
			} catch {
				response.writeHead(503).end();
			}
		}).listen(0, '127.0.0.1');
		onTestFinished(() => void application.close());
		await once(application, 'listening');
		const url = `http://127.0.0.1:${(application.address() as AddressInfo).port}/cache/{key}`;
		const page = url.replace('{key}', 'none');
		const probe = ['--probe', page, '--probe-status', '200,404', '--probe-timeout', '10s'];
		const args = ['drill', probed, '--json', '--subject', url, '--listen', String(port), ...probe];
		const {stdout} = await runProgram(args);
		const report: DrillReport = JSON.parse(stdout);
		expect(report).toMatchObject({subject: {name: url}, returned: {otherProcess: null}});
		expect(report.failedCalls).toBeGreaterThan(0);
		expect(report.modes.map(({mode}) => mode)).toContain('fallback');
		expect(report.subject?.notes).toHaveLength(2);
		// The application has one connection, and nobody sees what it tries while the port is closed.
		expect(report.wire).toMatchObject({
			connections: {before: 1, during: {fewest: 0}, broken: 1},
			reconnects: {failed: 0, pauseMs: null, backOff: null},
		});
		expect(report.wire?.reconnects.unseenMs).toBeGreaterThan(100);
		expect(report.probes).toMatchObject([{name: page}]);
		expect(report.probes?.[0]?.during.availability).toBeLessThan(1);
		expect(report.expectations).toContainEqual(
			expect.objectContaining({
				name: 'probe.availability == 1',
				passed: false,
				actual: report.probes?.[0]?.availability,
			}),
		);
	});
});
