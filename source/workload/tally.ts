import {LatencyWindow} from '../metrics/latency-window.js';
import {RateMeter} from '../metrics/rate-meter.js';
import type {PendingCall} from './pending-calls.js';
import {SettleTimes} from './settle-times.js';
import type {CallObserver, WorkloadTotals} from './types.js';
import type {WrongRead} from './workload-snapshot.js';

const maxExamples = 20;
/** Milliseconds that `recent` covers. */
const recentMs = 1250;

/** Counts the outcomes of calls since the last `reset`. Calls started before it are not counted. */
export class Tally {
	/** Number of the counting period, which starts at a reset. */
	epoch = 0;
	calls = 0;
	readonly recent = new LatencyWindow(recentMs);
	readonly rate = new RateMeter();
	observer: CallObserver | undefined;
	readonly #settleTimes = new SettleTimes();
	readonly #faultSettleTimes = new SettleTimes();
	#failed = 0;
	#hung = 0;
	#inTime = 0;
	#wrong = 0;
	#late = 0;
	#stored = 0;
	#unstored = 0;
	#examples: readonly WrongRead[] = [];

	/** The latest wrong reads. A new array after each. */
	get examples(): readonly WrongRead[] {
		return this.#examples;
	}

	counts(): Omit<WorkloadTotals, 'skippedCalls' | 'settleMs' | 'faultSettleMs'> {
		const decided = this.#inTime + this.#failed + this.#hung;
		return {
			calls: this.calls,
			failedCalls: this.#failed,
			hungCalls: this.#hung,
			wrongReads: this.#wrong,
			lateCalls: this.#late,
			storedChanges: this.#stored,
			unstoredChanges: this.#unstored,
			availability: decided === 0 ? 1 : this.#inTime / decided,
		};
	}

	/** Counts and quantiles. The latter are more expensive. */
	totals(): Omit<WorkloadTotals, 'skippedCalls'> {
		return {
			...this.counts(),
			settleMs: this.#settleTimes.quantiles(),
			faultSettleMs: this.#faultSettleTimes.quantiles(),
		};
	}

	reset(): void {
		this.epoch++;
		this.calls = 0;
		this.#failed = 0;
		this.#hung = 0;
		this.#inTime = 0;
		this.#wrong = 0;
		this.#late = 0;
		this.#stored = 0;
		this.#unstored = 0;
		this.#examples = [];
		this.#settleTimes.reset();
		this.#faultSettleTimes.reset();
	}

	/** A call was not started, because too many were pending. */
	refused(dueAt: number, now: number): void {
		this.#failed++;
		this.observer?.onCall('failed', dueAt, now - dueAt);
	}

	/** A call has settled. One that hung before stays counted as hung. */
	settled(call: PendingCall, outcome: 'done' | 'failed', wasHung: boolean, now: number): void {
		this.rate.add(1, now);
		if (wasHung || call.epoch !== this.epoch) return;
		if (outcome === 'failed') this.#failed++;
		else this.#inTime++;
		this.#record(call, outcome, now);
	}

	/** A change has settled. */
	changed(call: PendingCall, isInRedis: boolean): void {
		if (call.epoch !== this.epoch) return;
		if (isInRedis) this.#stored++;
		else this.#unstored++;
	}

	/** A call has taken as long as a hung one, because this process was late. */
	late(call: PendingCall): void {
		if (call.epoch === this.epoch) this.#late++;
	}

	/** A call has not settled in time. */
	hung(call: PendingCall, now: number): void {
		if (call.epoch !== this.epoch) return;
		this.#hung++;
		this.#record(call, 'hung', now);
	}

	/** A read returned an outdated value. */
	wrong(example: WrongRead): void {
		this.#wrong++;
		this.#examples = [...this.#examples, example].slice(-maxExamples);
		this.observer?.onWrongRead(example);
	}

	#record(call: PendingCall, outcome: 'done' | 'failed' | 'hung', now: number): void {
		const ms = now - call.dueAt;
		this.#settleTimes.record(ms);
		if (call.duringFault) this.#faultSettleTimes.record(ms);
		this.recent.record(ms, now);
		this.observer?.onCall(outcome, call.dueAt, ms);
	}
}
