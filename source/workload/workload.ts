import {randomUUID} from 'node:crypto';
import type {Duration, WriteResult} from '../cache/api/types.js';
import {type InvalidationKind, Invalidations, tagOf} from './invalidations.js';
import {Origin, type OriginValue} from './origin.js';
import {type PendingCall, PendingCalls} from './pending-calls.js';
import {seededRandom} from './random.js';
import {type Reread, reread} from './reread.js';
import {Schedule} from './schedule.js';
import {Tally} from './tally.js';
import type {CallObserver, WorkloadCache, WorkloadOptions, WorkloadTotals} from './types.js';
import type {WorkloadMix, WorkloadSnapshot} from './workload-snapshot.js';
import {ZipfSampler} from './zipf.js';

export type {WorkloadCache, WorkloadOptions, WorkloadTotals};

/** Calls per second. */
export const defaultRate = 500;

/** Milliseconds within which a call must settle. */
export const defaultDeadlineMs = 200;

/** Steps after a call has settled. */
type Followed<T> = {
	readonly onValue: (value: T) => void;
	/** Called after that in any case. */
	readonly onEnd?: () => void;
};

/**
 * Traffic on a cache that knows which values are right, so that wrong reads can be counted.
 *
 * Calls are due on a schedule, whatever the cache does (open loop), and their time counts from when they were due. A
 * write changes the origin first and then the cache, as an application does with its database. A read is wrong if it
 * returns a version older than the one that was acknowledged when it started.
 */
export class Workload {
	readonly #cache: WorkloadCache;
	readonly #schedule: Schedule;
	readonly #origin: Origin;
	readonly #invalidations: Invalidations;
	readonly #pending = new PendingCalls();
	readonly #random: () => number;
	readonly #tally = new Tally();
	readonly #setOptions: {readonly ttl?: Duration};
	readonly #options: Required<Omit<WorkloadOptions, 'ttl' | 'rate' | 'keys' | 'mix' | 'seed'>>;
	#mix: WorkloadMix;
	#keys: ZipfSampler;
	#skippedBefore = 0;
	#duringFault = false;

	constructor(cache: WorkloadCache, options: WorkloadOptions = {}) {
		this.#cache = cache;
		this.#options = {
			deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
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
		this.#invalidations = new Invalidations(cache, this.#origin);
		this.#schedule = new Schedule(
			(dueAt) => this.#call(dueAt),
			(now) => this.#check(now),
			options.rate ?? defaultRate,
		);
	}

	get running(): boolean {
		return this.#schedule.running;
	}

	start(): void {
		this.#schedule.run();
	}

	/** Starts no more calls. Resolves when each of those in flight has settled or was found to hang, in loop time. */
	async stop(): Promise<void> {
		this.#schedule.stop();
		while (this.#pending.undecided > 0) {
			await new Promise((resolve) => setTimeout(resolve, 10));
			if (this.running) return;
			this.#check(performance.now());
		}
	}

	/** @param rate Calls per second. */
	setRate(rate: number): void {
		this.#schedule.rate = rate;
	}

	setMix(mix: WorkloadMix): void {
		this.#mix = mix;
	}

	setKeys(keys: number): void {
		if (keys === this.#keys.size) return;
		this.#origin.grow(keys);
		this.#keys = new ZipfSampler(keys, this.#options.zipfExponent);
	}

	/** Every key that it may have written. */
	*keyNames(): Iterable<string> {
		for (const key of this.#origin.used()) yield this.#options.keyPrefix + key;
	}

	/**
	 * Reads keys that have an acknowledged change, once the calls have stopped. A value older than that is a wrong read.
	 *
	 * @param read Reads a key, through the cache itself or that of another process.
	 * @param limitMs Milliseconds after which no more keys are read.
	 */
	reread(read: (name: string) => Promise<unknown>, limitMs: number): Promise<Reread> {
		const names = [...this.#origin.changed()].map((key) => ({key, name: this.#options.keyPrefix + key}));
		const isOld = async ({key, name}: {readonly key: number; readonly name: string}) =>
			this.#judge(key, name, this.#origin.acknowledged(key), await read(name));
		return reread(names, isOld, {limitMs, callMs: this.#hangMs});
	}

	/** Sets whether calls due from now on count as made during a fault. */
	setFaultActive(active: boolean): void {
		this.#duringFault = active;
	}

	/** Sets the observer of counted calls, which replaces the previous one; undefined for none. */
	observe(observer: CallObserver | undefined): void {
		this.#tally.observer = observer;
	}

	/** Resets all counts. The origin keeps its versions. */
	reset(): void {
		this.#tally.reset();
		this.#skippedBefore = this.#schedule.skipped;
	}

	totals(): WorkloadTotals {
		return {...this.#tally.totals(), skippedCalls: this.#schedule.skipped - this.#skippedBefore};
	}

	snapshot(): WorkloadSnapshot {
		const {calls, failedCalls, hungCalls, wrongReads, availability} = this.#tally.counts();
		return {
			running: this.running,
			rate: this.#schedule.rate,
			keys: this.#keys.size,
			mix: this.#mix,
			calls,
			failedCalls,
			hungCalls,
			pending: this.#pending.unsettled,
			wrongReads,
			wrongReadExamples: this.#tally.examples,
			availability,
			callsPerSecond: this.#tally.rate.perSecond(),
			settle: this.#tally.recent.summary(),
		};
	}

	/** Starts no more calls, without waiting for those in flight. */
	close(): void {
		this.#schedule.stop();
	}

	get #hangMs(): number {
		return 2 * this.#options.deadlineMs + 250 + this.#options.loaderMs;
	}

	#call(dueAt: number): void {
		this.#tally.calls++;
		if (this.#pending.unsettled >= this.#options.maxPending) {
			this.#tally.refused(dueAt, performance.now());
			return;
		}
		const call = this.#pending.add(dueAt, this.#duringFault, this.#tally.epoch);
		const key = this.#keys.sample(this.#random());
		const {read, write, delete: remove, invalidateTag = 0, clear = 0} = this.#mix;
		const choice = this.#random() * (read + write + remove + invalidateTag + clear);
		if (choice < read) this.#read(call, key);
		else if (choice < read + write) this.#change(call, key, 'set');
		else if (choice < read + write + remove || !this.#invalidations.arePossible) this.#change(call, key, 'delete');
		else this.#invalidate(call, key, choice < read + write + remove + invalidateTag ? 'tag' : 'clear');
	}

	#optionsOf(key: number): {readonly ttl?: Duration; readonly tags?: readonly string[]} {
		const {invalidateTag = 0} = this.#mix;
		return invalidateTag === 0 ? this.#setOptions : {...this.#setOptions, tags: [tagOf(key)]};
	}

	#read(call: PendingCall, key: number): void {
		const name = this.#options.keyPrefix + key;
		const floor = this.#origin.acknowledged(key);
		const plain = this.#random() < this.#options.plainReads;
		if (!plain) this.#origin.markUsed(key);
		this.#follow(
			call,
			() => (plain ? this.#cache.get(name) : this.#cache.getOrSet(name, () => this.#load(key), this.#optionsOf(key))),
			{
				onValue: (value) => {
					this.#judge(key, name, floor, value);
				},
			},
		);
	}

	#change(call: PendingCall, key: number, kind: 'set' | 'delete'): void {
		const name = this.#options.keyPrefix + key;
		this.#origin.markUsed(key);
		const version = this.#origin.change(key);
		const value = kind === 'set' ? this.#origin.read(key) : undefined;
		const end = this.#invalidations.changing(key);
		this.#follow<WriteResult>(
			call,
			() => (kind === 'set' ? this.#cache.set(name, value, this.#optionsOf(key)) : this.#cache.delete(name)),
			{
				onValue: (result) => {
					this.#origin.acknowledge(key, version);
					this.#noteStored(call, result);
				},
				onEnd: end,
			},
		);
	}

	#invalidate(call: PendingCall, key: number, kind: InvalidationKind): void {
		const {start, confirm} = this.#invalidations.begin(kind, key);
		this.#follow<WriteResult>(call, start, {
			onValue: (result) => {
				confirm();
				this.#noteStored(call, result);
			},
		});
	}

	#noteStored(call: PendingCall, {stored}: WriteResult): void {
		this.#tally.changed(call, stored === 'redis');
	}

	/** Reads the row first and then waits, like a query: the row may change while its reply is in transit. */
	#load(key: number): OriginValue | Promise<OriginValue> {
		const row = this.#origin.read(key);
		const {loaderMs} = this.#options;
		return loaderMs === 0 ? row : new Promise((resolve) => setTimeout(resolve, loaderMs, row).unref());
	}

	#follow<T>(call: PendingCall, start: () => Promise<T>, {onValue, onEnd}: Followed<T>): void {
		const end = (outcome: 'done' | 'failed') => {
			onEnd?.();
			this.#settle(call, outcome);
		};
		let promise: Promise<T>;
		try {
			promise = start();
		} catch {
			end('failed');
			return;
		}
		promise.then(
			(value) => {
				onValue(value);
				end('done');
			},
			() => end('failed'),
		);
	}

	#settle(call: PendingCall, outcome: 'done' | 'failed'): void {
		const wasHung = call.state === 'hung';
		const wasLate = this.#pending.settled(call, this.#hangMs);
		if (wasLate) this.#tally.late(call);
		this.#tally.settled(call, outcome, wasHung, performance.now());
	}

	#check(now: number): void {
		this.#pending.check(this.#hangMs, (call) => this.#tally.hung(call, now));
	}

	/** Returns true for a wrong read, and counts it. */
	#judge(key: number, name: string, floor: number, value: unknown): boolean {
		// A miss is never wrong, since the application then reads its origin.
		if (value === undefined) return false;
		const got = this.#origin.versionOf(key, value);
		if (got >= floor) return false;
		this.#tally.wrong({at: Date.now(), key: name, got, expected: floor});
		return true;
	}
}
