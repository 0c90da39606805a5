import {startRedisProcess} from '../support/redis-process.js';
import {type Figure, figureTable, quantile, range} from './budget.js';
import {costOf} from './inspect/process-cost.js';
import type {BenchmarkOptions} from './options.js';
import {type Contestant, startContestants} from './tap/contestants.js';
import {redisBenchmark} from './tap/redis-benchmark.js';
import {steadyLoad} from './tap/steady-load.js';

const defaultRounds = 5;

/** Commands a second at which the time that the tap adds is measured, and for how many seconds. */
const steady = {perSecond: 5000, seconds: 3};

/** With many commands first: a program that runs for days has been compiled as a whole. */
const shapes = [
	{pipeline: 16, commands: 400_000, least: 0.6},
	{pipeline: 1, commands: 60_000, least: 0.85},
] as const;

/** Commands with keys at random, of which about a million are different. */
const manyKeys = {commands: 1_500_000, keys: 2_000_000, maxMb: 150};

type Run = {readonly perSecond: number; readonly microseconds: number | undefined};

/** One run, with the processor time of a command in all threads of the proxy. */
async function runOn({port, pid}: Contestant, pipeline: number, commands: number): Promise<Run> {
	const before = costOf(pid);
	const perSecond = await redisBenchmark(port, {pipeline, commands, keys: 10_000, command: 'get'});
	const after = costOf(pid);
	const microseconds = before && after && ((after.seconds - before.seconds) / commands) * 1e6;
	return {perSecond, microseconds};
}

/** Lets all of them serve the same commands, one right after the other, `rounds` times after a warm-up. */
async function runInTurn(
	contestants: readonly Contestant[],
	rounds: number,
	shape: (typeof shapes)[number],
): Promise<ReadonlyMap<Contestant, readonly Run[]>> {
	const runs = new Map<Contestant, Run[]>(contestants.map((contestant) => [contestant, []]));
	for (let round = 0; round <= rounds; round++) {
		for (const [contestant, list] of runs) {
			const run = await runOn(contestant, shape.pipeline, shape.commands);
			if (round > 0) list.push(run);
		}
	}
	return runs;
}

function ratios(one: readonly Run[], other: readonly Run[], of: (run: Run) => number | undefined): readonly number[] {
	return one.map((run, round) => (of(run) ?? Number.NaN) / (of(other[round] ?? run) ?? Number.NaN));
}

function figuresOf(
	{pipeline, least}: (typeof shapes)[number],
	runs: ReadonlyMap<Contestant, readonly Run[]>,
): readonly Figure[] {
	const [[, bare = []] = [], [, tap = []] = [], haproxy] = [...runs];
	const speed = ratios(bare, tap, ({perSecond}) => perSecond);
	const cost = ratios(tap, bare, ({microseconds}) => microseconds);
	const figures: Figure[] = [
		{
			what: `commands a second, -c 50 -P ${pipeline}: bare proxy / tap`,
			value: quantile(speed, 0.5),
			unit: '×',
			budget: 1 / least,
			note: range(speed),
		},
		{
			what: `processor time of a command, -P ${pipeline}: tap / bare proxy`,
			value: Number.isNaN(quantile(cost, 0.5)) ? undefined : quantile(cost, 0.5),
			unit: '×',
			note: tap.map(({microseconds}) => `${microseconds?.toFixed(1) ?? '-'} µs`).join(', '),
		},
	];
	if (haproxy !== undefined) {
		const faster = ratios(haproxy[1], tap, ({perSecond}) => perSecond);
		figures.push({
			what: `commands a second, -P ${pipeline}: HAProxy / tap`,
			value: quantile(faster, 0.5),
			unit: '×',
			note: range(faster),
		});
	}
	return figures;
}

/** Compares the tap with a TCP proxy that does nothing else, and with HAProxy where it is installed. */
export async function run({rounds = defaultRounds}: BenchmarkOptions): Promise<void> {
	const redis = await startRedisProcess();
	const {all, bare, tap, close} = await startContestants(redis);
	const figures: Figure[] = [];
	try {
		for (const shape of shapes) figures.push(...figuresOf(shape, await runInTurn(all, rounds, shape)));
		const added: number[] = [];
		for (let round = 0; round < rounds; round++) {
			const direct = await steadyLoad(bare.port, steady.perSecond, steady.seconds);
			added.push((await steadyLoad(tap.port, steady.perSecond, steady.seconds)) - direct);
		}
		figures.push({
			what: `added to the median time at ${steady.perSecond} commands a second`,
			value: Math.max(0, quantile(added, 0.5)),
			unit: 'ms',
			budget: 0.15,
			note: range(added),
		});
		const {commands, keys, maxMb} = manyKeys;
		await redisBenchmark(tap.port, {pipeline: 16, commands, keys, command: 'set'});
		figures.push({
			what: 'most resident memory of the tap, with a million keys',
			value: costOf(tap.pid)?.peakMb,
			unit: 'MB',
			budget: maxMb,
		});
	} finally {
		close();
		await redis.close();
	}
	process.stdout.write(figureTable('Tap', figures));
}
