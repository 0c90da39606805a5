import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {runProgram} from '../support/program.js';

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
});

afterAll(() => rmSync(directory, {recursive: true}));

/** One line on standard error, nothing on standard output, no stack trace, no secret. */
async function expectRefusal(
	args: readonly string[],
	exitCode: number,
	message: RegExp,
	env: Record<string, string> = {},
) {
	const result = await runProgram(args, {env});
	expect(result.stderr).toMatch(/^redis-cache-tui: [^\n]+\n$/);
	expect(result.stderr).toMatch(message);
	expect(result.stderr).not.toMatch(/s3cret|\bat .*\.js:/);
	expect(result).toMatchObject({exitCode, signal: null, stdout: ''});
	return result;
}

describe('wrong usage is one line that says what to do, and exit code 2', () => {
	it.each<[string[], RegExp]>([
		[['--nonsense'], /unknown flag --nonsense; see --help/],
		[['--nope'], /unknown flag --nope; see --help/],
		[['--raet', '5'], /unknown flag --raet; did you mean --rate\?/],
		[['--read-onyl'], /did you mean --read-only\?/],
		[['--read-only=yes', 'drill', 'default'], /--read-only takes no value/],
		[['--readOnly=1', '--once'], /--readOnly takes no value/],
		[['-x'], /unknown flag -x; see --help/],
		[['frobnicate'], /unknown command "frobnicate"; see --help/],
		[['dril', 'default'], /unknown command "dril"; did you mean drill\?/],
		[['drill', 'blackhole'], /no drill "blackhole" and no such file; did you mean black-hole\?/],
		[['drill', 'quite-another'], /no drill "quite-another" and no such file; redis-cache-tui drill lists them/],
		[['drill', './nowhere.json'], /no drill ".\/nowhere.json" and no such file/],
		[['drill', 'a', 'b'], /drill takes one name or file/],
		[['drill', 'default', '--read-only'], /a drill writes to Redis: leave out --read-only/],
		[['drill', '--once'], /drill and --once contradict/],
		[['drill', '--report', 'junit'], /--report junit is of a drill that was run: name one, or all/],
		[['--rate', '0'], /--rate must be a whole number from 1 to 100000, not "0"/],
		[['--rate', 'many'], /--rate must be a whole number/],
		[['--rate', '-3'], /--rate must be a whole number/],
		[['--keys', '1.5'], /--keys must be a whole number from 1 to 1000000/],
		[['--fps', '1000'], /--fps must be a whole number from 1 to 30/],
		[['--glyphs', 'asci'], /--glyphs must be unicode or ascii, .*did you mean ascii/],
		[['--theme', 'drak'], /--theme must be default, light, colour-blind or mono/],
		[['--report', 'xml'], /--report must be text, json or junit/],
		[['--report', 'junit', '--json'], /--json and --report junit contradict/],
		[['--once', '--report', 'junit'], /--once and --report junit contradict/],
		[['--namespace', 'a b'], /--namespace must be 1 to 64 letters/],
		[['--url'], /--url needs a value/],
		[['--url', 'redis://a', '--url', 'redis://b'], /can only be set once/],
		[['--url', 'redis://a', '--embedded'], /--url and --embedded contradict/],
		[['--once', '--url', 'http://user:s3cret@localhost'], /Redis URLs start with redis:\/\//],
		[['--once', '--url', 'not a url s3cret'], /Redis URL cannot be read/],
		[['--once', '--url', 'redis://:s3cret@localhost:99999'], /port .*between 1 and 65535/],
		[['--once', '--url', 'redis://:s3cret@localhost:0'], /port .*between 1 and 65535/],
		[['--once', '--url', 'redis://localhost/db'], /database of the Redis URL must be a number/],
		[['--url', 'redis://:s3cret@localhost:6379'], /without a terminal there is no dashboard/],
		[['--read-only'], /without a terminal a drill would run, and it writes to Redis/],
	])('%j', async (args, message) => {
		await expectRefusal(args, 2, message);
	});

	it('a URL in the environment is named as such', () =>
		expectRefusal(['--once'], 2, /\$REDIS_URL: The port of the Redis URL/, {
			REDIS_URL: 'redis://:s3cret@localhost:99999',
		}));

	it('a URL that cannot be read does not keep the drills from being listed', async () => {
		const {stdout, exitCode} = await runProgram(['drill'], {env: {REDIS_URL: 'nonsense'}});
		expect(stdout).toContain('black-hole');
		expect(exitCode).toBe(0);
	});

	it('a drill file that is wrong is told with its line', async () => {
		const file = join(directory, 'wrong.json');
		writeFileSync(
			file,
			'{\n\t"name": "wrong",\n\t"summary": "x",\n\t"duration": "1s",\n\t"steps": [{"at": "0s", "fault": "earthquake"}],\n\t"expectations": ["wrongReads == 0"]\n}\n',
		);
		await expectRefusal(['drill', file], 2, /wrong\.json:5 .*earthquake/);
	});

	it('a drill file with several mistakes is told with all of them, a line for each', async () => {
		const file = join(directory, 'many.json');
		writeFileSync(
			file,
			'{\n\t"name": "many",\n\t"summary": "x",\n\t"duration": "1s",\n\t"steps": [{"at": "2s", "fault": "earthquake"}],\n\t"expectations": ["luck >= 1"]\n}\n',
		);
		const {stderr, stdout, exitCode} = await runProgram(['drill', file]);
		expect(stderr.split('\n')).toEqual([
			expect.stringMatching(/^redis-cache-tui: .*many\.json:5 steps\[0\]\.at: comes after the end/),
			expect.stringMatching(/^redis-cache-tui: .*many\.json:5 steps\[0\]\.fault: No fault "earthquake"/),
			expect.stringMatching(/^redis-cache-tui: .*many\.json:6 expectations\[0\]: the report has no "luck"/),
			'',
		]);
		expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 2});
	});

	it('a drill file that is not JSON is told', async () => {
		const file = join(directory, 'not.json');
		writeFileSync(file, 'drill!');
		await expectRefusal(['drill', file], 2, /not\.json:1/);
	});
});

describe('a configuration file that cannot be used', () => {
	const withConfig = async (text: string, message: RegExp) => {
		const home = mkdtempSync(join(directory, 'config-'));
		const {mkdirSync} = await import('node:fs');
		mkdirSync(join(home, 'redis-cache-tui'));
		writeFileSync(join(home, 'redis-cache-tui', 'config.json'), text);
		await expectRefusal(['--print-config'], 2, message, {XDG_CONFIG_HOME: home});
	};

	it.each([
		['{"theme": "light",\n"url": "redis://:s3cret@h', /config\.json:2 is not valid JSON \(.+\): mend it or remove it/],
		['{"theme": "light"\n\n"rate": 5}', /config\.json:3 is not valid JSON \(comma expected\)/],
		['[]', /must be a JSON object/],
		['{\n\t"raet": 5\n}', /config\.json:2 has an unknown setting "raet"; did you mean "rate"\?/],
		['{"rate": "fast"}', /rate in the configuration file \S+config\.json:1 must be a whole number/],
		['{"readOnly": "yes"}', /readOnly in the configuration file \S+config\.json:1 must be true or false/],
	])('%s', withConfig);
});

describe('a Redis that cannot be reached is one line, and exit code 3', () => {
	it('where nothing listens', () =>
		expectRefusal(
			['--once', '--url', 'redis://user:s3cret@127.0.0.1:1'],
			3,
			/cannot reach redis:\/\/\*\*\*@127\.0\.0\.1:1: connection refused/,
		));

	it('where the socket is not there', () =>
		expectRefusal(['--once', '--url', 'unix:///nowhere/redis.sock'], 3, /no such socket/));

	it('where a host does not exist', () =>
		expectRefusal(
			['--once', '--url', 'redis://no-such-host.invalid'],
			3,
			/cannot reach redis:\/\/no-such-host\.invalid/,
		));

	it.each([
		[
			'redis+cluster://:s3cret@127.0.0.1:1',
			/cannot reach redis\+cluster:\/\/\*\*\*@127\.0\.0\.1:1 within 2 s: .*no node/,
		],
		['redis+sentinel://:s3cret@127.0.0.1:1/main', /cannot reach redis\+sentinel:.* within 2 s: .*no sentinel/],
	])('nor is there anything that accepts connections behind %s', async (url, message) => {
		await expectRefusal(['--once', '--url', url], 3, message);
	});

	it('for a drill as well', () =>
		expectRefusal(['drill', 'default', '--url', 'redis://127.0.0.1:1'], 3, /connection refused/));

	it('where something listens and never answers, in about two seconds', async () => {
		const mute = createServer((socket) => socket.on('error', () => undefined));
		await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
		const address = mute.address();
		const port = address !== null && typeof address === 'object' ? address.port : 0;
		const {durationMs} = await expectRefusal(
			['--once', '--url', `redis://127.0.0.1:${port}`],
			3,
			/does not answer as Redis does/,
		);
		expect(durationMs).toBeLessThan(5000);
		mute.close();
	});

	it('where something else than Redis listens', async () => {
		const web = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
		});
		await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
		const address = web.address();
		const port = address !== null && typeof address === 'object' ? address.port : 0;
		await expectRefusal(['--once', '--url', `redis://127.0.0.1:${port}`], 3, /check the URL/);
		web.close();
	});
});
