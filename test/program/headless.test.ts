import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {belongingsOf, leftoversOf} from '../support/leftovers.js';
import {runProgram, startProgram} from '../support/program.js';
import {realRedisVersion} from '../support/real-redis.js';
import {until} from '../support/until.js';

let directory: string;
let short: string;
let failing: string;
let long: string;
let server: PrivateRedis;

const drill = (name: string, duration: string, expectations: readonly string[]) => {
	const file = join(directory, `${name}.json`);
	const steps = [{at: '0.6s', fault: 'blackhole', for: '0.9s'}];
	writeFileSync(
		file,
		JSON.stringify({name, summary: 'for a test', duration, workload: {rate: 200}, steps, expectations}),
	);
	return file;
};

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	short = drill('short', '2.2s', ['wrongReads == 0', 'modes.fallback >= 1']);
	failing = drill('failing', '1.7s', ['modes.fallback >= 99']);
	long = drill('long', '60s', ['wrongReads == 0']);
	server = await startPrivateRedis({password: ''});
});

afterAll(async () => {
	rmSync(directory, {recursive: true});
	await server?.close();
});

/** Checks every field of a report and its type, on which those who keep reports rely. */
function expectReport(report: DrillReport): void {
	const duration = expect.any(Number);
	expect(report).toEqual({
		drill: expect.any(String),
		server: expect.stringMatching(/^(\S+|built-in server) \d[\w.-]* \(private\)$/),
		passed: expect.any(Boolean),
		...(report.partial === undefined ? {} : {partial: expect.any(String)}),
		durationMs: duration,
		calls: expect.any(Number),
		skippedCalls: expect.any(Number),
		failedCalls: expect.any(Number),
		hungCalls: expect.any(Number),
		...(report.lateCalls === undefined ? {} : {lateCalls: expect.any(Number)}),
		unstoredChanges: expect.any(Number),
		...(report.answeredBeforeFault === undefined ? {} : {answeredBeforeFault: expect.any(Number)}),
		wrongReads: expect.any(Number),
		availability: expect.any(Number),
		settleMs: {p50: duration, p99: duration, max: duration},
		faultSettleMs: {p50: duration, p99: duration, max: duration},
		machineLateMs: {p50: duration, p99: duration, max: duration},
		hitRatio: expect.any(Number),
		modes: expect.any(Array),
		recoveryMs: report.recoveryMs === null ? null : duration,
		journal: {max: expect.any(Number), overflowed: expect.any(Number), reconciled: expect.any(Number)},
		expectations: expect.any(Array),
	});
	for (const mode of report.modes) {
		expect(mode).toEqual({mode: expect.stringMatching(/^(connected|fallback|recovering)$/), atMs: duration});
	}
	for (const {name, passed, ...rest} of report.expectations) {
		expect([typeof name, typeof passed]).toEqual(['string', 'boolean']);
		expect(rest).toHaveProperty('limit');
	}
}

describe.concurrent('a drill without a terminal', () => {
	it('prints nothing but the report on standard output with --json', async () => {
		const {exitCode, stdout, stderr} = await runProgram(['drill', short, '--json']);
		const report: DrillReport = JSON.parse(stdout);
		expectReport(report);
		expect(report).toMatchObject({drill: 'short', passed: true, wrongReads: 0});
		expect(report.modes.map(({mode}) => mode)).toContain('fallback');
		expect(stderr).toMatch(/^ *\d\.\d \/ 2\.2 s {2}.* (connected|fallback|recovering) .*$/m);
		expect(exitCode).toBe(0);
	});

	it('prints one line a second on standard error, then the report on standard output', async () => {
		const {exitCode, stdout, stderr} = await runProgram(['drill', short], {env: {LC_ALL: 'C.UTF-8'}});
		// A busy machine may miss a second, or take longer.
		expect(stderr).toMatch(/^( *\d\.\d \/ 2\.2 s .*\n){1,5}$/);
		expect(stdout).toMatch(/^short on .*: passed\n/);
		expect(stdout).toMatch(/✓ {2}wrongReads == 0 +met/);
		expect(exitCode).toBe(0);
	});

	it('prints plain ASCII if the locale is not UTF-8', async () => {
		const {stdout} = await runProgram(['drill', failing], {env: {LC_ALL: 'C', LANG: 'C'}});
		// biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
		expect(stdout).toMatch(/^[\u0000-\u007F]+$/);
	});

	it('ends with exit code 1 if it fails, and explains it in the JUnit report', async () => {
		const {exitCode, stdout} = await runProgram(['drill', failing, '--report', 'junit']);
		expect(stdout).toMatch(/^<\?xml .*\n<testsuites .*failures="1"/);
		expect(stdout).toContain('expected modes.fallback &gt;= 99');
		expect(exitCode).toBe(1);
	});

	it('is a page with its time lines and events with --report html', async () => {
		const {exitCode, stdout} = await runProgram(['drill', failing, '--report', 'html']);
		expect(stdout).toMatch(/^<!doctype html>\n[\s\S]*<\/html>\n$/);
		expect(stdout).toContain('<title>failing: failed, 1 of 1 expectation not met</title>');
		expect(stdout).toContain('<title id="drill-latency-title">Time until calls settled, over time</title>');
		expect(stdout).toMatch(/blackhole: \d\.\d s to \d\.\d s/);
		expect(stdout).toMatch(/>outage: blackhole.*<\/td>/);
		expect(exitCode).toBe(1);
	});

	it.each([
		['SIGINT', 130],
		['SIGTERM', 143],
		['SIGHUP', 129],
	] as const)('prints a partial report on %s, and leaves no process or directory behind', async (signal, exitCode) => {
		const program = startProgram(['drill', long, '--json']);
		await until(() => program.stderr().split('\n').length > 2, 'two lines of progress');
		const belongings = belongingsOf(program.child.pid ?? 0);
		expect(belongings.pids.length).toBeGreaterThan(0);
		program.child.kill(signal);
		const result = await program.finished;
		const report: DrillReport = JSON.parse(result.stdout);
		expectReport(report);
		expect(report).toMatchObject({
			passed: false,
			partial: `interrupted by ${signal}`,
			expectations: [{name: 'wrongReads == 0', passed: false, undecided: true}],
		});
		expect(result.exitCode).toBe(exitCode);
		await until(() => leftoversOf(belongings).length === 0, 'nothing to be left');
	});

	it('ends without a message when its standard output is closed', async () => {
		const program = startProgram(['drill', long], {shareOutput: true});
		await until(() => program.stdout() !== '', 'a line of progress');
		program.child.stdout?.destroy();
		const result = await program.finished;
		expect(result).toMatchObject({exitCode: 141, signal: null, stderr: ''});
	});

	it('leaves no process or directory behind when it is killed', async () => {
		const program = startProgram(['drill', long]);
		await until(() => program.stderr() !== '', 'a line of progress');
		const belongings = belongingsOf(program.child.pid ?? 0);
		expect(belongings).toMatchObject(realRedisVersion === undefined ? {} : {directories: [expect.any(String)]});
		program.child.kill('SIGKILL');
		await program.finished;
		await until(() => leftoversOf(belongings).length === 0, 'nothing to be left');
	});

	it('runs on a Redis given by its URL', async () => {
		const url = `redis://127.0.0.1:${server.port}`;
		const {exitCode, stdout} = await runProgram(['drill', short, '--json', '--url', url]);
		expect(JSON.parse(stdout)).toMatchObject({passed: true, server: expect.stringMatching(/^redis.* \(external\)$/)});
		expect(exitCode).toBe(0);
	});
});

describe.concurrent('without a drill', () => {
	it('--version and --help print what they name', async () => {
		expect(await runProgram(['--version'])).toMatchObject({
			exitCode: 0,
			stdout: expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?\n$/),
		});
		const help = await runProgram(['--help']);
		expect(help).toMatchObject({exitCode: 0, stderr: '', stdout: expect.stringContaining('--read-only')});
		for (const line of help.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
	});

	it('drill lists the drills', async () => {
		expect((await runProgram(['drill'])).stdout).toMatch(/^default +10 s {2}\w.*\nblack-hole +\d+ s {2}/);
		expect(JSON.parse((await runProgram(['drill', '--json'])).stdout)).toContainEqual(
			expect.objectContaining({name: 'flapping'}),
		);
	});

	it('drill lists the drills with any report format in the configuration file', async () => {
		const home = mkdtempSync(join(directory, 'config-'));
		mkdirSync(join(home, 'redis-cache-tui'));
		writeFileSync(join(home, 'redis-cache-tui', 'config.json'), '{"report": "junit"}');
		const {stdout, exitCode} = await runProgram(['drill'], {env: {XDG_CONFIG_HOME: home}});
		expect(stdout).toMatch(/^default +10 s {2}\w/);
		expect(exitCode).toBe(0);
	});

	it('--once prints one snapshot of a Redis, as text and as JSON', async () => {
		const url = `redis://127.0.0.1:${server.port}`;
		const text = await runProgram(['--once', '--url', url]);
		expect(text).toMatchObject({exitCode: 0, stderr: ''});
		expect(text.stdout).toMatch(
			/^(redis 7|redis-cache-tui built-in).* \(external\) at redis:\/\/127.*\nrole master, up /,
		);
		// Other tests may use this server at the same time.
		expect(text.stdout).toMatch(
			/\nverdict: .*\napplications: (hit ratio .*|no) lookups, .* clients?\nlatency in the server: (p50|no commands)/,
		);
		const json = await runProgram(['--once', '--json', '--url', url]);
		expect(JSON.parse(json.stdout)).toMatchObject({
			target: {kind: 'external', url},
			// None was opened.
			cache: {mode: {reason: 'not open'}, pool: {lanes: []}},
			workload: {running: false, calls: 0},
			server: {role: 'master'},
			ttl: {source: 'redis'},
			source: 'server',
			// Other tests use this server at the same time.
			activity: {
				verdict: {problems: expect.any(Array)},
				recent: {hits: expect.any(Number), families: {reads: expect.any(Number)}, errors: expect.any(Object)},
				refused: [],
				nodes: [],
			},
		});
	});

	it('--embedded overrides a URL in the configuration file', async () => {
		const home = mkdtempSync(join(directory, 'config-'));
		mkdirSync(join(home, 'redis-cache-tui'));
		writeFileSync(join(home, 'redis-cache-tui', 'config.json'), '{"url": "redis://127.0.0.1:1"}');
		const {stdout} = await runProgram(['--once', '--json', '--embedded'], {env: {XDG_CONFIG_HOME: home}});
		expect(JSON.parse(stdout)).toMatchObject({target: {kind: 'built-in', name: 'built-in server'}});
	});

	it('--print-config shows the settings and their origins, without passwords', async () => {
		const home = mkdtempSync(join(directory, 'config-'));
		mkdirSync(join(home, 'redis-cache-tui'));
		const config = '{"theme": "light", "rate": 5, "url": "redis://:s3cret@h:1"}';
		writeFileSync(join(home, 'redis-cache-tui', 'config.json'), config);
		const env = {XDG_CONFIG_HOME: home};
		const {stdout, exitCode} = await runProgram(['--print-config', '--rate', '7'], {env});
		expect(JSON.parse(stdout)).toMatchObject({
			fileExists: true,
			settings: {
				theme: {value: 'light', from: 'configuration file'},
				rate: {value: 7, from: 'flag'},
				url: {value: 'redis://***@h:1', from: 'configuration file'},
				keys: {value: 2000, from: 'default'},
			},
		});
		expect(stdout).not.toContain('s3cret');
		expect(exitCode).toBe(0);
	});
});
