import {randomUUID} from 'node:crypto';
import type {CacheApi, Duration, WriteResult} from '../cache/types.js';
import type {WorkloadMix, WorkloadSnapshot, WrongRead} from '../engine/protocol.js';
import {LatencyWindow} from '../metrics/latency-window.js';
import {RateMeter} from '../metrics/rate-meter.js';
import {Origin, type OriginValue} from './origin.js';
import {type PendingCall, PendingCalls} from './pending-calls.js';
import {seededRandom} from './random.js';
import {Schedule} from './schedule.js';
import {type SettleQuantiles, SettleTimes} from './settle-times.js';
import {ZipfSampler} from './zipf.js';

/** What the workload needs of a cache. */
export type WorkloadCache = Pick<CacheApi, 'get' | 'getOrSet' | 'set' | 'delete'>;

export type WorkloadOptions = {
	/** Calls a second. Default 500. */
	readonly rate?: number;
	/** Default 2000. */
	readonly keys?: number;
	/** Shares of the calls. Default 80 : 15 : 5. */
	readonly mix?: WorkloadMix;
	/** The same seed gives the same calls. Default 1. */
	readonly seed?: number;
	/** Milliseconds that the cache promises to settle in. Default 200. A call hangs past twice that plus 250 ms and the loader's time. */
	readonly deadlineMs?: number;
	/** How uneven keys are asked for; 0: all alike. Default 1. */
	readonly zipfExponent?: number;
	/** Default 100. */
	readonly valueBytes?: number;
	/** Default: the cache's. */
	readonly ttl?: Duration;
	/** Milliseconds that reading the origin takes. Default 2. */
	readonly loaderMs?: number;
	/** Share of the reads that are a plain `get` instead of `getOrSet`. Default 0.2. */
	readonly plainReads?: number;
	/** Calls that have not settled before further ones fail at once. Default 10,000. */
	readonly maxPending?: number;
	/** First part of its keys. Default `item:`. */
	readonly keyPrefix?: string;
};

/** All since the start or the last `reset`. */
export type WorkloadTotals = {
	readonly calls: number;
	readonly failedCalls: number;
	readonly hungCalls: number;
	readonly wrongReads: number;
	/** Calls that were due while this process did not run. They are not among `calls`. */
	readonly skippedCalls: number;
	/** Share of the calls that settled in time and did not reject; 1 while there are none. */
	readonly availability: number;
	readonly settleMs: SettleQuantiles;
	/** Only calls that were due while a fault was in force. */
	readonly faultSettleMs: SettleQuantiles;
};

const maxExamples = 20;
const recentMs = 1250;

/**
 * Traffic on a cache, with a known truth.
 *
 * Calls are due on a schedule, whatever the cache does (open loop), and their time counts from when they were due. A write
 * changes the origin first and then tells the cache, as an application does with its database. A read that returns less than
 * what had been acknowledged when it began is wrong.
 */
export class Workload {
	readonly #cache: WorkloadCache;
	readonly #schedule: Schedule;
	readonly #origin: Origin;
	readonly #pending = new PendingCalls();
	readonly #random: () => number;
	readonly #settleTimes = new SettleTimes();
	readonly #faultSettleTimes = new SettleTimes();
	readonly #recent = new LatencyWindow(recentMs);
	readonly #rate = new RateMeter();
	readonly #setOptions: {readonly ttl?: Duration};
	readonly #options: Required<Omit<WorkloadOptions, 'ttl' | 'rate' | 'keys' | 'mix' | 'seed'>>;
	#mix: WorkloadMix;
	#keys: ZipfSampler;
	#calls = 0;
	#failed = 0;
	#hung = 0;
	#inTime = 0;
	#wrong = 0;
	#skippedBefore = 0;
	#examples: readonly WrongRead[] = [];
	#duringFault = false;
	#epoch = 0;

	constructor(cache: WorkloadCache, options: WorkloadOptions = {}) {
		this.#cache = cache;
		this.#options = {
			deadlineMs: options.deadlineMs ?? 200,
			zipfExponent: options.zipfExponent ?? 1,
			valueBytes: options.valueBytes ?? 100,
			loaderMs: options.loaderMs ?? 2,
			plainReads: options.plainReads ?? 0.2,
			maxPending: options.maxPending ?? 10_000,
			keyPrefix: options.keyPrefix ?? 'item:',
		};
		const keys = options.keys ?? 2000;
		this.#setOptions = options.ttl === undefined ? {} : {ttl: options.ttl};
		this.#mix = options.mix ?? {read: 80, write: 15, delete: 5};
		this.#random = seededRandom(options.seed ?? 1);
		this.#keys = new ZipfSampler(keys, this.#options.zipfExponent);
		this.#origin = new Origin(keys, randomUUID().slice(0, 8), this.#options.valueBytes);
		this.#schedule = new Schedule(
			(dueAt) => this.#call(dueAt),
			(now) => this.#check(now),
			options.rate ?? 500,
		);
	}

	get running(): boolean {
		return this.#schedule.running;
	}

	start(): void {
		this.#schedule.run();
	}

	/** No more calls. Resolves when those under way have settled, or are found to hang. */
	async stop(): Promise<void> {
		this.#schedule.stop();
		const limit = performance.now() + this.#hangMs + 100;
		while (this.#pending.unsettled > 0 && performance.now() < limit) {
			await new Promise((resolve) => setTimeout(resolve, 10));
			if (this.running) return;
			this.#check(performance.now());
		}
	}

	/** @param rate Calls a second. */
	setRate(rate: number): void {
		this.#schedule.rate = rate;
	}

	setMix(mix: WorkloadMix): void {
		this.#mix = mix;
	}

	setKeys(keys: number): void {
		this.#origin.grow(keys);
		this.#keys = new ZipfSampler(keys, this.#options.zipfExponent);
	}

	/** Calls that are due from now on count as made during a fault, or not. */
	setFaultActive(active: boolean): void {
		this.#duringFault = active;
	}

	/** Counts anew. What is true of the keys stays. */
	reset(): void {
		this.#epoch++;
		this.#calls = 0;
		this.#failed = 0;
		this.#hung = 0;
		this.#inTime = 0;
		this.#wrong = 0;
		this.#skippedBefore = this.#schedule.skipped;
		this.#examples = [];
		this.#settleTimes.reset();
		this.#faultSettleTimes.reset();
	}

	totals(): WorkloadTotals {
		return {
			calls: this.#calls,
			failedCalls: this.#failed,
			hungCalls: this.#hung,
			wrongReads: this.#wrong,
			skippedCalls: this.#schedule.skipped - this.#skippedBefore,
			availability: this.#availability,
			settleMs: this.#settleTimes.quantiles(),
			faultSettleMs: this.#faultSettleTimes.quantiles(),
		};
	}

	snapshot(): WorkloadSnapshot {
		return {
			running: this.running,
			rate: this.#schedule.rate,
			keys: this.#keys.size,
			mix: this.#mix,
			calls: this.#calls,
			failedCalls: this.#failed,
			hungCalls: this.#hung,
			pending: this.#pending.unsettled,
			wrongReads: this.#wrong,
			wrongReadExamples: this.#examples,
			availability: this.#availability,
			callsPerSecond: this.#rate.perSecond(),
			settle: this.#recent.summary(),
		};
	}

	/** Stops for good. Calls under way are not waited for. */
	close(): void {
		this.#schedule.stop();
	}

	get #hangMs(): number {
		return 2 * this.#options.deadlineMs + 250 + this.#options.loaderMs;
	}

	get #availability(): number {
		const decided = this.#inTime + this.#failed + this.#hung;
		return decided === 0 ? 1 : this.#inTime / decided;
	}

	#call(dueAt: number): void {
		this.#calls++;
		if (this.#pending.unsettled >= this.#options.maxPending) {
			this.#failed++;
			return;
		}
		const call = this.#pending.add(dueAt, this.#duringFault, this.#epoch);
		const key = this.#keys.sample(this.#random());
		const {read, write, delete: remove} = this.#mix;
		const choice = this.#random() * (read + write + remove);
		if (choice < read) this.#read(call, key);
		else this.#change(call, key, choice < read + write ? 'set' : 'delete');
	}

	#read(call: PendingCall, key: number): void {
		const name = this.#options.keyPrefix + key;
		const floor = this.#origin.acknowledged(key);
		const plain = this.#random() < this.#options.plainReads;
		this.#follow(
			call,
			() => (plain ? this.#cache.get(name) : this.#cache.getOrSet(name, () => this.#load(key), this.#setOptions)),
			{
				onDone: (value) => this.#judge(key, name, floor, value),
			},
		);
	}

	#change(call: PendingCall, key: number, kind: 'set' | 'delete'): void {
		const name = this.#options.keyPrefix + key;
		const version = this.#origin.change(key);
		const value = kind === 'set' ? this.#origin.read(key) : undefined;
		this.#follow<WriteResult>(
			call,
			() => (kind === 'set' ? this.#cache.set(name, value, this.#setOptions) : this.#cache.delete(name)),
			{
				onDone: () => this.#origin.acknowledge(key, version),
			},
		);
	}

	/** Reads the row, then takes its time, as a query does: the row may change while it is on its way. */
	#load(key: number): OriginValue | Promise<OriginValue> {
		const row = this.#origin.read(key);
		const {loaderMs} = this.#options;
		return loaderMs === 0 ? row : new Promise((resolve) => setTimeout(resolve, loaderMs, row).unref());
	}

	#follow<T>(call: PendingCall, start: () => Promise<T>, {onDone}: {readonly onDone: (value: T) => void}): void {
		let promise: Promise<T>;
		try {
			promise = start();
		} catch {
			this.#settle(call, 'failed');
			return;
		}
		promise.then(
			(value) => {
				onDone(value);
				this.#settle(call, 'done');
			},
			() => this.#settle(call, 'failed'),
		);
	}

	#settle(call: PendingCall, outcome: 'done' | 'failed'): void {
		const now = performance.now();
		const hung = call.state === 'hung';
		this.#pending.settled(call);
		this.#rate.add(1, now);
		// A call that hung has been counted, and stays one that hung.
		if (hung || call.epoch !== this.#epoch) return;
		if (outcome === 'failed') this.#failed++;
		else this.#inTime++;
		this.#record(call, now);
	}

	#check(now: number): void {
		this.#pending.check(now, this.#hangMs, (call) => {
			if (call.epoch !== this.#epoch) return;
			this.#hung++;
			this.#record(call, now);
		});
	}

	#record(call: PendingCall, now: number): void {
		const ms = now - call.dueAt;
		this.#settleTimes.record(ms);
		if (call.duringFault) this.#faultSettleTimes.record(ms);
		this.#recent.record(ms, now);
	}

	#judge(key: number, name: string, floor: number, value: unknown): void {
		// Not there is never wrong: the application asks its origin then.
		if (value === undefined) return;
		const got = this.#origin.versionOf(key, value);
		if (got >= floor) return;
		this.#wrong++;
		const example: WrongRead = {at: Date.now(), key: name, got, expected: floor};
		this.#examples = [...this.#examples, example].slice(-maxExamples);
	}
}
