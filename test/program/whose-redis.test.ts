import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {describe, expect, it, type TestContext} from 'vitest';
import {programPath, runProgram} from '../support/program.js';
import {describeReal} from '../support/real-redis.js';
import {startRedisProcess} from '../support/redis-process.js';
import {openTerminal} from '../support/terminal.js';

type Context = Pick<TestContext, 'onTestFinished'>;

/** Stands for the Redis of somebody else: it counts the connections that are made to it. */
async function openBystander({onTestFinished}: Context): Promise<{readonly url: string; connections(): number}> {
	let connections = 0;
	const server = createServer((socket) => {
		connections++;
		socket.destroy();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void server.close());
	return {url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => connections};
}

/** A directory with the file of a short drill. */
function shortDrill({onTestFinished}: Context): {readonly directory: string; readonly path: string} {
	const directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	onTestFinished(() => rmSync(directory, {recursive: true}));
	const path = join(directory, 'short.json');
	const drill = {name: 'short', summary: 'x', duration: '300ms', steps: [], expectations: ['calls >= 1']};
	writeFileSync(path, JSON.stringify(drill));
	return {directory, path};
}

const note =
	'redis-cache-tui: $REDIS_URL is ignored, and a private Redis is used: give --url "$REDIS_URL" to use that one\n';

describe.concurrent('without --url, the program touches no Redis that it did not start:', () => {
	it('a drill runs on a private Redis, and says that it does not use $REDIS_URL', async (context) => {
		const {url, connections} = await openBystander(context);
		const {path} = shortDrill(context);
		const {stdout, stderr, exitCode} = await runProgram(['drill', path, '--json'], {env: {REDIS_URL: url}});
		expect(JSON.parse(stdout)).toMatchObject({passed: true, server: expect.stringContaining('(private)')});
		// On a busy machine a line about late measurements may follow.
		expect(stderr).toContain(note);
		expect(exitCode).toBe(0);
		expect(connections()).toBe(0);
	});

	it('a snapshot is of a private Redis, and says so', async (context) => {
		const {url, connections} = await openBystander(context);
		const {stdout, stderr, exitCode} = await runProgram(['--once', '--json'], {env: {REDIS_URL: url}});
		expect(JSON.parse(stdout)).toMatchObject({target: {kind: expect.stringMatching(/^(private|built-in)$/)}});
		expect({stderr, exitCode}).toEqual({stderr: note, exitCode: 0});
		expect(connections()).toBe(0);
	});

	it('the dashboard shows a private Redis', async (context) => {
		const {url, connections} = await openBystander(context);
		const screen = openTerminal(process.execPath, [programPath], {
			columns: 120,
			rows: 40,
			env: {REDIS_URL: url, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'},
		});
		context.onTestFinished(() => screen.close());
		await screen.waitFor(/● connected .*(redis-server \S+ private|built-in server)/);
		await screen.press('q');
		await screen.exited;
		expect(screen.screen()).toContain('$REDIS_URL is ignored');
		expect(connections()).toBe(0);
	});

	it('a drill does not use the url of the configuration file either, which the dashboard and snapshots do', async (context) => {
		const {url, connections} = await openBystander(context);
		const {directory, path} = shortDrill(context);
		mkdirSync(join(directory, 'redis-cache-tui'));
		writeFileSync(join(directory, 'redis-cache-tui', 'config.json'), JSON.stringify({url}));
		const env = {XDG_CONFIG_HOME: directory};
		const {stdout, stderr, exitCode} = await runProgram(['drill', path, '--json'], {env});
		expect(JSON.parse(stdout)).toMatchObject({passed: true, server: expect.stringContaining('(private)')});
		expect(stderr).toMatch(/^redis-cache-tui: drills do not use the url of the configuration file, .*give --url .*\n/);
		expect(exitCode).toBe(0);
		expect(connections()).toBe(0);
		expect((await runProgram(['--once'], {env})).exitCode).toBe(3);
		expect(connections()).toBeGreaterThan(0);
	});

	it('--embedded and a list of drills need no word about it', async () => {
		const env = {REDIS_URL: 'redis://127.0.0.1:1'};
		expect(await runProgram(['drill'], {env})).toMatchObject({exitCode: 0, stderr: ''});
		expect(await runProgram(['--once', '--embedded'], {env})).toMatchObject({exitCode: 0, stderr: ''});
	});
});

describeReal('a Redis that refuses a user', () => {
	it('is described by what it refused, and --once ends with exit code 3', async (context) => {
		const {port, close} = await startRedisProcess();
		context.onTestFinished(close);
		const redis = new Redis(port);
		context.onTestFinished(() => redis.disconnect());
		await redis.call('ACL', 'SETUSER', 'weak', 'on', '>pw', 'allkeys', 'allchannels', '+@connection');
		await redis.config('SET', 'requirepass', 's3cret');
		const lookAs = (login: string) => runProgram(['--once', '--url', `redis://${login}127.0.0.1:${port}`]);
		const [missing, wrong, unknown, weak] = await Promise.all(['', ':s3cre@', 'nobody:x@', 'weak:pw@'].map(lookAs));
		expect(missing).toMatchObject({
			exitCode: 3,
			stdout: '',
			stderr: `redis-cache-tui: redis://127.0.0.1:${port} requires a password, and the URL has none: write it before the host, as user:password@ or :password@\n`,
		});
		const refused = `redis-cache-tui: redis://***@127.0.0.1:${port} refused the `;
		expect(wrong).toMatchObject({
			exitCode: 3,
			stdout: '',
			stderr: `${refused}password of the default user: check it, or write user:password@ before the host\n`,
		});
		expect(unknown).toMatchObject({
			exitCode: 3,
			stdout: '',
			stderr: `${refused}user name and password of the URL: there is no such user, the user is disabled, or the password is wrong\n`,
		});
		expect(weak).toMatchObject({exitCode: 3, stdout: expect.stringMatching(/missing: .*NOPERM: TIME/)});
		expect(weak?.stderr).toMatch(/^redis-cache-tui: a cache cannot use redis:\/\/\*\*\*@127.*: NOPERM: TIME; .*\n$/);
	});
});

describeReal('a Redis of others that is only looked at', () => {
	it.each(['keys', '--once'])('%s loads no script there, and tracks and writes nothing', async (word) => {
		const {port, close} = await startRedisProcess();
		const redis = new Redis(port);
		try {
			await redis.set('key', 'value');
			await redis.config('RESETSTAT');
			expect((await runProgram([word, '--url', `redis://127.0.0.1:${port}`])).exitCode).toBe(0);
			const called = [...(await redis.info('commandstats')).matchAll(/cmdstat_(\S+?):calls/g)].map(([, name]) => name);
			expect(called).toContain('info');
			expect(
				called.filter((name = '') => /script|evalsha|tracking|subscribe|set$|del|unlink|expire/.test(name)),
			).toEqual([]);
		} finally {
			redis.disconnect();
			await close();
		}
	});
});
