import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import type {DrillReport} from '../../source/drills/drill-report.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {EventsLog} from '../../source/engine/log/events-log.js';
import {openSession} from '../../source/engine/session/open-session.js';
import type {Session} from '../../source/engine/session/session.js';
import type {TestBed} from '../../source/engine/session/test-beds/test-bed.js';
import {until} from '../support/until.js';

type Schema = {
	readonly $ref?: string;
	readonly type?: string | readonly string[];
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
	readonly definitions?: Readonly<Record<string, Schema>>;
};

/** Every option that the schema has, objects that only group others left out: `cache.memory`, `steps[].fault`. */
function optionsIn(schema: Schema, definitions = schema.definitions ?? {}, path = ''): string[] {
	const name = schema.$ref?.replace('#/definitions/', '');
	if (name !== undefined) return optionsIn(definitions[name] ?? {}, definitions, path);
	const {type, properties, items} = schema;
	if (items !== undefined) return optionsIn(items, definitions, `${path}[]`);
	const inside = Object.entries(properties ?? {}).flatMap(([field, value]) =>
		optionsIn(value, definitions, path === '' ? field : `${path}.${field}`),
	);
	return properties !== undefined && type === 'object' ? inside : [path, ...inside];
}

/** A drill that is running on a Redis. */
type Run = {
	readonly session: Session;
	/** The drill's cache and traffic. */
	readonly bed: TestBed;
	readonly redis: Redis;
	/** Resolves when the drill is over. */
	report(): Promise<DrillReport>;
};

let directory: string;
let server: PrivateRedis;
let runs = 0;

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'redis-cache-tui-test-'));
	server = await startPrivateRedis();
});

afterAll(async () => {
	await server?.close();
	rmSync(directory, {recursive: true});
});

type Change = {readonly cache?: object; readonly workload?: object; readonly [field: string]: unknown};

/** Starts a drill of ten seconds, with the fields that `change` has. A busy machine has time for it. */
async function start({onTestFinished}: Pick<TestContext, 'onTestFinished'>, change: Change): Promise<Run> {
	const path = join(directory, `${++runs}.json`);
	const file = {
		name: 'mine',
		summary: 'x',
		duration: '10s',
		steps: [],
		expectations: ['hungCalls == 0'],
		...change,
		workload: {rate: 100, ...change.workload},
		cache: {deadline: '3s', ...change.cache},
	};
	writeFileSync(path, JSON.stringify(file));
	const {url} = server;
	const workload = {running: false, rate: 100, keys: 10};
	const options = {embedded: false, readOnly: false, namespace: 'test', workload, hz: 4};
	const session = await openSession({url}, options, new EventsLog());
	onTestFinished(() => session.close());
	const redis = new Redis(url);
	onTestFinished(() => redis.disconnect());
	await session.drills.start(path);
	return {
		session,
		bed: session.testBed,
		redis,
		async report() {
			await until(() => session.drills.snapshot()?.report !== undefined, 'the report');
			return session.drills.snapshot()?.report as DrillReport;
		},
	};
}

/** The name of a key that the drill's cache has in Redis. */
async function storedKey({bed, redis}: Run): Promise<string> {
	let found: string | undefined;
	await until(async () => {
		[found] = (await redis.keys(`${bed.keyPrefix}*`)).filter((key) => key !== bed.keyPrefix);
		return found !== undefined;
	}, 'an entry in Redis');
	return found ?? '';
}

/** Waits for an entry whose remaining time is in a range, in milliseconds. */
async function untilTtl({bed, redis}: Run, from: number, to: number): Promise<void> {
	await until(async () => {
		const keys = await redis.keys(`${bed.keyPrefix}*`);
		const ttls = await Promise.all(keys.map((key) => redis.pttl(key)));
		return ttls.some((ttl) => ttl >= from && ttl <= to);
	}, `an entry that lives for ${from} to ${to} ms`);
}

const keysOf = ({bed}: Run): readonly string[] => [...bed.workload.keyNames()];
const counters = ({bed}: Run) => bed.cache.stats().counters;
const reads = {read: 1, write: 0, delete: 0};
const writes = {read: 0, write: 1, delete: 0};
const deletes = {read: 0, write: 0, delete: 1};
const manyKeys = {keys: 100_000, zipfExponent: 0};

type Effect = (context: TestContext) => Promise<void>;

/** Tests by the options whose effect they show: each would fail if these had none. */
const effects: Readonly<Record<string, Effect>> = {
	async '$schema name summary duration'(context) {
		const change = {$schema: './drill.schema.json', name: 'other', summary: 'Something happens', duration: '700ms'};
		const run = await start(context, change);
		const {drill, durationMs} = await run.report();
		expect(drill).toBe('other');
		expect(durationMs).toBeGreaterThanOrEqual(700);
		expect(run.session.drills.snapshot()).toMatchObject({summary: 'Something happens', totalMs: 700});
	},
	async 'expectations[] workload.rate'(context) {
		const expectations = ['calls <= 30', 'modes.fallback >= 1'];
		const run = await start(context, {duration: '500ms', workload: {rate: 20}, expectations});
		const {passed, expectations: results} = await run.report();
		expect(passed).toBe(false);
		expect(results).toMatchObject([
			{name: 'calls <= 30', passed: true, limit: 30},
			{name: 'modes.fallback >= 1', passed: false, actual: 0, limit: 1},
		]);
	},
	async 'workload.keys'(context) {
		const run = await start(context, {duration: '300ms', workload: {keys: 2, zipfExponent: 0}});
		await run.report();
		expect(keysOf(run).toSorted()).toEqual(['item:0', 'item:1']);
	},
	async 'workload.mix.write'(context) {
		const run = await start(context, {duration: '300ms', workload: {mix: writes}});
		await run.report();
		expect(counters(run)).toMatchObject({deletes: 0, misses: 0, hitsMemory: 0, hitsRedis: 0});
		expect(counters(run).sets).toBeGreaterThan(0);
	},
	async 'workload.mix.delete'(context) {
		const run = await start(context, {duration: '300ms', workload: {mix: deletes}});
		await run.report();
		expect(counters(run)).toMatchObject({sets: 0, misses: 0, hitsMemory: 0, hitsRedis: 0});
		expect(counters(run).deletes).toBeGreaterThan(0);
	},
	async 'workload.mix.invalidateTag'(context) {
		const run = await start(context, {workload: {mix: {...writes, invalidateTag: 1}}});
		await until(() => counters(run).invalidations > 1, 'invalidations');
		// Of a tag, which entries have: `clear` makes no such marker.
		const prefix = run.bed.keyPrefix.replace(/[^:]*:$/, '');
		await until(async () => (await run.redis.keys(`${prefix}*tag:*`)).length > 0, 'a marker');
	},
	async 'workload.mix.clear'(context) {
		const run = await start(context, {workload: {mix: {...writes, clear: 1}}});
		await until(() => counters(run).invalidations > 1, 'invalidations');
	},
	async 'steps[].workload.mix.invalidateTag'(context) {
		const steps = [{at: '200ms', workload: {mix: {...writes, invalidateTag: 1}}}];
		const run = await start(context, {workload: {mix: writes}, steps});
		await until(() => counters(run).invalidations > 1, 'invalidations');
	},
	async 'steps[].workload.mix.clear'(context) {
		const steps = [{at: '200ms', workload: {mix: {...writes, clear: 1}}}];
		const run = await start(context, {workload: {mix: writes}, steps});
		await until(() => counters(run).invalidations > 1, 'invalidations');
	},
	async 'workload.mix.read workload.loader'(context) {
		const run = await start(context, {duration: '600ms', workload: {loader: '200ms', mix: reads, ...manyKeys}});
		expect((await run.report()).settleMs.p50).toBeGreaterThan(190);
		expect(counters(run)).toMatchObject({sets: 0, deletes: 0});
	},
	async 'workload.seed'(context) {
		const usedKeys = async (seed: number) => {
			const run = await start(context, {duration: '300ms', workload: {seed, ...manyKeys}});
			await run.report();
			return keysOf(run);
		};
		const [first = [], same = [], other = []] = await Promise.all([7, 7, 8].map(usedKeys));
		// The drills differ in the number of calls, but the calls are the same.
		const [few = [], many = []] = [first, same].toSorted((left, right) => left.length - right.length);
		expect(many).toEqual(expect.arrayContaining([...few]));
		expect(other.filter((key) => first.includes(key)).length).toBeLessThan(first.length / 2);
	},
	async 'workload.zipfExponent'(context) {
		const run = await start(context, {duration: '300ms', workload: {...manyKeys, zipfExponent: 5}});
		const {calls} = await run.report();
		expect(keysOf(run).length).toBeLessThan(calls / 4);
	},
	async 'workload.valueBytes'(context) {
		const run = await start(context, {workload: {mix: writes, valueBytes: 4321}});
		const key = (await storedKey(run)).slice(run.bed.keyPrefix.length);
		expect(await run.bed.cache.get(key)).toMatchObject({pad: 'x'.repeat(4321)});
	},
	async 'workload.ttl'(context) {
		const run = await start(context, {workload: {ttl: '900ms'}, cache: {grace: 0}});
		await untilTtl(run, 1, 1000);
	},
	async 'cache.ttl'(context) {
		const run = await start(context, {cache: {ttl: '900ms', grace: 0}});
		await untilTtl(run, 1, 1000);
	},
	async 'cache.grace'(context) {
		const run = await start(context, {cache: {ttl: 100, grace: '3s'}});
		await untilTtl(run, 2000, 3200);
	},
	async 'cache.memory cache.lanes'(context) {
		const run = await start(context, {cache: {memory: false, lanes: 5}, workload: {keys: 1, mix: reads}});
		await until(() => counters(run).hitsRedis > 0, 'a hit in Redis');
		expect(counters(run).hitsMemory).toBe(0);
		expect(run.bed.pool.lanes).toHaveLength(5);
	},
	async 'cache.memory.maxEntries'(context) {
		const run = await start(context, {cache: {memory: {maxEntries: 3}}, workload: manyKeys});
		await until(() => counters(run).evictions > 0, 'an eviction');
		expect(run.bed.cache.stats().memory).toMatchObject({maxEntries: 3, entries: 3});
	},
	async 'cache.memory.maxBytes'(context) {
		const workload = {...manyKeys, valueBytes: 1000};
		const run = await start(context, {cache: {memory: {maxBytes: 20_000}}, workload});
		await until(() => counters(run).evictions > 0, 'an eviction');
		expect(run.bed.cache.stats().memory.bytes).toBeLessThanOrEqual(20_000);
	},
	async 'cache.journal.maxKeys'(context) {
		const steps = [{at: 0, fault: 'refuse'}];
		const run = await start(context, {cache: {journal: {maxKeys: 2}}, workload: {mix: writes}, steps});
		await until(() => run.bed.cache.stats().journal.overflowed > 0, 'an overflow');
		expect(run.bed.cache.stats().journal.limit).toBe(2);
	},
	async 'cache.deadline'(context) {
		const steps = [{at: '100ms', fault: 'blackhole'}];
		const run = await start(context, {duration: '1s', cache: {deadline: '600ms'}, steps});
		expect((await run.report()).faultSettleMs.max).toBeGreaterThan(590);
	},
	async 'steps[].at steps[].fault steps[].label'(context) {
		const steps = [{at: '400ms', fault: 'refuse', label: 'the cable is cut'}];
		const run = await start(context, {duration: '800ms', steps});
		expect(run.session.drills.snapshot()?.steps).toMatchObject([{label: 'the cable is cut'}]);
		const fallback = (await run.report()).modes.find(({mode}) => mode === 'fallback');
		expect(fallback?.atMs).toBeGreaterThanOrEqual(400);
	},
	async 'steps[].for'(context) {
		const {session} = await start(context, {steps: [{at: 0, fault: 'refuse', for: '300ms'}]});
		await until(() => session.faults.past().length > 0, 'the fault to be lifted');
		expect(session.drills.snapshot()).toMatchObject({state: 'running', steps: [{state: 'done'}]});
	},
	async 'steps[].workload.rate steps[].workload.keys'(context) {
		const steps = [{at: '100ms', workload: {rate: 200, keys: 1000}}];
		const run = await start(context, {duration: '500ms', workload: {rate: 0, keys: 1}, steps});
		expect((await run.report()).calls).toBeGreaterThan(10);
		expect(keysOf(run).length).toBeGreaterThan(1);
	},
	async 'steps[].workload.mix.read steps[].workload.mix.write steps[].workload.mix.delete'(context) {
		const steps = [
			{at: '200ms', workload: {mix: writes}},
			{at: '400ms', workload: {mix: {...writes, delete: 1}}},
		];
		const run = await start(context, {workload: {mix: reads}, steps});
		await until(() => counters(run).misses > 0, 'a read');
		await until(() => counters(run).sets > 0, 'a write');
		await until(() => counters(run).deletes > 0, 'a delete');
	},
};

describe('the options of a drill', () => {
	it('all have a test that shows their effect', async () => {
		const schema = JSON.parse(
			await readFile(new URL('../../source/drills/drill.schema.json', import.meta.url), 'utf8'),
		);
		const tested = Object.keys(effects).flatMap((options) => options.split(' '));
		expect(tested.toSorted()).toEqual(optionsIn(schema).toSorted());
	});

	describe.concurrent('have an effect:', () => {
		for (const [options, showEffect] of Object.entries(effects)) it(options, showEffect);
	});
});
