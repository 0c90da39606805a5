import {Redis} from 'ioredis';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {DrillRunner} from '../../source/faults/drill-runner.js';
import type {Drill} from '../../source/faults/drill-types.js';
import {readDrill} from '../../source/faults/read-drill.js';
import type {WorkloadCache} from '../../source/workload/workload.js';
import {until} from '../support/until.js';
import {rightCache} from '../workload/fake-cache.js';
import {hostOf, openSite, openStage, type Site} from './drill-stage.js';

const drill = (change: Record<string, unknown>): Drill =>
	readDrill(
		JSON.stringify({
			name: 'short',
			summary: 'Short',
			duration: '1s',
			steps: [],
			expectations: ['wrongReads == 0'],
			...change,
		}),
		'short.json',
	);

/** A cache as many write it: a client that fails fast, and no thought of what it did not do then. */
function naiveCache(url: string): {cache: WorkloadCache; close(): void} {
	const redis = new Redis(url, {commandTimeout: 200, maxRetriesPerRequest: 0, retryStrategy: () => 100});
	redis.on('error', () => {});
	const read = async (key: string): Promise<unknown> => {
		const text = await redis.get(key).catch(() => null);
		return text === null ? undefined : JSON.parse(text);
	};
	const cache: WorkloadCache = {
		get: async <T>(key: string) => (await read(key)) as T | undefined,
		async getOrSet(key, loader) {
			const found = await read(key);
			if (found !== undefined) return found as never;
			const value = await loader({key, signal: new AbortController().signal, setOptions: () => {}});
			await redis.set(key, JSON.stringify(value)).catch(() => {});
			return value;
		},
		async set(key, value) {
			await redis.set(key, JSON.stringify(value)).catch(() => {});
			return {stored: 'redis'};
		},
		async delete(key) {
			await redis.del(key).catch(() => {});
			return {stored: 'redis'};
		},
	};
	return {cache, close: () => redis.disconnect()};
}

describe('a drill', () => {
	let site: Site;

	beforeAll(async () => {
		site = await openSite();
	});

	afterEach(() => site.proxy.heal());

	afterAll(() => site.close());

	const outage = {
		duration: '4s',
		steps: [{at: '500ms', fault: 'blackhole', for: '800ms'}],
		expectations: [
			'wrongReads == 0',
			'hungCalls == 0',
			'failedCalls == 0',
			'availability >= 0.9999',
			'modes.fallback >= 1',
			'recoveryMs <= 2500',
			'journal.overflowed == 0',
			'faultSettleMs.p99 <= 2000',
		],
	};

	it('is passed by a cache that keeps its word, with a report that tells how', async () => {
		const stage = await openStage(site, {}, {rate: 300, keys: 200});
		const runner = new DrillRunner(drill(outage), stage.host);
		const running = runner.run();
		await until(() => runner.snapshot().steps[0]?.state === 'active', 'the fault');
		expect(site.proxy.active().map(({fault}) => fault.kind)).toEqual(['blackhole']);
		expect(runner.snapshot()).toMatchObject({state: 'running', totalMs: 4000, report: undefined});
		const state = (name: string) => runner.snapshot().expectations.find((each) => each.name === name)?.state;
		await until(() => state('modes.fallback >= 1') === 'passed', 'the fallback to be noted');
		expect(state('wrongReads == 0')).toBe('open');
		const report = await running;
		expect(report.expectations.filter(({passed}) => !passed)).toEqual([]);
		expect(report).toMatchObject({
			drill: 'short',
			server: expect.stringMatching(/^(redis-server|built-in server) \d.* \(private\)$/),
			passed: true,
			failedCalls: 0,
			hungCalls: 0,
			wrongReads: 0,
			availability: 1,
		});
		expect(report.partial).toBeUndefined();
		expect(report.calls).toBeGreaterThan(500);
		expect(report.durationMs).toBeGreaterThanOrEqual(4000);
		const modes = report.modes.map(({mode}) => mode);
		expect(modes[0]).toBe('connected');
		expect(modes.slice(-2)).toEqual(['recovering', 'connected']);
		// A busy machine may look like an outage before there is one.
		const latest = report.modes.filter(({mode}) => mode === 'fallback').at(-1);
		expect(latest?.atMs).toBeGreaterThan(500);
		expect(report.recoveryMs).not.toBeNull();
		expect(report.journal.max).toBeGreaterThan(0);
		expect(report.journal.reconciled).toBeGreaterThan(0);
		expect(report.settleMs.max).toBeGreaterThanOrEqual(report.settleMs.p99);
		expect(report.hitRatio).toBeGreaterThan(0);
		expect(runner.snapshot()).toMatchObject({state: 'passed', report, steps: [{state: 'done'}]});
		expect(site.proxy.active()).toEqual([]);
		expect(stage.workload.running).toBe(false);
		expect(await runner.run()).toBe(report);
		await stage.close();
	});

	it('is failed by a naive one: after the outage it reads what had been deleted', async () => {
		const naive = naiveCache(site.url);
		const host = hostOf(site, naive.cache, {rate: 300, keys: 50, mix: {read: 60, write: 20, delete: 20}});
		const report = await new DrillRunner(drill({...outage, expectations: ['wrongReads == 0']}), host).run();
		expect(report.passed).toBe(false);
		expect(report.wrongReads).toBeGreaterThan(0);
		expect(report.expectations).toEqual([
			{name: 'wrongReads == 0', passed: false, actual: report.wrongReads, limit: 0},
		]);
		naive.close();
	});

	it('decides an expectation as soon as it can be decided', async () => {
		const failing: WorkloadCache = {...rightCache(), get: () => Promise.reject(new Error('no'))};
		const runner = new DrillRunner(
			drill({duration: '2s', expectations: ['failedCalls == 0', 'calls >= 100', 'hungCalls <= 3']}),
			hostOf(site, failing, {rate: 500}),
		);
		const running = runner.run();
		await until(
			() =>
				runner
					.snapshot()
					.expectations.map(({state}) => state)
					.join() === 'failed,passed,open',
			'both to be decided',
		);
		expect(runner.snapshot().state).toBe('running');
		expect((await running).expectations.map(({passed}) => passed)).toEqual([false, true, true]);
	});

	it('changes the traffic for a time, and puts it back', async () => {
		const host = hostOf(site, rightCache(), {rate: 100, keys: 10});
		const runner = new DrillRunner(
			drill({
				duration: '1500ms',
				steps: [{at: 200, workload: {rate: 1000, mix: {read: 1, write: 0, delete: 0}}, for: '500ms'}],
			}),
			host,
		);
		const running = runner.run();
		await until(() => host.workload.snapshot().rate === 1000, 'the change');
		expect(host.workload.snapshot().mix).toEqual({read: 1, write: 0, delete: 0});
		await until(() => host.workload.snapshot().rate === 100, 'the way back');
		expect(host.workload.snapshot().mix).toEqual({read: 80, write: 15, delete: 5});
		const {calls} = await running;
		// 150 without the change.
		expect(calls).toBeGreaterThan(250);
	});

	it('undoes of several changes of the traffic only the one that is over', async () => {
		const host = hostOf(site, rightCache(), {rate: 100, keys: 10});
		const running = new DrillRunner(
			drill({
				duration: '1500ms',
				steps: [
					{at: 100, workload: {keys: 20}},
					{at: 200, workload: {rate: 300}, for: '1s'},
					{at: 300, workload: {rate: 900}, for: '300ms'},
				],
			}),
			host,
		).run();
		const traffic = () => host.workload.snapshot();
		await until(() => traffic().rate === 900, 'the third change');
		await until(() => traffic().rate !== 900, 'its end');
		expect(traffic()).toMatchObject({rate: 300, keys: 20});
		await until(() => traffic().rate !== 300, 'the end of the second');
		expect(traffic()).toMatchObject({rate: 100, keys: 20});
		await running;
		expect(traffic()).toMatchObject({rate: 100, keys: 10});
	});

	it('can be ended early, with everything lifted and a report that says so', async () => {
		const host = hostOf(site, rightCache(), {rate: 100});
		const runner = new DrillRunner(
			drill({duration: '60s', steps: [{at: 0, fault: 'stall'}], expectations: ['wrongReads == 0', 'calls > 1000000']}),
			host,
		);
		const running = runner.run();
		await until(() => site.proxy.active().length === 1, 'the fault');
		const report = await runner.abort('interrupted by SIGINT');
		expect(report).toMatchObject({passed: false, partial: 'interrupted by SIGINT', wrongReads: 0});
		expect(report.durationMs).toBeLessThan(runner.drill.durationMs);
		expect(report.expectations.map(({passed}) => passed)).toEqual([true, false]);
		expect(await running).toBe(report);
		expect(runner.snapshot().state).toBe('interrupted');
		expect(site.proxy.active()).toEqual([]);
		expect(host.workload.running).toBe(false);
	});

	it('says in its report when a fault could not be done', async () => {
		const host = {
			...hostOf(site, rightCache(), {rate: 100}),
			applyFault: () => Promise.reject(new Error('kill is only done to a server that this program started')),
		};
		const report = await new DrillRunner(drill({steps: [{at: 100, fault: 'kill', for: '500ms'}]}), host).run();
		expect(report).toMatchObject({passed: false, partial: 'kill is only done to a server that this program started'});
	});

	it('notices that a restart is over by itself, and measures the recovery from there', async () => {
		const stage = await openStage(site, {}, {rate: 300, keys: 100});
		const report = await new DrillRunner(
			drill({
				duration: '5s',
				steps: [{at: '500ms', fault: 'restart'}],
				expectations: ['recoveryMs <= 4000', 'wrongReads == 0'],
			}),
			stage.host,
		).run();
		expect(report.expectations.filter(({passed}) => !passed)).toEqual([]);
		expect(report.modes.length).toBeGreaterThan(1);
		await stage.close();
	});
});
