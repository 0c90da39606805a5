import {readFile} from 'node:fs/promises';
import {beforeAll, describe, expect, it} from 'vitest';
import type {CacheApi, CacheOptions} from '../../../source/cache/api/types.js';
import {redisFixture} from '../../support/cache-fixture.js';
import {type Settled, settle} from '../../support/gate.js';
import {until} from '../../support/until.js';
import {untilConnected, untilFallback} from '../support/states.js';

const fixture = redisFixture();

const deadlineMs = 300;

/** A call that needs no Redis may take this long on a busy machine. */
const slackMs = deadlineMs * 0.8;

/** A result of a call: as the guide words it, and as the test checks it. */
type Cell = {
	readonly says: string;
	readonly takes: 'no time' | 'its deadline' | 'any time';
	readonly gives: (settled: Settled<unknown>) => void;
};

const gives = (says: string, value: unknown, takes: Cell['takes'] = 'any time'): Cell => ({
	says,
	takes,
	gives: (settled) => {
		expect(settled.error).toBeUndefined();
		expect(settled.value).toEqual(value);
	},
});

const rejects = (says: string, error: object, takes: Cell['takes'] = 'any time'): Cell => ({
	says,
	takes,
	gives: (settled) => expect(settled.error).toMatchObject(error),
});

type Call = (cache: CacheApi) => Promise<unknown>;

type Row = {
	readonly call: string;
	readonly before: Call;
	/** The calls that the row describes; each has the results of its cells. */
	readonly runs: readonly Call[];
	readonly connected: Cell;
	/** Redis has stopped answering, and the cache has not noticed yet. */
	readonly unnoticed: Cell;
	readonly fallback: Cell;
	/** Result of a `get` of the key when Redis is back. */
	readonly after: {readonly says: string; readonly key: string; readonly value: unknown};
};

const nothing = async (): Promise<void> => {};

const brief = {ttl: 1, grace: '1h'} as const;

const old = (cache: CacheApi) => cache.set('key', 'old', {tags: ['tag']});

/** A value in memory and in Redis, past its TTL and within grace. */
const stale = async (cache: CacheApi): Promise<void> => {
	await cache.set('key', 'old', brief);
	await until(async () => (await cache.get('key')) === undefined, 'the value is past its TTL');
};

const load = async () => 'new';

const fail = () => Promise.reject(new Error('no database'));

const strict = {strict: true} as const;

const loaderError = {message: 'no database'};

const deadline = {code: 'ERR_DEADLINE'};

const unavailable = {code: 'ERR_UNAVAILABLE'};

const gone = {says: 'a miss', key: 'key', value: undefined};

const kept = {says: 'the value', key: 'key', value: 'old'};

const write = (call: string, runs: readonly Call[], after: Row['after'], more: object = {}): Row => ({
	call,
	before: old,
	runs,
	connected: gives("`{stored: 'redis'}`", {stored: 'redis', ...more}),
	unnoticed: gives("`{stored: 'memory'}`, after its deadline", {stored: 'memory', ...more}, 'its deadline'),
	fallback: gives("`{stored: 'memory'}` at once", {stored: 'memory', ...more}, 'no time'),
	after,
});

const rows: readonly Row[] = [
	{
		call: '`get`: fresh in memory',
		before: old,
		runs: [(cache) => cache.get('key'), async (cache) => (await cache.getMany(['key'])).get('key')],
		connected: gives('the value', 'old'),
		unnoticed: gives('the value', 'old'),
		fallback: gives('the value at once', 'old', 'no time'),
		after: kept,
	},
	{
		call: '`get`: past its TTL, within `grace`',
		before: stale,
		runs: [(cache) => cache.get('key')],
		connected: gives('a miss', undefined),
		unnoticed: gives('the stale value, after its deadline', 'old', 'its deadline'),
		fallback: gives('the stale value at once', 'old', 'no time'),
		after: gone,
	},
	{
		call: '`get`: not in memory',
		before: nothing,
		runs: [(cache) => cache.get('elsewhere')],
		connected: gives("Redis's value", 'from another process'),
		unnoticed: gives('a miss, after its deadline', undefined, 'its deadline'),
		fallback: gives('a miss at once', undefined, 'no time'),
		after: {says: "Redis's value", key: 'elsewhere', value: 'from another process'},
	},
	{
		call: '`getOrSet`: fresh in memory',
		before: old,
		runs: [(cache) => cache.getOrSet('key', load)],
		connected: gives('the value', 'old'),
		unnoticed: gives('the value', 'old'),
		fallback: gives('the value at once', 'old', 'no time'),
		after: kept,
	},
	{
		call: '`getOrSet`: nothing there',
		before: nothing,
		runs: [(cache) => cache.getOrSet('key', load)],
		connected: gives('loads, stores', 'new'),
		unnoticed: gives('loads, after its deadline; keeps it in memory', 'new', 'its deadline'),
		fallback: gives('loads at once, keeps it in memory', 'new', 'no time'),
		after: gone,
	},
	{
		call: '`getOrSet`: past its TTL, within `grace`',
		before: stale,
		runs: [(cache) => cache.getOrSet('key', load)],
		connected: gives('loads, stores', 'new'),
		unnoticed: gives('loads, after its deadline; keeps it in memory', 'new', 'its deadline'),
		fallback: gives('loads at once, keeps it in memory', 'new', 'no time'),
		after: gone,
	},
	{
		call: '… and the loader fails',
		before: stale,
		runs: [(cache) => cache.getOrSet('key', fail)],
		connected: gives('the stale value', 'old'),
		unnoticed: gives('the stale value, after its deadline', 'old', 'its deadline'),
		fallback: gives('the stale value at once', 'old', 'no time'),
		after: gone,
	},
	{
		call: '`getOrSet`: nothing there, and the loader fails',
		before: nothing,
		runs: [(cache) => cache.getOrSet('key', fail)],
		connected: rejects("the loader's error", loaderError),
		unnoticed: rejects("the loader's error, after its deadline", loaderError, 'its deadline'),
		fallback: rejects("the loader's error at once", loaderError, 'no time'),
		after: gone,
	},
	write('`set`', [(cache) => cache.set('key', 'new'), (cache) => cache.setMany([['key', 'new']])], gone),
	write('`delete`', [(cache) => cache.delete('key'), (cache) => cache.deleteMany(['key'])], gone),
	write('`expire`', [(cache) => cache.expire('key', '1h')], gone, {applied: true}),
	write('`touch`', [(cache) => cache.touch('key')], kept, {applied: true}),
	write('`invalidateTags`', [(cache) => cache.invalidateTags(['tag'])], gone),
	write('`clear`', [(cache) => cache.clear()], gone),
	{
		call: 'any read with `strict`, not in memory',
		before: nothing,
		runs: [
			(cache) => cache.get('elsewhere', strict),
			(cache) => cache.getOrSet('elsewhere', load, strict),
			async (cache) => (await cache.getMany(['elsewhere'], strict)).get('elsewhere'),
			async (cache) => ((await cache.has('elsewhere', strict)) ? 'from another process' : undefined),
			async (cache) => (await cache.getEntry('elsewhere', strict))?.value,
		],
		connected: gives('as without', 'from another process'),
		unnoticed: rejects('`DeadlineError`, after its deadline', deadline, 'its deadline'),
		fallback: rejects('`UnavailableError` at once', unavailable, 'no time'),
		after: gone,
	},
	{
		call: 'any change with `strict`',
		before: old,
		runs: [
			(cache) => cache.set('key', 'new', strict),
			(cache) => cache.setMany([['key', 'new']], strict),
			(cache) => cache.delete('key', strict),
			(cache) => cache.deleteMany(['key'], strict),
			(cache) => cache.expire('key', '2h', strict),
			(cache) => cache.touch('key', strict),
			(cache) => cache.invalidateTags(['tag'], strict),
			(cache) => cache.clear(strict),
		],
		connected: {
			says: 'as without',
			takes: 'any time',
			gives: ({value}) => expect(value).toMatchObject({stored: 'redis'}),
		},
		unnoticed: rejects('`DeadlineError`, after its deadline', deadline, 'its deadline'),
		fallback: rejects('`UnavailableError` at once; nothing was changed', unavailable, 'no time'),
		after: {says: 'the old value', key: 'key', value: 'old'},
	},
];

type Run = {readonly row: Row; readonly call: Call; readonly namespace: string};

/** Each has a namespace of its own, so that all can run at once. */
const runs: readonly Run[] = rows.flatMap((row, index) =>
	row.runs.map((call, variant) => ({row, call, namespace: `row-${index}-${variant}`})),
);

type Results = ReadonlyMap<Run, Settled<unknown>>;

const runAll = async (cache: CacheApi, work: (run: Run, cache: CacheApi) => Promise<unknown>): Promise<Results> =>
	new Map(
		await Promise.all(runs.map(async (run) => [run, await settle(work(run, cache.namespace(run.namespace)))] as const)),
	);

/** Stores what each run expects to be there. */
const prepare = async (cache: CacheApi): Promise<void> => {
	for (const [, settled] of await runAll(cache, ({row}, namespace) => row.before(namespace)))
		if (settled.error !== undefined) throw settled.error;
	const other = await fixture.open();
	for (const {namespace} of runs) await other.namespace(namespace).set('elsewhere', 'from another process');
	await other.close();
};

const options: CacheOptions = {ttl: {default: '1h', jitter: 0}, deadline: deadlineMs};

const check = (results: Results, row: Row, cell: Cell): void => {
	const own = [...results].filter(([run]) => run.row === row);
	expect(own).toHaveLength(row.runs.length);
	for (const [, settled] of own) {
		cell.gives(settled);
		if (cell.takes === 'no time') expect(settled.ms).toBeLessThan(slackMs);
		if (cell.takes === 'its deadline') {
			// Loop time, which stands still while the process is blocked: on a busy machine less than the deadline.
			expect(settled.ms).toBeGreaterThan(deadlineMs * 0.6);
			expect(settled.ms).toBeLessThan(deadlineMs + slackMs);
		}
	}
};

describe('in connected, a call returns what the guide says', () => {
	let results: Results = new Map();
	beforeAll(async () => {
		const cache = await fixture.open(options);
		await prepare(cache);
		results = await runAll(cache, ({call}, namespace) => call(namespace));
		await cache.close();
	});
	it.each(rows)('$call', (row) => check(results, row, row.connected));
});

describe('while Redis does not answer and that is not noticed yet, a call returns what the guide says', () => {
	let results: Results = new Map();
	beforeAll(async () => {
		const proxy = await fixture.proxy();
		// All calls are made at once, before the breaker can open.
		const cache = await fixture.openBehind(proxy, {
			...options,
			breaker: {consecutive: 10_000, minimum: 1_000_000},
			pool: {missedDeadlines: 1_000_000},
		});
		await prepare(cache);
		proxy.add({kind: 'blackhole'});
		results = await runAll(cache, ({call}, namespace) => call(namespace));
		await cache.close();
		await proxy.close();
	});
	it.each(rows)('$call', (row) => check(results, row, row.unnoticed));
});

describe('in fallback, a call returns what the guide says', () => {
	let results: Results = new Map();
	let after: Results = new Map();
	beforeAll(async () => {
		const proxy = await fixture.proxy();
		const cache = await fixture.openBehind(proxy, options);
		await prepare(cache);
		proxy.add({kind: 'refuse'});
		await untilFallback(cache);
		results = await runAll(cache, ({call}, namespace) => call(namespace));
		proxy.heal();
		await untilConnected(cache);
		after = await runAll(cache, ({row}, namespace) => namespace.get(row.after.key));
		await cache.close();
		await proxy.close();
	});
	it.each(rows)('$call', (row) => check(results, row, row.fallback));
	it.each(rows)('$call: also when Redis is back', (row) => {
		for (const [run, settled] of after)
			if (run.row === row) expect(settled).toMatchObject({value: row.after.value, error: undefined});
	});
});

it('the table in the guide is the one tested here', async () => {
	const head = ['call', 'connected', 'no answer, not noticed yet', 'fallback', 'the key when Redis is back'];
	const lines = rows.map(({call, connected, unnoticed, fallback, after}) => [
		call,
		connected.says,
		unnoticed.says,
		fallback.says,
		after.says,
	]);
	const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
	const page = await readFile(new URL('../../../notes/guide/outages.md', import.meta.url), 'utf8');
	expect(page).toContain(table);
});
