import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {type Figure, figureTable, quantile, range} from './budget.js';
import {fill} from './scan/fill.js';
import type {ScanResult} from './scan/scan-process.js';
import {mainThreadTime} from './screen/processor-time.js';

const execute = promisify(execFile);
const keys = 1_000_000;
const rounds = 3;

type Cost = {
	/** By the clock. */
	readonly seconds: number;
	/** That processors worked on it, for the client and for the server. */
	readonly client: number | undefined;
	readonly server: number | undefined;
};

/** Seconds that the main thread of a process has run. */
const ranSeconds = (pid: number): number | undefined => {
	const ran = mainThreadTime(pid)?.ran;
	return ran === undefined ? undefined : ran / 1000;
};

const since = (before: number | undefined, after: number | undefined): number | undefined =>
	before === undefined || after === undefined ? undefined : after - before;

/** Measures `redis-cli --memkeys`, which asks for the size of every key, as the scan does beside type and TTL. */
async function memkeys(redis: RedisProcess): Promise<Cost> {
	const begin = performance.now();
	const before = ranSeconds(redis.pid);
	const child = spawn('redis-cli', ['-p', String(redis.port), '--memkeys'], {stdio: 'ignore'});
	let client: number | undefined;
	const watch = setInterval(() => {
		client = ranSeconds(child.pid ?? -1) ?? client;
	}, 20);
	await once(child, 'exit');
	clearInterval(watch);
	return {seconds: (performance.now() - begin) / 1000, client, server: since(before, ranSeconds(redis.pid))};
}

async function scan(redis: RedisProcess): Promise<ScanResult & Cost> {
	const before = ranSeconds(redis.pid);
	const child = fileURLToPath(new URL('./scan/scan-process.ts', import.meta.url));
	const {stdout} = await execute(process.execPath, ['--import', 'tsx', child, String(redis.port)]);
	const result = JSON.parse(stdout) as ScanResult;
	return {...result, client: result.processorSeconds, server: since(before, ranSeconds(redis.pid))};
}

/** A large keyspace on a Redis of its own: strings, hashes, lists, sets and sorted sets, half of them with a TTL. */
async function measure(): Promise<readonly Figure[]> {
	const redis = await startRedisProcess();
	try {
		await fill(redis.port, keys);
		const scans: (ScanResult & Cost)[] = [];
		const peers: Cost[] = [];
		for (let round = 0; round < rounds; round++) {
			scans.push(await scan(redis));
			peers.push(await memkeys(redis));
		}
		const whole = scans.map(({seconds}) => seconds);
		const others = peers.map(({seconds}) => seconds);
		const worked = (costs: readonly Cost[]) =>
			quantile(
				costs.map(({client = Number.NaN, server = Number.NaN}) => client + server),
				0.5,
			);
		const pages = scans.flatMap(({firstPageMs}) => firstPageMs);
		return [
			{
				what: 'first page of 200 keys, median',
				value: quantile(pages, 0.5),
				unit: 'ms',
				budget: 150,
				note: range(pages),
			},
			{
				what: 'all keys with type, TTL and size, median',
				value: quantile(whole, 0.5),
				unit: 's',
				budget: quantile(others, 0.5),
				note: `${range(whole)}; the budget is redis-cli --memkeys, ${range(others)}`,
			},
			{
				what: 'processor time of it, client and server, median',
				value: worked(scans),
				unit: 's',
				budget: worked(peers),
				note: 'the same: other programs do not count in it',
			},
			{
				what: 'keys seen',
				value: Math.min(...scans.map(({seen}) => seen)),
				unit: '',
				note: 'a scan may show a key twice, and misses none',
			},
			{
				what: 'memory of the process (RSS), most',
				value: Math.max(...scans.map(({rssMb}) => rssMb)),
				unit: 'MB',
				budget: 250,
			},
		];
	} finally {
		await redis.close();
	}
}

export async function run(): Promise<void> {
	process.stdout.write(figureTable(`A keyspace of ${keys.toLocaleString('en')} keys`, await measure()));
}
