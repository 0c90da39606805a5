import {spawn} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {describe, expect, it, type TestContext} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {type DrillFile, startFaultProxy, startRedis} from '../../source/testing/testing.js';
import {runProgram} from '../support/program.js';
import {freePort} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {CopiedExample} from './support/copied-example.js';

const example = new CopiedExample('examples/test-your-cache');

type Context = Pick<TestContext, 'onTestFinished'>;

/** Starts the shop on one of its caches. Resolves with the URL of its products. */
async function openShop(cache: string, redisUrl: string, {onTestFinished}: Context): Promise<string> {
	const port = await freePort();
	const shop = spawn(process.execPath, ['shop.mjs', `./${cache}.mjs`, redisUrl, String(port)], {
		cwd: example.directory,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	onTestFinished(() => void shop.kill('SIGKILL'));
	const isOpen = () =>
		fetch(`http://127.0.0.1:${port}/`).then(
			() => true,
			() => false,
		);
	await until(isOpen, 'the shop to open', {everyMs: 50});
	return `http://127.0.0.1:${port}/products`;
}

/** Runs the drill of the guide on the shop, with changes that make it short. */
async function drillOn(cache: string, context: Context, changes: Partial<DrillFile>): Promise<DrillReport> {
	const {directory} = example;
	const redisPort = await freePort();
	const url = await openShop(cache, `redis://127.0.0.1:${redisPort}`, context);
	const file = join(directory, `${cache}.json`);
	const original: DrillFile = JSON.parse(readFileSync(join(directory, 'drill.json'), 'utf8'));
	// Few calls of few keys, of which a busy machine makes enough.
	const workload = {rate: 50, keys: 15, mix: {read: 50, write: 30, delete: 20}};
	writeFileSync(file, JSON.stringify({...original, workload, ...changes}));
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

	it('sells at an old price if its cache has deadlines and nothing else', {timeout}, async (context) => {
		await using redis = await startRedis();
		await using proxy = await startFaultProxy(redis.url);
		const products = await openShop('2-deadlines', proxy.url, context);
		const priceOf = async (id: number) => ((await (await fetch(`${products}/${id}`)).json()) as {price: number}).price;
		const client = new Redis(redis.url);
		context.onTestFinished(() => client.disconnect());
		/** Connections that are ready: their clients have asked what Redis is loading, or more. */
		const ready = async () =>
			String(await client.client('LIST'))
				.split('\n')
				.filter((line) => / cmd=(info|get|set)\b/.test(line))
				.map((line) => line.split(' ')[0]);
		/** Changes a price while Redis is away. Resolves with the price that the page has afterwards. */
		const changedPrice = async (id: number) => {
			// The second time it comes from Redis.
			for (const _ of [1, 2]) expect(await priceOf(id)).toBe(5 * id);
			const before = await ready();
			const lift = proxy.apply('blackhole');
			const product = {body: JSON.stringify({price: 99}), headers: {'content-type': 'application/json'}};
			expect((await fetch(`${products}/${id}`, {method: 'PUT', ...product})).status).toBe(204);
			lift();
			const isBack = async () => (await ready()).some((id) => !before.includes(id));
			await until(isBack, 'the shop to connect again');
			return priceOf(id);
		};
		let isOld = false;
		// A page that comes before its connection is ready is right, and puts the right price into Redis.
		for (let id = 1; id <= 10 && !isOld; id++) isOld = (await changedPrice(id)) === 5 * id;
		expect(isOld).toBe(true);
	});

	it('has no wrong price on redis-cache-tui', {timeout}, async (context) => {
		const report = await drillOn('3-redis-cache-tui', context, {
			duration: '4s',
			cache,
			steps: [{at: '1s', fault: 'blackhole', for: '1500ms'}],
		});
		expect(report).toMatchObject({wrongReads: 0, returned: {ownProcess: 0}});
		expect(report.returned?.keys).toBeGreaterThan(5);
		expect(report.probes).toMatchObject([{availability: 1}]);
	});
});
