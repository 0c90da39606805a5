import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {startRedisProcess} from '../support/redis-process.js';
import {type Figure, figureTable, quantile, range} from './budget.js';
import {fill} from './scan/fill.js';
import type {ScanResult} from './scan/scan-process.js';

const execute = promisify(execFile);
const keys = 1_000_000;
const rounds = 3;

/** Seconds that `redis-cli --memkeys` takes: it asks for the size of every key, as the scan does beside type and TTL. */
async function memkeys(port: number): Promise<number> {
	const begin = performance.now();
	await execute('redis-cli', ['-p', String(port), '--memkeys'], {maxBuffer: 512 * 1024 * 1024});
	return (performance.now() - begin) / 1000;
}

async function scan(port: number): Promise<ScanResult> {
	const child = fileURLToPath(new URL('./scan/scan-process.ts', import.meta.url));
	const {stdout} = await execute(process.execPath, ['--import', 'tsx', child, String(port)]);
	return JSON.parse(stdout) as ScanResult;
}

/** A large keyspace on a Redis of its own: strings, hashes, lists, sets and sorted sets, half of them with a TTL. */
async function measure(): Promise<readonly Figure[]> {
	const redis = await startRedisProcess();
	try {
		await fill(redis.port, keys);
		const scans: ScanResult[] = [];
		const peers: number[] = [];
		for (let round = 0; round < rounds; round++) {
			scans.push(await scan(redis.port));
			peers.push(await memkeys(redis.port));
		}
		const whole = scans.map(({seconds}) => seconds);
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
				budget: quantile(peers, 0.5),
				note: `${range(whole)}; the budget is redis-cli --memkeys, ${range(peers)}`,
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
