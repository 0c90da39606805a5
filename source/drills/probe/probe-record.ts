import {SettleTimes} from '../../workload/settle-times.js';
import type {ProbePhase, ProbeReport} from './probe-report.js';

/** Limit of reasons that are counted separately; further ones are counted together. */
const maxReasons = 20;
const shownReasons = 5;

/** Most successful calls since the last failure that are remembered; the first of them is the recovery. */
const maxSuccesses = 1000;

class Phase {
	readonly #times = new SettleTimes();
	#calls = 0;
	#available = 0;

	add(ms: number, isAvailable: boolean): void {
		this.#times.record(ms);
		this.#calls++;
		if (isAvailable) this.#available++;
	}

	report(): ProbePhase {
		const {p50, p99} = this.#times.quantiles();
		const availability = this.#calls === 0 ? 1 : this.#available / this.#calls;
		return {
			calls: this.#calls,
			availability: Math.round(availability * 1e6) / 1e6,
			p50Ms: p50,
			p99Ms: p99,
		};
	}
}

/** The calls of one probe: counts and quantiles for each part of the drill. Times are those of `performance.now()`. */
export class ProbeRecord {
	readonly #all = new Phase();
	readonly #phases = {before: new Phase(), during: new Phase(), after: new Phase()};
	readonly #failures = new Map<string, number>();
	#phase: 'before' | 'during' | 'after' = 'before';
	/** Number of faults so far. A call during which one begins counts as made during a fault. */
	#faults = 0;
	#liftedAt: number | undefined;
	/** When the latest of the failed calls was due. */
	#failedDueAt = Number.NEGATIVE_INFINITY;
	/** Calls that were due after it and succeeded. */
	#successes: {readonly dueAt: number; readonly at: number}[] = [];

	setFaultActive(isActive: boolean, now: number): void {
		this.#phase = isActive ? 'during' : 'after';
		if (isActive) this.#faults++;
		this.#liftedAt = isActive ? undefined : now;
	}

	/** Begins a call. Returns a function that takes the time of its end, and the failure, if there was one. */
	begin(dueAt: number): (at: number, failure: string | undefined) => void {
		const begun = this.#phase;
		const faults = this.#faults;
		return (at, failure) => {
			const phase = this.#phases[faults === this.#faults ? begun : 'during'];
			for (const each of [this.#all, phase]) each.add(at - dueAt, failure === undefined);
			if (failure === undefined) this.#succeeded(dueAt, at);
			else this.#failed(dueAt, failure);
		};
	}

	report(): Omit<ProbeReport, 'name'> {
		const {before, during, after} = this.#phases;
		return {
			...this.#all.report(),
			before: before.report(),
			during: during.report(),
			after: after.report(),
			recoveryMs: this.#recoveryMs(),
			failures: [...this.#failures]
				.map(([reason, count]) => ({reason, count}))
				.sort((left, right) => right.count - left.count)
				.slice(0, shownReasons),
		};
	}

	#succeeded(dueAt: number, at: number): void {
		if (dueAt > this.#failedDueAt && this.#successes.length < maxSuccesses) this.#successes.push({dueAt, at});
	}

	#failed(dueAt: number, reason: string): void {
		if (dueAt > this.#failedDueAt) {
			this.#failedDueAt = dueAt;
			this.#successes = this.#successes.filter((success) => success.dueAt > dueAt);
		}
		const counted = this.#failures.has(reason) || this.#failures.size < maxReasons ? reason : 'other reasons';
		this.#failures.set(counted, (this.#failures.get(counted) ?? 0) + 1);
	}

	#recoveryMs(): number | null {
		if (this.#liftedAt === undefined || this.#successes.length === 0) return null;
		const firstAt = this.#successes.reduce((first, {at}) => Math.min(first, at), Number.POSITIVE_INFINITY);
		return Math.max(0, Math.round(firstAt - this.#liftedAt));
	}
}
