import {spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it, type TestContext} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import type {DrillFile} from '../../source/testing/testing.js';
import {runProgram} from '../support/program.js';
import {freePort} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {CopiedExample} from './support/copied-example.js';

const example = new CopiedExample('examples/test-your-cache');

/** Starts the shop on one of its caches, and runs the drill of the guide on it, with changes that make it short. */
async function drillOn(
	cache: string,
	{onTestFinished}: Pick<TestContext, 'onTestFinished'>,
	changes: Partial<DrillFile>,
): Promise<DrillReport> {
	const {directory} = example;
	const [port, redisPort] = [await freePort(), await freePort()];
	const words = ['shop.mjs', `./${cache}.mjs`, `redis://127.0.0.1:${redisPort}`, String(port)];
	const shop = spawn(process.execPath, words, {cwd: directory, stdio: ['ignore', 'ignore', 'inherit']});
	onTestFinished(() => void shop.kill('SIGKILL'));
	const url = `http://127.0.0.1:${port}/products`;
	const isOpen = () =>
		fetch(`http://127.0.0.1:${port}/`).then(
			() => true,
			() => false,
		);
	await until(isOpen, 'the shop to open', {timeoutMs: 20_000, everyMs: 50});
	const file = join(directory, `${cache}.json`);
	const original: DrillFile = JSON.parse(readFileSync(join(directory, 'drill.json'), 'utf8'));
	writeFileSync(file, JSON.stringify({...original, workload: {...original.workload, keys: 60}, ...changes}));
	const probe = ['--probe', `${url}/1`, '--probe-timeout', '10s'];
	const subject = ['--subject', `${url}/{key}`, '--listen', `${redisPort}`];
	const {stdout, stderr} = await runProgram(['drill', file, '--json', ...subject, ...probe]);
	expect(stdout, stderr).not.toBe('');
	return JSON.parse(stdout) as DrillReport;
}

describe.concurrent('the shop of the guide', () => {
	/** A busy machine is slow, and that is no fault of the shop. */
	const cache = {deadline: '2s'};
	const timeout = 60_000;

	it('hangs in an outage if its cache has no deadlines', {timeout}, async (context) => {
		const steps = [{at: '500ms', fault: 'blackhole', for: '1500ms'}];
		const report = await drillOn('1-naive', context, {duration: '2s', cache: {deadline: '50ms'}, steps});
		expect(report.hungCalls).toBeGreaterThan(0);
		expect(report.probes?.[0]?.during.p99Ms).toBeGreaterThan(400);
	});

	it('sells at old prices if its cache has deadlines and nothing else', {timeout}, async (context) => {
		// Until the end of the drill: no later change repairs what is lost.
		const report = await drillOn('2-deadlines', context, {
			duration: '3s',
			cache,
			steps: [{at: '1500ms', fault: 'blackhole'}],
		});
		expect(report.wrongReads).toBeGreaterThan(0);
		expect(report.returned?.ownProcess).toBeGreaterThan(0);
		expect(report.probes).toMatchObject([{availability: 1}]);
	});

	it('has no wrong price on redis-cache-tui', {timeout}, async (context) => {
		const report = await drillOn('3-redis-cache-tui', context, {
			duration: '4s',
			cache,
			steps: [{at: '1s', fault: 'blackhole', for: '1500ms'}],
		});
		expect(report).toMatchObject({wrongReads: 0, hungCalls: 0, failedCalls: 0, returned: {ownProcess: 0}});
		expect(report.returned?.keys).toBeGreaterThan(10);
		expect(report.probes).toMatchObject([{availability: 1}]);
	});
});
