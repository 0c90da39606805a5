import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {programPath} from '../support/program.js';
import {freePort, startRedisProcess} from '../support/redis-process.js';
import {until} from '../support/until.js';
import {type Figure, figureTable, quantile} from './budget.js';
import type {BenchmarkOptions} from './options.js';
import {redisBenchmark} from './tap/redis-benchmark.js';
import {steadyLoad} from './tap/steady-load.js';

const defaultRounds = 5;

/** Commands a second at which the time that the tap adds is measured, and for how many seconds. */
const steady = {perSecond: 5000, seconds: 3};

const shapes = [
	{pipeline: 1, commands: 60_000, least: 0.85},
	{pipeline: 16, commands: 400_000, least: 0.6},
] as const;

/** Starts a proxy in a process of its own, and waits until it listens. */
async function startProxy(port: number, args: readonly string[]): Promise<ChildProcess> {
	const child = spawn(process.execPath, args, {stdio: ['pipe', 'ignore', 'ignore']});
	await until(() => answers(port), `a proxy to answer on port ${port}`, {timeoutMs: 30_000});
	return child;
}

async function answers(port: number): Promise<boolean> {
	return steadyLoad(port, 100, 0.05).then(
		(median) => !Number.isNaN(median),
		() => false,
	);
}

/** The median of the ratios of measurements that were made one right after the other. */
async function ratioOf(rounds: number, measure: () => Promise<readonly [number, number]>): Promise<readonly number[]> {
	const ratios: number[] = [];
	for (let round = 0; round <= rounds; round++) {
		const [one, other] = await measure();
		// The first round is a warm-up.
		if (round > 0) ratios.push(one / other);
	}
	return ratios;
}

/** Compares the tap with a TCP proxy that does nothing else. */
export async function run({rounds = defaultRounds}: BenchmarkOptions): Promise<void> {
	const redis = await startRedisProcess();
	const [barePort, tapPort] = [await freePort(), await freePort()];
	const script = fileURLToPath(new URL('tap/bare-proxy.ts', import.meta.url));
	const bare = await startProxy(barePort, ['--import', 'tsx', script, String(barePort), String(redis.port)]);
	const tap = await startProxy(tapPort, [programPath, 'tap', '--url', redis.url, '--listen', `127.0.0.1:${tapPort}`]);
	const figures: Figure[] = [];
	try {
		for (const {pipeline, commands, least} of shapes) {
			const ratios = await ratioOf(rounds, async () => [
				await redisBenchmark(barePort, pipeline, commands),
				await redisBenchmark(tapPort, pipeline, commands),
			]);
			figures.push({
				what: `commands a second, -c 50 -P ${pipeline}: bare proxy / tap`,
				value: quantile(ratios, 0.5),
				unit: '×',
				budget: 1 / least,
			});
		}
		const added: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const direct = await steadyLoad(barePort, steady.perSecond, steady.seconds);
			added.push((await steadyLoad(tapPort, steady.perSecond, steady.seconds)) - direct);
		}
		figures.push({
			what: `added to the median time at ${steady.perSecond} commands a second`,
			value: Math.max(0, quantile(added, 0.5)),
			unit: 'ms',
			budget: 0.15,
		});
	} finally {
		bare.stdin?.end();
		tap.kill('SIGTERM');
		await redis.close();
	}
	process.stdout.write(figureTable('Tap', figures));
}
