import {afterAll, beforeAll, describe, expect, it, type TestContext} from 'vitest';
import type {CacheOptions} from '../../source/cache/api/types.js';
import {RedisCache} from '../../source/cache/redis-cache.js';
import {startPrivateRedis} from '../../source/embedded/start-private-redis.js';
import type {PrivateRedis} from '../../source/embedded/types.js';
import {faultKinds, isServerFault, traitsOf} from '../../source/faults/catalogue.js';
import type {Fault, FaultKind} from '../../source/faults/fault.js';
import type {Mode} from '../../source/metrics/snapshot.js';
import type {WorkloadOptions} from '../../source/workload/workload.js';
import {openSite, openSiteOf, openTestBed, type Site, type TestBed} from '../support/test-site.js';
import {until} from '../support/until.js';

/** Milliseconds that each fault lasts: several deadlines, so that the cache has to notice it. */
const lastsMs = 700;

type Case = {
	readonly fault: Fault;
	/** `fallback`: the cache has to stop using Redis. `connected`: it has to keep using it. `either`: both are right. */
	readonly mode: 'fallback' | 'connected' | 'either';
};

const cases: readonly Case[] = [
	{fault: {kind: 'refuse'}, mode: 'fallback'},
	{fault: {kind: 'reset'}, mode: 'fallback'},
	{fault: {kind: 'blackhole'}, mode: 'fallback'},
	{fault: {kind: 'blackhole', direction: 'up'}, mode: 'fallback'},
	{fault: {kind: 'blackhole', direction: 'down'}, mode: 'fallback'},
	{fault: {kind: 'stall'}, mode: 'fallback'},
	{fault: {kind: 'stall', direction: 'down'}, mode: 'fallback'},
	{fault: {kind: 'handshake'}, mode: 'connected'},
	{fault: {kind: 'latency', delayMs: 5, jitterMs: 5}, mode: 'connected'},
	{fault: {kind: 'latency', delayMs: 500}, mode: 'fallback'},
	{fault: {kind: 'bandwidth', kbps: 1}, mode: 'fallback'},
	{fault: {kind: 'slice', bytes: 7}, mode: 'connected'},
	{fault: {kind: 'flaky', probability: 0.5, everyMs: 50}, mode: 'either'},
	{fault: {kind: 'limit', bytes: 2000}, mode: 'either'},
	{fault: {kind: 'error', error: 'LOADING'}, mode: 'fallback'},
	{fault: {kind: 'error', error: 'READONLY'}, mode: 'fallback'},
	{fault: {kind: 'error', error: 'CLUSTERDOWN'}, mode: 'fallback'},
	{fault: {kind: 'error', error: 'OOM'}, mode: 'either'},
	{fault: {kind: 'error', error: 'LOADING', probability: 0.3}, mode: 'either'},
	{fault: {kind: 'kill'}, mode: 'fallback'},
	{fault: {kind: 'pause'}, mode: 'fallback'},
	{fault: {kind: 'restart'}, mode: 'either'},
	{fault: {kind: 'memory-full'}, mode: 'either'},
];

const combinations: readonly (readonly Fault[])[] = [
	[
		{kind: 'latency', delayMs: 20, jitterMs: 20},
		{kind: 'slice', bytes: 20},
		{kind: 'flaky', probability: 0.3, everyMs: 100},
	],
	[
		{kind: 'stall', direction: 'down'},
		{kind: 'error', error: 'READONLY', probability: 0.5},
	],
	[{kind: 'blackhole', direction: 'up'}, {kind: 'pause'}],
	[{kind: 'memory-full'}, {kind: 'kill'}, {kind: 'handshake'}],
	[
		{kind: 'bandwidth', kbps: 20},
		{kind: 'limit', bytes: 5000, direction: 'down'},
		{kind: 'error', error: 'LOADING', probability: 0.2},
	],
];

const mix = {read: 70, write: 20, delete: 10};

type Context = Pick<TestContext, 'onTestFinished'>;

/** Starting a server takes more of the processor than a test's traffic does; only faults of the server itself need their own. */
let shared: PrivateRedis;

beforeAll(async () => {
	shared = await startPrivateRedis();
});

afterAll(() => shared?.close());

/** A test bed on a site of its own: tests of this file run concurrently. */
async function openOwnTestBed(
	{onTestFinished}: Context,
	faults: readonly Fault[],
	cacheOptions: CacheOptions = {},
	workloadOptions: WorkloadOptions = {},
): Promise<TestBed & {readonly site: Site}> {
	const site = await (faults.some(isServerFault) ? openSite() : openSiteOf(shared));
	onTestFinished(() => site.close());
	const testBed = await openTestBed(site, cacheOptions, workloadOptions);
	onTestFinished(() => testBed.close());
	return {...testBed, site};
}

describe.concurrent('the cache', () => {
	const undergo = async (context: Context, faults: readonly Fault[], mode: Case['mode']): Promise<void> => {
		// On a busy machine a short deadline would look like a fault where none that matters is active.
		const deadlineMs = mode === 'connected' ? 2000 : 200;
		const testBed = await openOwnTestBed(
			context,
			faults,
			{deadline: deadlineMs},
			// Calls that Redis cannot take at once may wait for ten deadlines while it answers: on a busy machine they do.
			{rate: 200, keys: 150, mix, deadlineMs: 5 * deadlineMs},
		);
		// So few calls that none of them has to wait for its turn: each takes two deadlines at most, one a round trip.
		const quietMs = 2 * deadlineMs;
		const quiet = await openTestBed(testBed.site, {deadline: quietMs}, {rate: 25, keys: 20, mix, deadlineMs: quietMs});
		context.onTestFinished(() => quiet.close());
		const {cache, workload, host} = testBed;
		const modes: Mode[] = [];
		cache.on('mode', (change) => modes.push(change.mode));
		workload.start();
		quiet.workload.start();
		await until(() => workload.totals().calls > 80, 'traffic');

		workload.setFaultActive(true);
		const ids: number[] = [];
		for (const fault of faults) ids.push((await host.applyFault(fault)).id);
		const startedAt = performance.now();
		await until(() => performance.now() - startedAt > lastsMs, 'the fault to last');
		if (mode === 'fallback') await until(() => modes.includes('fallback'), 'the fallback');
		const during = cache.stats();
		// The latest first: a server that is gone cannot restore its memory limit.
		for (const id of ids.reverse()) await host.liftFault(id);
		await until(() => !ids.some((id) => host.isActive(id)), 'the faults to be over');
		workload.setFaultActive(false);

		for (const each of [cache, quiet.cache])
			await until(() => each.stats().mode.mode === 'connected', 'connected again');
		// Values that were held back, or half written, would be read now.
		const {calls} = workload.totals();
		await until(() => workload.totals().calls > calls + 100, 'traffic after it');
		await Promise.all([workload.stop(), quiet.workload.stop()]);

		for (const each of [workload, quiet.workload]) {
			expect(each.snapshot().wrongReadExamples).toEqual([]);
			expect(each.totals()).toMatchObject({wrongReads: 0, hungCalls: 0, failedCalls: 0, availability: 1});
		}
		if (mode === 'connected') {
			expect(modes).toEqual([]);
			expect(during.mode.mode).toBe('connected');
		}
		await until(() => cache.stats().journal.size === 0, 'the journal to be empty');
	};

	it.for(cases.map((each) => ({...each, label: JSON.stringify(each.fault)})))(
		'settles every call, returns no wrong value and recovers: $label',
		({fault, mode}, context) => undergo(context, [fault], mode),
	);

	it.for(combinations.map((faults) => ({faults, label: faults.map(({kind}) => kind).join(' and ')})))(
		'does so under several faults at once: $label',
		({faults}, context) => undergo(context, faults, 'either'),
	);

	it.for([
		['the same process', 'same'],
		['another process', 'other'],
	] as const)('does not keep callers waiting for a load whose fill was lost: %s', async ([, who], context) => {
		const {cache, host, site} = await openOwnTestBed(context, []);
		let loading = false;
		const first = cache.getOrSet('key', async () => {
			loading = true;
			await until(() => site.proxy.active().length > 0, 'the fault');
			return 'first';
		});
		await until(() => loading, 'the load to begin');
		const fault = await host.applyFault({kind: 'error', error: 'LOADING'});
		expect(await first).toBe('first');
		await host.liftFault(fault.id);
		await until(() => cache.stats().mode.mode === 'connected', 'connected again');
		const {namespace} = cache.internals.parts.settings;
		const asking = who === 'same' ? cache : new RedisCache({url: site.url, namespace});
		await asking.ready(30_000);
		const startedAt = performance.now();
		expect(await asking.getOrSet('key', () => 'second')).toMatch(/first|second/);
		// Waiting for the lease would take ten seconds.
		expect(performance.now() - startedAt).toBeLessThan(8000);
		if (asking !== cache) await asking.close();
	});

	it('has a case here for every fault', () => {
		const covered = new Set<FaultKind>(cases.map(({fault}) => fault.kind));
		// Faults that take several servers: test/topologies/.
		const needMore = faultKinds.filter((kind) => traitsOf(kind).needs !== undefined);
		expect(faultKinds.filter((kind) => !covered.has(kind))).toEqual(needMore);
		expect(cases.some(({fault}) => isServerFault(fault))).toBe(true);
	});
});
