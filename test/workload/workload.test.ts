import {setTimeout as sleep} from 'node:timers/promises';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {Workload, type WorkloadCache, type WorkloadOptions} from '../../source/workload/workload.js';
import {blockLoop} from '../support/block-loop.js';
import {correctCache} from '../support/correct-cache.js';
import {until} from '../support/until.js';

describe('the workload', () => {
	let workload: Workload | undefined;

	function startOn(cache: WorkloadCache, options: WorkloadOptions = {}): Workload {
		workload = new Workload(cache, {rate: 2000, keys: 50, loaderMs: 0, deadlineMs: 50, ...options});
		workload.start();
		return workload;
	}

	afterEach(() => {
		workload?.close();
		vi.restoreAllMocks();
	});

	it('counts no wrong read on a correct cache, however changes and loads overlap', async () => {
		const running = startOn(correctCache(), {loaderMs: 3, mix: {read: 60, write: 20, delete: 20}});
		await until(() => running.totals().calls > 2000, '2000 calls');
		await running.stop();
		expect(running.totals()).toMatchObject({
			wrongReads: 0,
			failedCalls: 0,
			hungCalls: 0,
			skippedCalls: 0,
			availability: 1,
		});
		expect(running.snapshot().pending).toBe(0);
	});

	it('counts a read of a value that was deleted before the read started', async () => {
		const correct = correctCache();
		const running = startOn({...correct, delete: async () => ({stored: 'redis'})});
		await until(() => running.totals().wrongReads > 5, 'wrong reads');
		const [example] = running.snapshot().wrongReadExamples;
		expect(example?.key).toMatch(/^item:\d+$/);
		expect(example?.got).toBeLessThan(example?.expected ?? 0);
		expect(running.snapshot().wrongReadExamples.length).toBeLessThanOrEqual(20);
	});

	/** A correct cache with tags. */
	const tagged = (tagsWork: boolean): WorkloadCache => {
		const correct = correctCache();
		const tags = new Map<string, string>();
		const removed = async (isMeant: (tag: string) => boolean) => {
			for (const [key, tag] of tags) if (isMeant(tag)) await correct.delete(key);
			return {stored: 'redis'} as const;
		};
		return {
			...correct,
			async getOrSet(key, loader, options) {
				tags.set(key, options?.tags?.[0] ?? '');
				return correct.getOrSet(key, loader, options);
			},
			async set(key, value, options) {
				tags.set(key, options?.tags?.[0] ?? '');
				return correct.set(key, value, options);
			},
			invalidateTags: ([tag]) => removed((other) => tagsWork && other === tag),
			clear: () => removed(() => true),
		};
	};

	const withTags = {mix: {read: 70, write: 15, delete: 5, invalidateTag: 8, clear: 2}, loaderMs: 3};

	it('counts no wrong read where invalidations of tags and of all keys work, and the changes that did not reach Redis', async () => {
		const running = startOn(tagged(true), withTags);
		await until(() => running.totals().calls > 2000, '2000 calls');
		await running.stop();
		const {wrongReads, failedCalls, calls, unstoredChanges} = running.totals();
		expect({wrongReads, failedCalls}).toEqual({wrongReads: 0, failedCalls: 0});
		// Writes and deletions are stored in memory by this cache, invalidations in Redis.
		expect(unstoredChanges / calls).toBeGreaterThan(0.15);
		expect(unstoredChanges / calls).toBeLessThan(0.25);
	});

	it('counts a read of a value that an invalidation of its tag should have removed', async () => {
		const running = startOn(tagged(false), withTags);
		await until(() => running.totals().wrongReads > 5, 'wrong reads');
	});

	it('deletes single keys where a cache has no tags', async () => {
		const running = startOn(correctCache(), withTags);
		await until(() => running.totals().calls > 500, '500 calls');
		await running.stop();
		expect(running.totals()).toMatchObject({wrongReads: 0, failedCalls: 0});
	});

	it('counts a read of a value that was loaded before a delete and stored after it', async () => {
		const values = new Map<string, unknown>();
		const naive: WorkloadCache = {
			get: async <T>(key: string) => values.get(key) as T | undefined,
			async getOrSet(key, loader) {
				if (!values.has(key)) values.set(key, await loader());
				return values.get(key) as never;
			},
			set: async (key, value) => {
				values.set(key, value);
				return {stored: 'redis'};
			},
			delete: async (key) => {
				values.delete(key);
				return {stored: 'redis'};
			},
		};
		const running = startOn(naive, {loaderMs: 5, keys: 5, mix: {read: 50, write: 0, delete: 50}});
		await until(() => running.totals().wrongReads > 0, 'a wrong read');
	});

	it('counts a read of the value of another key', async () => {
		const correct = correctCache();
		const running = startOn(
			{...correct, get: (key) => correct.get(key === 'item:0' ? 'item:1' : key)},
			{plainReads: 1, mix: {read: 50, write: 50, delete: 0}},
		);
		await until(() => running.totals().wrongReads > 0, 'a wrong read');
		expect(running.snapshot().wrongReadExamples[0]).toMatchObject({key: 'item:0', got: -1});
	});

	it('does not expect changes to be visible that are pending or have failed', async () => {
		const correct = correctCache();
		const failing = {
			...correct,
			set: () => Promise.reject(new Error('no')),
			delete: () => Promise.reject(new Error('no')),
		};
		const running = startOn(failing, {mix: {read: 50, write: 25, delete: 25}});
		await until(() => running.totals().failedCalls > 100, 'failed calls');
		await running.stop();
		expect(running.totals().wrongReads).toBe(0);
		expect(running.totals().availability).toBeGreaterThan(0.3);
		expect(running.totals().availability).toBeLessThan(0.7);
	});

	it('counts a call that throws synchronously as failed', async () => {
		const running = startOn({
			...correctCache(),
			get: () => {
				throw new Error('no');
			},
		});
		await until(() => running.totals().failedCalls > 10, 'failed calls');
	});

	it('counts a call as hung once, even if it settles later', async () => {
		const correct = correctCache();
		let release: () => void = () => {};
		const gate = new Promise<void>((resolve) => {
			release = resolve;
		});
		let held = 0;
		const running = startOn({
			...correct,
			async set(key, value) {
				if (held < 3) {
					held++;
					await gate;
				}
				return correct.set(key, value);
			},
		});
		await until(() => running.totals().hungCalls === 3, 'three hung calls');
		expect(running.totals().settleMs.max).toBeGreaterThan(340);
		release();
		await until(() => running.snapshot().pending < 5, 'the calls to settle');
		await running.stop();
		expect(running.totals()).toMatchObject({hungCalls: 3, failedCalls: 0});
	});

	it('decides about each call before it has stopped, even if the event loop is blocked meanwhile', async () => {
		const never = () => new Promise<never>(() => {});
		const running = startOn({get: never, getOrSet: never, set: never, delete: never});
		await until(() => running.totals().calls > 20, 'calls');
		const stopped = running.stop();
		blockLoop(600);
		await stopped;
		const {calls, hungCalls} = running.totals();
		expect(hungCalls).toBe(calls);
	});

	it('fails further calls at once while too many are pending', async () => {
		const never = () => new Promise<never>(() => {});
		const running = startOn({get: never, getOrSet: never, set: never, delete: never}, {maxPending: 100});
		await until(() => running.totals().failedCalls > 100, 'failed calls');
		expect(running.snapshot().pending).toBe(100);
		await until(() => running.totals().hungCalls === 100, 'the pending ones to count as hung');
		expect(running.totals().availability).toBe(0);
	});

	it('counts the time of a call from when it was due, even if a blocked event loop delays its start', async () => {
		const running = startOn(correctCache(), {rate: 500});
		await until(() => running.totals().calls > 50, 'calls');
		blockLoop(200);
		const calls = running.totals().calls;
		await until(() => running.totals().calls >= calls + 95, 'the calls that were due meanwhile');
		const {settleMs, hungCalls, skippedCalls} = running.totals();
		expect(settleMs.max).toBeGreaterThan(180);
		expect({hungCalls, skippedCalls}).toEqual({hungCalls: 0, skippedCalls: 0});
	});

	it('keeps calling a stalled cache, so that the stall shows in p99 and not as one slow call', async () => {
		const correct = correctCache();
		let stall: Promise<void> | undefined;
		let release: () => void = () => {};
		const stalling = <T>(call: () => Promise<T>): Promise<T> => (stall === undefined ? call() : stall.then(call));
		const running = startOn(
			{
				get: (key) => stalling(() => correct.get(key)),
				getOrSet: (key, loader, options) => stalling(() => correct.getOrSet(key, loader, options)),
				set: (key, value) => stalling(() => correct.set(key, value)),
				delete: (key) => stalling(() => correct.delete(key)),
			},
			{rate: 500, deadlineMs: 10_000},
		);
		await until(() => running.totals().calls > 100, 'calls');
		const {calls: before} = running.totals();
		const startedAt = performance.now();
		stall = new Promise((resolve) => {
			release = resolve;
		});
		// A closed loop, which waits for each answer, would make one call now.
		await until(() => running.totals().calls >= before + 100, 'calls that are not answered');
		expect(running.snapshot().pending).toBeGreaterThanOrEqual(100);
		const stalledMs = performance.now() - startedAt;
		stall = undefined;
		release();
		await until(() => running.snapshot().pending < 20, 'the answers');
		await running.stop();
		const {settleMs, hungCalls, availability} = running.totals();
		expect(settleMs.p99).toBeGreaterThan(stalledMs * 0.75);
		expect({hungCalls, availability}).toEqual({hungCalls: 0, availability: 1});
	});

	it('skips the calls that were due while the process did not run', async () => {
		const running = startOn(correctCache(), {rate: 500});
		await until(() => running.totals().calls > 5, 'calls');
		const now = performance.now.bind(performance);
		const suspendedAt = now();
		vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
		await until(() => running.totals().skippedCalls > 0, 'skipped calls');
		// All except those due in the last two seconds.
		const awayMs = performance.now() - suspendedAt;
		expect(running.totals().skippedCalls).toBeLessThan(((awayMs - 1900) * 500) / 1000);
		expect(running.totals().skippedCalls).toBeGreaterThan((57_000 * 500) / 1000);
	});

	it('keeps its rate, changes it while it runs, and makes no calls once stopped', async () => {
		const running = startOn(correctCache(), {rate: 1000});
		const startedAt = performance.now();
		await until(() => running.totals().calls >= 500, '500 calls');
		// Never ahead of it. A busy machine may fall behind, and catches up later.
		expect(running.totals().calls).toBeLessThan((performance.now() - startedAt) * 1.1);
		running.setRate(5000);
		expect(running.snapshot().rate).toBe(5000);
		const before = running.totals().calls;
		const changedAt = performance.now();
		await until(() => running.totals().calls >= before + 2500, '2500 more calls');
		expect(((running.totals().calls - before) / (performance.now() - changedAt)) * 1000).toBeGreaterThan(1200);
		await running.stop();
		const {calls} = running.totals();
		await sleep(50);
		expect(running.totals().calls).toBe(calls);
		expect(running.snapshot().running).toBe(false);
	});

	it('makes calls by its mix, prefers the first keys, and repeats itself with the same seed', async () => {
		const record = async (seed: number): Promise<string[]> => {
			const calls: string[] = [];
			const note = (kind: string) => async (key: string) => {
				calls.push(`${kind} ${key}`);
				return {stored: 'redis'} as never;
			};
			const running = new Workload(
				{get: note('get'), getOrSet: note('getOrSet'), set: note('set'), delete: note('delete')},
				{seed, rate: 5000, keys: 100, mix: {read: 2, write: 1, delete: 1}},
			);
			running.start();
			await until(() => calls.length >= 1000, '1000 calls');
			await running.stop();
			return calls.slice(0, 1000);
		};
		const [first, again, other] = [await record(7), await record(7), await record(8)];
		expect(again).toEqual(first);
		expect(other).not.toEqual(first);
		const share = (kind: string) => first.filter((call) => call.startsWith(`${kind} `)).length / first.length;
		expect(share('set')).toBeCloseTo(0.25, 1);
		expect(share('delete')).toBeCloseTo(0.25, 1);
		expect(share('getOrSet')).toBeGreaterThan(share('get'));
		const count = (key: string) => first.filter((call) => call.endsWith(` ${key}`)).length;
		expect(count('item:0')).toBeGreaterThan(5 * count('item:50'));
	});

	it('measures calls during a fault separately, and starts over after a reset', async () => {
		const correct = correctCache();
		let slow = false;
		const running = startOn({
			...correct,
			async get(key) {
				if (slow) await sleep(20);
				return correct.get(key);
			},
		});
		await until(() => running.totals().calls > 100, 'calls');
		expect(running.totals().faultSettleMs).toEqual({p50: 0, p99: 0, max: 0});
		slow = true;
		running.setFaultActive(true);
		await until(() => running.totals().faultSettleMs.p99 >= 19, 'slow calls during the fault');
		running.setFaultActive(false);
		running.reset();
		expect(running.totals()).toMatchObject({
			calls: 0,
			wrongReads: 0,
			availability: 1,
			settleMs: {p50: 0, p99: 0, max: 0},
		});
	});
});
