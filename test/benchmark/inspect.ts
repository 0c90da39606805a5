import {Redis} from 'ioredis';
import {type RedisProcess, startRedisProcess} from '../support/redis-process.js';
import {type Figure, figureTable, quantile, range} from './budget.js';
import {p99Beside} from './inspect/bystander.js';
import {bigkeys, memkeys, namesOnly, ownScan, program} from './inspect/contestants.js';
import {fill} from './inspect/fill.js';
import {type FullScan, visitAsDashboard, visitWith} from './inspect/full-scan.js';
import type {ScanResult} from './inspect/scan-process.js';
import {watchSlowLog} from './inspect/slow-log.js';
import type {BenchmarkOptions} from './options.js';
import {type Row, rowTable} from './row-table.js';

/** Keys a second of a scan in the dashboard, unless `--scan-rate` says otherwise. */
const gentleRate = 20_000;

const peers = [program, memkeys, bigkeys, namesOnly] as const;

const ownName = 'all keys with type, TTL and size, as the dashboard reads them';

const medianOf = (values: readonly number[]): number => quantile(values, 0.5);

const worked = (scans: readonly FullScan[]): number => medianOf(scans.map(({client, server}) => client + server));

type Rounds = {
	readonly own: readonly (FullScan & ScanResult)[];
	readonly others: ReadonlyMap<string, readonly FullScan[]>;
};

/** All programs in turn, round after round, so that a slow minute of the machine hits each of them. */
async function fullScans(redis: RedisProcess, client: Redis, rounds: number): Promise<Rounds> {
	const own: (FullScan & ScanResult)[] = [];
	const others = new Map(peers.map(({name}) => [name, [] as FullScan[]]));
	for (let round = 0; round < rounds; round++) {
		own.push(await visitAsDashboard(redis, client));
		for (const peer of peers) others.get(peer.name)?.push(await visitWith(peer, redis, client));
	}
	return {own, others};
}

function budgets({own, others}: Rounds): readonly Figure[] {
	const reference = others.get(memkeys.name) ?? [];
	const pages = own.flatMap(({firstPageMs}) => firstPageMs);
	const seconds = (scans: readonly FullScan[]) => scans.map((scan) => scan.seconds);
	return [
		{what: 'first page of 200 keys', value: medianOf(pages), unit: 'ms', budget: 150, note: range(pages)},
		{
			what: ownName,
			value: medianOf(seconds(own)),
			unit: 's',
			budget: medianOf(seconds(reference)),
			note: `${range(seconds(own))}; the budget is redis-cli --memkeys`,
		},
		{
			what: 'processor time of it, client and server',
			value: worked(own),
			unit: 's',
			budget: worked(reference),
			note: 'the same: other programs do not count in it',
		},
		{
			what: 'memory of the process (RSS), most',
			value: Math.max(...own.map(({rssMb}) => rssMb)),
			unit: 'MB',
			budget: 250,
		},
		{
			what: 'commands of more than 10 ms, most in a scan',
			value: Math.max(...own.map(({slow}) => slow.over10Ms)),
			unit: '',
			budget: 0,
			note: 'at 10 ms the slow log begins by default',
		},
		{
			what: 'keys seen',
			value: Math.min(...own.map(({seen}) => seen)),
			unit: '',
			note: 'a scan may show a key twice, and misses none',
		},
	];
}

function scanRows({own, others}: Rounds): readonly Row[] {
	return [[ownName, own] as const, ...others].map(([name, scans]) => [
		name,
		medianOf(scans.map(({seconds}) => seconds)),
		medianOf(scans.map(({client}) => client)),
		medianOf(scans.map(({server}) => server)),
		Math.max(...scans.map(({rssMb}) => rssMb)),
		medianOf(scans.map(({slow}) => slow.over1Ms)),
		medianOf(scans.map(({slow}) => slow.over10Ms)),
	]);
}

/** Another client's p99 beside each of the scans, interleaved. */
async function bystanderRows(redis: RedisProcess, rounds: number): Promise<readonly Row[]> {
	const cases = [
		['nothing', undefined],
		[`a scan of the dashboard, ${gentleRate.toLocaleString('en')} keys a second`, ownScan(redis.port, gentleRate)],
		['the same without a limit', ownScan(redis.port, 1e9)],
		['redis-cli --memkeys', memkeys.command(redis.port)],
		['redis-cli --bigkeys', bigkeys.command(redis.port)],
	] as const;
	const found = cases.map((): number[] => []);
	for (let round = 0; round < rounds; round++)
		for (const [index, [, command]] of cases.entries()) found[index]?.push(await p99Beside(redis, command));
	return cases.map(([name], index) => {
		const values = found[index] ?? [];
		return [name, medianOf(values), Math.min(...values), Math.max(...values)];
	});
}

/**
 * A look at a large keyspace beside redis-cli, in one run: its cost, and what another client feels of it. `npm run build`
 * first.
 */
export async function run({rounds = 5, keys = 1_000_000}: BenchmarkOptions): Promise<void> {
	const redis = await startRedisProcess();
	const client = new Redis({host: '127.0.0.1', port: redis.port});
	try {
		await fill(redis.port, keys);
		await watchSlowLog(client);
		const scans = await fullScans(redis, client, rounds);
		const title = `A keyspace of ${keys.toLocaleString('en')} keys, medians of ${rounds}`;
		process.stdout.write(figureTable(title, budgets(scans)));
		const columns = ['', 's', 'client s', 'server s', 'RSS MB', 'commands > 1 ms', '> 10 ms'];
		process.stdout.write(rowTable('The same beside redis-cli', columns, scanRows(scans)));
		const beside = await bystanderRows(redis, rounds);
		process.stdout.write(
			rowTable("Another client's p99, 500 GETs a second, beside", ['', 'ms', 'least', 'most'], beside),
		);
	} finally {
		client.disconnect();
		await redis.close();
	}
}
