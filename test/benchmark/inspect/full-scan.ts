import {once} from 'node:events';
import type {Redis} from 'ioredis';
import type {RedisProcess} from '../../support/redis-process.js';
import {type Contestant, ownScan, start} from './contestants.js';
import {costOf, type ProcessCost} from './process-cost.js';
import type {ScanResult} from './scan-process.js';
import {slowEntries} from './slow-log.js';

/** The cost of one visit of all keys. */
export type FullScan = {
	/** By the clock. */
	readonly seconds: number;
	/** Seconds that processors worked on it, for the client and for the server. */
	readonly client: number;
	readonly server: number;
	/** The most resident memory of the client, in MB. */
	readonly rssMb: number;
	/** Commands that took the server more than 10 ms, at which the slow log begins by default, and more than 1 ms. */
	readonly slow: {readonly over10Ms: number; readonly over1Ms: number};
};

type Measured<Result> = {readonly result: Result; readonly server: number; readonly slow: FullScan['slow']};

/** Runs something, and takes the server's time and the slow log meanwhile. */
async function onServer<Result>(
	redis: RedisProcess,
	client: Redis,
	run: () => Promise<Result>,
): Promise<Measured<Result>> {
	await client.call('SLOWLOG', 'RESET');
	const before = costOf(redis.pid)?.seconds ?? Number.NaN;
	const result = await run();
	return {result, server: (costOf(redis.pid)?.seconds ?? Number.NaN) - before, slow: await slowEntries(client)};
}

/** Runs a program from its start to its end. */
export async function visitWith(contestant: Contestant, redis: RedisProcess, client: Redis): Promise<FullScan> {
	const {result, ...rest} = await onServer(redis, client, async () => {
		const begin = performance.now();
		const child = start(contestant.command(redis.port), 'ignore');
		let last: ProcessCost | undefined;
		const watch = setInterval(() => {
			last = costOf(child.pid ?? -1) ?? last;
		}, 10);
		const [code] = await once(child, 'exit');
		clearInterval(watch);
		if (code !== 0) throw new Error(`${contestant.name} ended with code ${code}`);
		return {seconds: (performance.now() - begin) / 1000, client: last?.seconds ?? Number.NaN, rssMb: last?.peakMb ?? 0};
	});
	return {...result, ...rest};
}

/** Runs the scan of the dashboard in a process of its own. */
export async function visitAsDashboard(redis: RedisProcess, client: Redis): Promise<FullScan & ScanResult> {
	const {result, ...rest} = await onServer(redis, client, async () => {
		const child = start(ownScan(redis.port), 'pipe');
		let printed = '';
		child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
			printed += chunk;
		});
		await once(child, 'close');
		return JSON.parse(printed) as ScanResult;
	});
	return {...result, client: result.processorSeconds, ...rest};
}
