import {setTimeout as sleep} from 'node:timers/promises';
import {Redis} from 'ioredis';
import {type Child, startChild} from '../support/child.js';
import {startRedisProcess} from '../support/redis-process.js';
import {type Counts, type Opening, type Traffic, writeShare} from './fleet/traffic.js';
import type {BenchmarkOptions} from './options.js';
import {type Row, rowTable} from './row-table.js';

/** Calls a second of all caches together, however many there are. */
const rate = 3000;
const measuredMs = 4000;
/** Time in which caches that choose how Redis announces changes have chosen. */
const choosingMs = 100_000;
/** Caches in one child process. To Redis each is a process of its own: its connections are its own. */
const perChild = 10;
/** Commands that are rarer for a call are not shown. */
const leastCommands = 0.005;
const fleets = [1, 3, 10, 30, 100];

type Kind = Traffic['kind'];

const kinds: Readonly<Record<Kind, string>> = {
	mixed: `\`get\`, and \`set\` in ${writeShare * 100} % of the calls`,
	misses: '`getOrSet` of a missing key',
	aside: '`get` of a missing key, then `set`: the same without a lease',
};

type Figures = {
	readonly perSecond: number;
	/** Microseconds of Redis's processor time for a call, without what processes cost it that do nothing. */
	readonly micros: number;
	/** Bytes from Redis for a call. */
	readonly bytes: number;
	/** Percent of the reads. */
	readonly hitsInMemory: number;
	readonly failed: number;
	/** Connections of one process. */
	readonly connections: number;
	/** Commands and messages of Redis for a call, by name. */
	readonly commands: Readonly<Record<string, number>>;
};

type Measured = {
	readonly coherence: string;
	readonly count: number;
	/** Microseconds of Redis's processor time for a second of a process that does nothing. */
	readonly idleMicros: number;
	readonly of: Readonly<Record<Kind, Figures>>;
};

/**
 * Measures what an operation costs Redis while more and more processes share the same traffic: their invalidations multiply.
 * Processor time of Redis, so a busy machine disturbs it little.
 */
export async function run({keys = 2000, caches: most = 100, coherence}: BenchmarkOptions): Promise<void> {
	// Each child adds a listener for the end of this process.
	process.setMaxListeners(most / perChild + 20);
	const counts = fleets.filter((count) => count <= most);
	const all: Measured[] = [];
	for (const each of coherence?.split(',') ?? ['default'])
		for (const count of counts) all.push(await measure(each, count, keys));
	/** A row for each coherence, a column for each number of processes. */
	const print = (title: string, figure: (of: Measured['of'], measured: Measured) => number): void => {
		const rows = [...new Set(all.map((each) => each.coherence))].map((name) => {
			const values = all.filter((each) => each.coherence === name).map((each) => figure(each.of, each));
			return [name, ...values] as const;
		});
		process.stdout.write(rowTable(title, ['coherence / processes', ...counts.map(String)], rows));
	};
	for (const kind of Object.keys(kinds) as Kind[])
		print(`${kinds[kind]}: µs of Redis a call`, ({[kind]: {micros}}) => micros);
	print('A lease, the difference of the two: µs of Redis', ({misses, aside}) => misses.micros - aside.micros);
	print('A process that does nothing: µs of Redis a second', (_, {idleMicros}) => idleMicros);
	for (const kind of ['mixed', 'misses'] as const)
		print(`${kinds[kind]}: bytes from Redis a call`, ({[kind]: {bytes}}) => bytes);
	print(`${kinds.mixed}: % of the reads answered from memory`, ({mixed}) => mixed.hitsInMemory);
	print('Connections of a process', ({mixed}) => mixed.connections);
	for (const kind of Object.keys(kinds) as Kind[])
		print(`${kinds[kind]}: calls a second, of ${rate}`, ({[kind]: {perSecond}}) => perSecond);
	for (const kind of Object.keys(kinds) as Kind[]) printCommands(kind, all);
	print('Calls answered without Redis', ({mixed, misses, aside}) => mixed.failed + misses.failed + aside.failed);
}

/** A row for each command of each coherence, a column for each number of processes. */
function printCommands(kind: Kind, all: readonly Measured[]): void {
	const counts = [...new Set(all.map(({count}) => count))];
	const rows = [...new Set(all.map(({coherence}) => coherence))].flatMap((coherence) => {
		const measured = all.filter((each) => each.coherence === coherence);
		const names = new Set(measured.flatMap(({of}) => Object.keys(of[kind].commands)));
		return [...names]
			.map((name): Row => [`${coherence}: ${name}`, ...measured.map(({of}) => of[kind].commands[name] ?? 0)])
			.filter(([, ...figures]) => figures.some((figure) => Number(figure) >= leastCommands));
	});
	process.stdout.write(
		rowTable(`${kinds[kind]}: commands and messages a call`, ['command', ...counts.map(String)], rows),
	);
}

async function measure(coherence: string, count: number, keys: number): Promise<Measured> {
	const redis = await startRedisProcess();
	const raw = new Redis(redis.url);
	const children: Child[] = [];
	try {
		const alone = await microsASecond(raw);
		for (let left = count; left > 0; left -= perChild) {
			const child = await startChild(new URL('./fleet/process.ts', import.meta.url));
			children.push(child);
			const opening: Opening = {
				url: redis.url,
				caches: Math.min(left, perChild),
				coherence: coherence === 'default' ? null : coherence,
			};
			await child.call('open', opening);
		}
		await children[0]?.call('fill', {keys});
		const idle = await microsASecond(raw);
		const of: Partial<Record<Kind, Figures>> = {};
		for (const kind of Object.keys(kinds) as Kind[])
			of[kind] = await measureKind({
				raw,
				children,
				traffic: {kind, rate: rate / children.length, keys},
				count,
				idleMicros: idle,
				warmUpMs: kind === 'mixed' && ['default', 'auto'].includes(coherence) ? choosingMs : measuredMs / 2,
			});
		return {coherence, count, idleMicros: (idle - alone) / count, of: of as Measured['of']};
	} finally {
		await Promise.all(children.map((child) => child.kill()));
		raw.disconnect();
		await redis.close();
	}
}

async function measureKind({
	raw,
	children,
	traffic,
	count,
	idleMicros,
	warmUpMs,
}: {
	readonly raw: Redis;
	readonly children: readonly Child[];
	readonly traffic: Omit<Traffic, 'ms'>;
	readonly count: number;
	/** Of Redis and all processes, in a second. */
	readonly idleMicros: number;
	readonly warmUpMs: number;
}): Promise<Figures> {
	const runAll = (ms: number) => Promise.all(children.map((child) => child.call<Counts>('run', {...traffic, ms})));
	// Fills memory, and lets Node.js compile.
	await runAll(warmUpMs);
	const before = await usage(raw);
	const beganAt = performance.now();
	const counts = await runAll(measuredMs);
	const seconds = (performance.now() - beganAt) / 1000;
	const after = await usage(raw);
	const sum = (field: keyof Counts) => counts.reduce((total, each) => total + each[field], 0);
	const calls = sum('calls');
	return {
		perSecond: calls / seconds,
		micros: (after.micros - before.micros - idleMicros * seconds) / calls,
		bytes: (after.bytesOut - before.bytesOut) / calls,
		hitsInMemory: (100 * sum('hitsMemory')) / (sum('hitsMemory') + sum('hitsRedis') + sum('misses')),
		failed: sum('failed'),
		// Without the one that asks.
		connections: (after.clients - 1) / count,
		commands: Object.fromEntries(
			Object.entries(after.commands).map(([name, number]) => [name, (number - (before.commands[name] ?? 0)) / calls]),
		),
	};
}

/** Processor time of Redis while nobody calls anything. */
async function microsASecond(raw: Redis): Promise<number> {
	const before = await usage(raw);
	await sleep(measuredMs);
	return ((await usage(raw)).micros - before.micros) / (measuredMs / 1000);
}

type Usage = {
	readonly micros: number;
	readonly bytesOut: number;
	readonly clients: number;
	readonly commands: Readonly<Record<string, number>>;
};

async function usage(raw: Redis): Promise<Usage> {
	const sections = ['cpu', 'stats', 'clients', 'commandstats'];
	const info = (await Promise.all(sections.map((section) => raw.info(section)))).join('');
	const field = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? 0);
	return {
		micros: (field('used_cpu_user') + field('used_cpu_sys')) * 1e6,
		bytesOut: field('total_net_output_bytes'),
		clients: field('connected_clients'),
		commands: {
			'reads of sockets': field('total_reads_processed'),
			'writes to sockets': field('total_writes_processed'),
			...Object.fromEntries(
				[...info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, number]) => [String(name), Number(number)]),
			),
		},
	};
}
