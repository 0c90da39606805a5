import {readdirSync} from 'node:fs';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {openLiveApp} from '../support/open-live-app.js';
import {startProgram} from '../support/program.js';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {runtimeFolder} from '../support/runtime-folder.js';
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
		const idle = openFiles(app.pid);
		const viewers = [1, 2].map(() => startProgram(['attach', 'shop', '--lines'], {env: folder.env}));
		const [stopped, other] = viewers;
		if (!stopped || !other) throw new Error('there are no viewers');
		onTestFinished(() => {
			for (const {child} of viewers) child.kill('SIGKILL');
		});
		await until(() => viewers.every(({stdout}) => linesOf(stdout()) >= 2), 'both viewers show it', {timeoutMs: 30_000});
		expect(openFiles(app.pid)).toBe(idle + 2);
		const before = await report();
		stopped.child.kill('SIGSTOP');
		await until(() => openFiles(app.pid) === idle + 1, 'the stopped one is let go', {timeoutMs: 60_000, everyMs: 200});
		const after = await report();
		expect(after.calls).toBeGreaterThan(before.calls);
		// Loose, as heaps are: that states are dropped is shown in live-process.test.ts.
		expect(after.heap - before.heap).toBeLessThan(8_000_000);
		const seen = linesOf(other.stdout());
		await until(() => linesOf(other.stdout()) > seen + 1, 'the other one goes on', {timeoutMs: 20_000});
		stopped.child.kill('SIGCONT');
		const old = linesOf(stopped.stdout());
		await until(() => openFiles(app.pid) === idle + 2, 'it is attached again', {timeoutMs: 20_000});
		await until(() => linesOf(stopped.stdout()) > old + 2, 'it shows the process again', {timeoutMs: 20_000});
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
