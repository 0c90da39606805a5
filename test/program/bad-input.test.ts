import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {homedir, tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {main} from '../../source/cli/main.js';
import {type ProgramResult, runProgram} from '../support/program.js';

let directory: string;

beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
});

afterAll(() => rmSync(directory, {recursive: true}));

/**
 * Runs the program in this process: most errors of usage do not need a process of their own, which takes half a second.
 */
async function runHere(args: readonly string[]): Promise<Pick<ProgramResult, 'exitCode' | 'stdout' | 'stderr'>> {
	let stdout = '';
	let stderr = '';
	const out = (text: string) => {
		stdout += text;
	};
	const exitCode = await main(args, {
		glyphs: 'unicode',
		out,
		data: out,
		err(text) {
			stderr += text;
		},
		drained: async () => undefined,
		written: async () => undefined,
		broken: new AbortController().signal,
		failed: false,
	});
	return {exitCode, stdout, stderr};
}

/** Expects one line on standard error, nothing on standard output, no stack trace and no secret. */
function expectRefusal(
	{exitCode: actual, stdout, stderr}: Pick<ProgramResult, 'exitCode' | 'stdout' | 'stderr'>,
	exitCode: number,
	message: RegExp,
): void {
	expect(stderr).toMatch(/^redis-cache-tui: [^\n]+\n$/);
	expect(stderr).toMatch(message);
	expect(stderr).not.toMatch(/s3cret|\bat .*\.js:/);
	expect({exitCode: actual, stdout}).toEqual({exitCode, stdout: ''});
}

function useSettings(settings: {readonly config?: string; readonly url?: string}): void {
	const home = mkdtempSync(join(directory, 'config-'));
	vi.stubEnv('XDG_CONFIG_HOME', home);
	vi.stubEnv('REDIS_URL', settings.url);
	if (settings.config === undefined) return;
	mkdirSync(join(home, 'redis-cache-tui'));
	writeFileSync(join(home, 'redis-cache-tui', 'config.json'), settings.config);
}

beforeEach(() => useSettings({}));

afterEach(() => {
	vi.unstubAllEnvs();
});

describe('wrong usage is one line that says what to do, and exit code 2:', () => {
	it.each<[string[], RegExp]>([
		[['--nonsense'], /unknown flag --nonsense; see --help/],
		[['--nope'], /unknown flag --nope; see --help/],
		[['--raet', '5'], /unknown flag --raet; did you mean --rate\?/],
		[['--read-onyl'], /did you mean --read-only\?/],
		[['--read-only=yes', 'drill', 'default'], /--read-only takes no value/],
		[['--readOnly=1', '--once'], /--readOnly takes no value/],
		[['-x'], /unknown flag -x; see --help/],
		[['frobnicate'], /unknown command "frobnicate"; see --help/],
		[['keys'], /keys needs a Redis: give --url/],
		[['keys', 'user:*', '--url', 'redis://127.0.0.1:1'], /keys takes no name: write keys --pattern "user:\*"/],
		[['--pattern', 'user:*'], /--pattern chooses what keys prints/],
		[['keys', '--scan-rate', '1'], /--scan-rate must be a whole number from 10 to 100000000, not "1"/],
		[['dril', 'default'], /unknown command "dril"; did you mean drill\?/],
		[['drill', 'blackhola'], /no drill "blackhola" and no such file; did you mean black-hole\?/],
		[['drill', 'quite-another'], /no drill "quite-another" and no such file; `redis-cache-tui drill` lists them/],
		[['drill', './nowhere.json'], /no drill ".\/nowhere.json" and no such file/],
		[['drill', 'a', 'b'], /drill takes one name or file/],
		[['drill', 'default', '--read-only'], /a drill writes to Redis: leave out --read-only/],
		[['drill', '--once'], /drill and --once contradict/],
		[['drill', '--report', 'junit'], /--report junit needs a drill to run: give the name of one, or all/],
		[['drill', '--report', 'html'], /--report html needs a drill to run/],
		[['tap', 'me'], /tap takes no name: write tap --url me/],
		[['tap', '--once', '--report', 'html'], /--once and --report html contradict/],
		[['tap', '--once', '--output', 'tap.html'], /--once and --output contradict/],
		[['tap', '--probe', 'http://localhost:3000/'], /--probe with tap is for drills from the dashboard/],
		[['tap', '--output', '/nonexistent/tap.html'], /--output: nothing can be written in \/nonexistent: ENOENT/],
		[['tap', '--output', '.'], /--output must name a file, and .* is a folder/],
		[['--lines'], /--lines belongs to tap and attach: write redis-cache-tui tap --lines/],
		[['tap', '--report', 'junit'], /tap and --report junit contradict/],
		[
			['tap', '--listen', 'everywhere'],
			/--listen must be an address such as 127\.0\.0\.1:6380, or a port .*, not "everywhere"/,
		],
		[
			['tap', '--listen', 'rediss://127.0.0.1:6380'],
			/--listen cannot be rediss:\/\/: the application connects .* without TLS/,
		],
		[['tap', '--listen', '127.0.0.1:70000'], /--listen must be an address/],
		[['tap', '--for', 'ever'], /--for must be a duration from 1ms to 24d with its unit, such as 60s or 5m, not "ever"/],
		[['--for', '60s'], /--for belongs to tap/],
		[['--once', '--hide-keys'], /--hide-keys belongs to tap and drill/],
		[['drill', 'default', '--hide-keys'], /--hide-keys is for the keys of an application: give --probe, --subject or/],
		[['--rate', '0'], /--rate must be a whole number from 1 to 100000, not "0"/],
		[['--rate', 'many'], /--rate must be a whole number/],
		[['--rate', '-3'], /--rate must be a whole number/],
		[['--keys', '1.5'], /--keys must be a whole number from 1 to 1000000/],
		[['--fps', '1000'], /--fps must be a whole number from 1 to 30/],
		[['--glyphs', 'asci'], /--glyphs must be unicode or ascii, .*did you mean ascii/],
		[['--theme', 'drak'], /--theme must be default, light, colour-blind or mono/],
		[['--report', 'xml'], /--report must be text, json, junit, html or github, not "xml"/],
		[['--report', 'junit', '--json'], /--json and --report junit contradict/],
		[['--once', '--report', 'junit'], /--once and --report junit contradict/],
		[['keys', '--report', 'html'], /keys and --report html contradict/],
		[['--namespace', 'a b'], /--namespace must be 1 to 64 letters/],
		[['--url'], /--url needs a value/],
		[['--url', 'redis://a', '--url', 'redis://b'], /can only be set once/],
		[['--url', 'redis://a', '--embedded'], /--url and --embedded contradict/],
		[['--url', 'redis://a', '--faketime'], /--faketime is for a private Redis, and a URL is given/],
		[['--url', 'redis://a', '--private', 'cluster'], /--url and --private contradict/],
		[['--embedded', '--private', 'sentinel'], /--embedded and --private sentinel contradict/],
		[['--private', 'clutser'], /--private must be cluster or sentinel, not "clutser"; did you mean cluster/],
		[['--once', '--deadline', 'soon'], /--deadline must be a time from 1ms to 60s, such as .*, not "soon"/],
		[['--once', '--deadline', '0'], /--deadline must be a time from 1ms to 60s/],
		[['--once', '--url', 'redis://a', '--ca', 'a.pem'], /--ca is for a Redis with TLS: give --url rediss:/],
		[['--once', '--insecure'], /--insecure is for a Redis with TLS/],
		[['--once', '--url', 'rediss://a', '--cert', 'a.pem'], /a certificate needs its private key: give --key/],
		[['--once', '--url', 'rediss://a', '--key', 'a.pem'], /a private key needs its certificate: give --cert/],
		[['--once', '--url', 'rediss://a', '--ca', '/nowhere.pem'], /--ca cannot be read: \/nowhere.pem: no such file/],
		[['keys', '--url', 'rediss://a', '--ca', '/nowhere.pem'], /--ca cannot be read: \/nowhere.pem: no such file/],
		[['--once', '--url', 'http://user:s3cret@localhost'], /Redis URLs start with redis:\/\//],
		[['--print-config', '--url', 'http://user:s3cret@localhost'], /--url: Redis URLs start with redis:\/\//],
		[['--once', '--url', 'not a url s3cret'], /Redis URL cannot be read/],
		[['--once', '--url', 'redis://:s3cret@localhost:99999'], /port .*between 1 and 65535/],
		[['--once', '--url', 'redis://:s3cret@localhost:0'], /port .*between 1 and 65535/],
		[['--once', '--url', 'redis://localhost/db'], /database of the Redis URL must be a number/],
		[['--url', 'redis://:s3cret@localhost:6379'], /there is no terminal for the dashboard/],
		[['--read-only'], /the default drill writes to Redis/],
	])('%j', async (args, message) => {
		expectRefusal(await runHere(args), 2, message);
	});

	it('not a bad URL in the environment when only the drills are listed', async () => {
		useSettings({url: 'nonsense'});
		const {stdout, exitCode} = await runHere(['drill']);
		expect(stdout).toContain('black-hole');
		expect(exitCode).toBe(0);
	});

	it('in a process of its own, too', async () => {
		const result = await runProgram(['--raet', '5'], {env: {XDG_CONFIG_HOME: directory}});
		expectRefusal(result, 2, /unknown flag --raet; did you mean --rate\?/);
		expect(result.signal).toBeNull();
	});

	it('a drill file with a mistake, with its line', async () => {
		const file = join(directory, 'wrong.json');
		writeFileSync(
			file,
			'{\n\t"name": "wrong",\n\t"summary": "x",\n\t"duration": "1s",\n\t"steps": [{"at": "0s", "fault": "earthquake"}],\n\t"expectations": ["wrongReads == 0"]\n}\n',
		);
		expectRefusal(await runHere(['drill', file]), 2, /wrong\.json:5 .*earthquake/);
	});

	it('a drill file with several mistakes, with one line for each', async () => {
		const file = join(directory, 'many.json');
		writeFileSync(
			file,
			'{\n\t"name": "many",\n\t"summary": "x",\n\t"duration": "1s",\n\t"steps": [{"at": "2s", "fault": "earthquake"}],\n\t"expectations": ["luck >= 1"]\n}\n',
		);
		const {stderr, stdout, exitCode} = await runHere(['drill', file]);
		expect(stderr.split('\n')).toEqual([
			expect.stringMatching(/^redis-cache-tui: .*many\.json:5 steps\[0\]\.at: is after the end of the drill/),
			expect.stringMatching(/^redis-cache-tui: .*many\.json:5 steps\[0\]\.fault: No fault "earthquake"/),
			expect.stringMatching(/^redis-cache-tui: .*many\.json:6 expectations\[0\]: the report has no "luck"/),
			'',
		]);
		expect({stdout, exitCode}).toEqual({stdout: '', exitCode: 2});
	});

	it('a drill file with a setting that the cache refuses, before anything starts', async () => {
		const file = join(directory, 'deadline.json');
		writeFileSync(
			file,
			'{\n\t"name": "late",\n\t"summary": "x",\n\t"duration": "1s",\n\t"cache": {"deadline": "2m"},\n\t"steps": [],\n\t"expectations": ["wrongReads == 0"]\n}\n',
		);
		expectRefusal(
			await runHere(['drill', file]),
			2,
			/deadline\.json:5 cache\.deadline: deadline must be from 1 to 60000 ms/,
		);
	});

	it('a drill file that is not JSON', async () => {
		const file = join(directory, 'not.json');
		writeFileSync(file, 'drill!');
		expectRefusal(await runHere(['drill', file]), 2, /not\.json:1/);
	});
});

describe('a configuration file that cannot be used is one line, and exit code 2:', () => {
	it.each([
		['{"theme": "light",\n"url": "redis://:s3cret@h', /config\.json:2 is not valid JSON \(.+\): fix it or remove it/],
		['{"theme": "light"\n\n"rate": 5}', /config\.json:3 is not valid JSON \(comma expected\)/],
		['[]', /must be a JSON object/],
		['{\n\t"raet": 5\n}', /config\.json:2 has an unknown setting "raet"; did you mean "rate"\?/],
		['{"rate": "fast"}', /rate in the configuration file \S+config\.json:1 must be a whole number/],
		['{\n"url": "http://:s3cret@h"}', /url in the configuration file \S+config\.json:2: Redis URLs start with redis:/],
		['{"rate": 5,\n"fps": 2,\n"rate": 6}', /config\.json:3 has "rate" twice, first in line 1: remove one of them/],
		['\u{feff}{"raet": 5}', /config\.json:1 has an unknown setting "raet"/],
		['{"deadline": "2m"}', /deadline in the configuration file \S+config\.json:1 must be a time from 1ms to 60s/],
		['{"connections": []}', /connections in the configuration file \S+config\.json:1 must be an object: \{"shop"/],
		[
			'{"connections": {\n"shop": 5}}',
			/the connection shop in the configuration file \S+config\.json:2 must be an obj/,
		],
		[
			'{"connections": {\n"shop": {\n"urll": ""}}}',
			/config\.json:3 has an unknown setting .*"urll"; did you mean "url"/,
		],
		['{"connections": {"shop": {"color": "red"}}}', /the connection shop in the configuration file \S+ has no url/],
		['{"connections": {"a b": {"url": "redis://a"}}}', /the name of a connection .* must be 1 to 64 letters/],
		['{"connections": {"private": {"url": "redis://a"}}}', /is called private, which means a private Redis: rename/],
		[
			'{"connections": {"shop": {"url": "redis://a",\n"color": "gren"}}}',
			/color of the connection shop .*did you mean g/,
		],
		['{"connections": {"shop": {"url": "http://:s3cret@a"}}}', /url of the connection shop .*: Redis URLs start with/],
		['{"connections": {"s": {"url": "redis://a"}}, "connection": "s", "url": "redis://b"}', /contradict each other/],
		['{"connection": "shop"}', /connection in the configuration file \S+: the configuration file has no connections/],
		['{"readOnly": "yes"}', /readOnly in the configuration file \S+config\.json:1 must be true or false/],
	])('%s', async (config, message) => {
		useSettings({config});
		expectRefusal(await runHere(['--print-config']), 2, message);
	});
});

describe.concurrent('a Redis that cannot be reached is one line, and exit code 3:', () => {
	const expectUnreachable = async (args: readonly string[], message: RegExp): Promise<void> => {
		expectRefusal(await runProgram(args), 3, message);
	};

	it('nothing listens on the port', () =>
		expectUnreachable(
			['--once', '--url', 'redis://user:s3cret@127.0.0.1:1'],
			/cannot reach redis:\/\/\*\*\*@127\.0\.0\.1:1: connection refused/,
		));

	it('the socket does not exist', () =>
		expectUnreachable(['--once', '--url', 'unix:///nowhere/redis.sock'], /no such socket/));

	it('the host does not exist', () =>
		expectUnreachable(
			['--once', '--url', 'redis://no-such-host.invalid'],
			/cannot reach redis:\/\/no-such-host\.invalid/,
		));

	it.each([
		[
			'redis+cluster://:s3cret@127.0.0.1:1',
			/cannot reach redis\+cluster:\/\/\*\*\*@127\.0\.0\.1:1 within 2 s: .*no node/,
		],
		['redis+sentinel://:s3cret@127.0.0.1:1/main', /cannot reach redis\+sentinel:.* within 2 s: .*no sentinel/],
	])('no node accepts connections: %s', async (url, message) => {
		await expectUnreachable(['--once', '--url', url], message);
	});

	it('for a drill as well', () =>
		expectUnreachable(['drill', 'default', '--url', 'redis://127.0.0.1:1'], /connection refused/));

	it('the server accepts connections but does not answer within two seconds', async () => {
		const mute = createServer((socket) => socket.on('error', () => undefined));
		await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
		const address = mute.address();
		const port = address !== null && typeof address === 'object' ? address.port : 0;
		await expectUnreachable(
			['--once', '--url', `redis://127.0.0.1:${port}`],
			/does not answer as Redis does within 2 s: a long command blocks it/,
		);
		mute.close();
	});

	it('the server does not speak the Redis protocol', async () => {
		const web = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
		});
		await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
		const address = web.address();
		const port = address !== null && typeof address === 'object' ? address.port : 0;
		await expectUnreachable(
			['--once', '--url', `redis://127.0.0.1:${port}`],
			/is not a Redis: a web server answers there/,
		);
		web.close();
	});
});

describe('connections of the configuration file', () => {
	const config = JSON.stringify({
		deadline: '300ms',
		connections: {
			shop: {url: 'rediss://:s3cret@shop.example', color: 'red', readOnly: true, ca: 'shop.pem', delimiter: '/'},
			dev: {url: 'redis://dev.example', deadline: '1s'},
		},
	});

	it('are chosen by --connection, whose settings count more than those of the file, and less than flags', async () => {
		useSettings({config});
		const {stdout} = await runHere(['--print-config', '--connection', 'shop', '--delimiter', '.', '--insecure']);
		expect(stdout).not.toContain('s3cret');
		expect(JSON.parse(stdout)).toMatchObject({
			settings: {
				url: {value: 'rediss://***@shop.example', from: 'connection'},
				readOnly: {value: true, from: 'connection'},
				delimiter: {value: '.', from: 'flag'},
				deadline: {value: 300, from: 'configuration file'},
			},
			connections: {
				shop: {insecure: true, readOnly: true, color: 'red', deadlineMs: 300},
				// Consent for one Redis does not hold for another.
				dev: {insecure: false, readOnly: false, deadlineMs: 1000},
			},
		});
	});

	it.each([
		[['--once', '--connection', 'shpo'], /--connection: there is no connection "shpo"; did you mean shop\?/],
		[['--once', '--connection', 'elsewhere'], /there is no connection "elsewhere"; there are shop, dev/],
		[['--connection', 'dev', '--url', 'redis://a'], /--connection and --url contradict each other/],
		[['--connection', 'dev', '--embedded'], /--connection and --embedded contradict each other/],
		[['--connection', 'dev'], /there is no terminal for the dashboard/],
		[['drill', 'default', '--connection', 'shop'], /a drill writes to Redis, and the connection shop is read-only/],
	])('%j', async (args, message) => {
		useSettings({config});
		expectRefusal(await runHere(args), 2, message);
	});
});

it('files of TLS are relative to the configuration file, or to the working directory', async () => {
	useSettings({config: '{"ca": "ca.pem", "cert": "~/client.pem", "deadline": "1s"}'});
	const {stdout} = await runHere(['--print-config', '--url', 'rediss://localhost', '--key', 'client.key']);
	expect(JSON.parse(stdout).settings).toMatchObject({
		ca: {value: join(process.env.XDG_CONFIG_HOME ?? '', 'redis-cache-tui/ca.pem'), from: 'configuration file'},
		cert: {value: join(homedir(), 'client.pem')},
		key: {value: join(process.cwd(), 'client.key'), from: 'flag'},
		deadline: {value: 1000},
		insecure: {value: false, from: 'default'},
	});
});
