import {readdirSync} from 'node:fs';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {listLiveCaches} from '../../source/engine/attached/live-processes.js';
import {openLiveApp} from '../support/open-live-app.js';
import {programPath, runProgram, startProgram} from '../support/program.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {runtimeFolder} from '../support/runtime-folder.js';
import {openTerminal} from '../support/terminal.js';
import {until} from '../support/until.js';

const folder = runtimeFolder();
let redis: RedisProcess;

beforeAll(async () => {
	redis = await startRedisProcess();
});
afterAll(() => redis.close());

const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
const linesOf = (text: string): number => text.split('\n').length - 1;

it.runIf(process.platform === 'linux')(
	'a viewer that is stopped costs the process neither calls nor memory, is let go, and comes back when it goes on',
	async () => {
		const app = await openLiveApp(redis.url, [{name: 'shop'}], folder.env, ['--expose-gc']);
		onTestFinished(() => app.kill());
		const report = async () => JSON.parse(await app.ask('report')) as {readonly calls: number; readonly heap: number};
		await until(async () => (await listLiveCaches()).caches.length === 1, 'it can be watched');
		let idle = -1;
		// The socket is open, and the connection that has asked for it is gone.
		const isSteady = () => {
			const before = idle;
			idle = openFiles(app.pid);
			return idle === before;
		};
		await until(isSteady, 'it opens and closes nothing', {everyMs: 300});
		const viewers = [1, 2].map(() => startProgram(['attach', 'shop', '--lines'], {env: folder.env}));
		const [stopped, other] = viewers;
		if (!stopped || !other) throw new Error('there are no viewers');
		onTestFinished(() => {
			for (const {child} of viewers) child.kill('SIGKILL');
		});
		await until(() => viewers.every(({stdout}) => linesOf(stdout()) >= 2), 'both viewers show it');
		expect(openFiles(app.pid)).toBe(idle + 2);
		const before = await report();
		stopped.child.kill('SIGSTOP');
		await until(() => openFiles(app.pid) === idle + 1, 'the stopped one is let go', {everyMs: 200});
		const after = await report();
		expect(after.calls).toBeGreaterThan(before.calls);
		// Loose, as heaps are: that states are dropped is shown in live-process.test.ts.
		expect(after.heap - before.heap).toBeLessThan(8_000_000);
		const seen = linesOf(other.stdout());
		await until(() => linesOf(other.stdout()) > seen + 1, 'the other one goes on');
		stopped.child.kill('SIGCONT');
		const old = linesOf(stopped.stdout());
		await until(() => openFiles(app.pid) === idle + 2, 'it is attached again');
		await until(() => linesOf(stopped.stdout()) > old + 2, 'it shows the process again');
		expect(stopped.stderr()).toContain('this program was suspended, and the process closed the connection');
		expect(stopped.stderr()).not.toContain('has ended');
		for (const {child} of viewers) child.kill('SIGINT');
		expect((await Promise.all(viewers.map(({finished}) => finished))).map(({exitCode}) => exitCode)).toEqual([
			130, 130,
		]);
		await until(() => openFiles(app.pid) === idle, 'nothing is left of them');
		expect(await app.ask('close')).toBe('closed');
		expect(await app.exited).toBe(0);
		expect(readdirSync(folder.sockets)).toEqual([]);
	},
	180_000,
);

it('a process is shown as a line a second without a terminal', async () => {
	const app = await openLiveApp(redis.url, [{name: 'shop-mail'}], folder.env);
	onTestFinished(() => app.kill());
	const {stdout, exitCode} = await runProgram(['attach', 'shop-mail', '--for', '2500ms'], {env: folder.env});
	expect(stdout).toMatch(
		/^connected +[\d.]+k? calls\/s +hit ratio .* loads \d+, \d+ run, \d+ wait {2}journal 0 {2}lanes 2\/2\n/,
	);
	expect(exitCode).toBe(0);
});

it('a process is shown on a screen, which says what it cannot show, and what is refused', async () => {
	const shop = await openLiveApp(redis.url, [{name: 'till'}], folder.env);
	onTestFinished(() => shop.kill());
	const env = {...folder.env, REDIS_URL: undefined, XDG_CONFIG_HOME: '/nonexistent', LC_ALL: 'C.UTF-8'};
	const screen = openTerminal(process.execPath, [programPath, 'attach', 'till'], {columns: 120, rows: 40, env});
	onTestFinished(() => screen.close());
	await screen.waitFor(/connected .* attached till/);
	await screen.waitFor(/READ-ONLY/);
	await screen.waitFor(/connected to Redis: hit ratio|the load of user:slow/);
	await screen.waitFor(/SLOWEST LOADS/);
	await screen.waitFor(/attached to till, process \d+/);
	await screen.press('2');
	await screen.waitFor('Keys and values are read from Redis');
	await screen.press('3');
	await screen.waitFor('2 of 2 ready');
	await screen.press(':');
	await screen.waitFor('Command');
	screen.write('del user:1');
	await screen.waitFor('del user:1');
	await screen.press('enter');
	await screen.waitFor('till accepts no commands: give its cache inspect: {commands: true} to use del');
	await screen.press('esc');
	await screen.press('1');
	await shop.kill();
	await screen.waitFor(/the process has ended, .* waiting for another process named till/);
	const next = await openLiveApp(redis.url, [{name: 'till'}], folder.env);
	onTestFinished(() => next.kill());
	await screen.waitFor(`attached till ${next.pid}`);
	await screen.press('q');
	expect(await screen.exited).toEqual({exitCode: 0, signal: undefined});
	expect(screen.output).not.toContain('secret-of-the-shop');
	// The next process removes the socket that the killed one has left.
	expect(readdirSync(folder.sockets).some((name) => name.startsWith(`${shop.pid}-`))).toBe(false);
});
