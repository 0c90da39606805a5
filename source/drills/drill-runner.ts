import type {DrillHost} from './drill-host.js';
import {DrillRecord} from './drill-record.js';
import type {DrillReport} from './drill-report.js';
import type {DrillExpectationSnapshot, DrillSnapshot} from './drill-snapshot.js';
import type {Drill, DrillStep, WorkloadChange} from './drill-types.js';
import {actualValue, decideEarly} from './expectation.js';
import {judge, mayBeTolerated} from './judge.js';

/** How often expectations are looked at and faults that end by themselves are noticed. */
const lookMs = 50;

/** Connected for this long after the last fault: recovered. */
const stableMs = 1000;

type RunningStep = {readonly step: DrillStep; state: 'waiting' | 'active' | 'done'; faultId: number | undefined};
type Verdict = 'open' | 'passed' | 'failed';

type State =
	| {readonly type: 'ready'}
	| {readonly type: 'running'; readonly done: Promise<DrillReport>}
	| {readonly type: 'over'; readonly report: DrillReport};

/** Runs one drill, once: traffic, faults by the clock, and the judgement of what came of it. */
export class DrillRunner {
	readonly drill: Drill;
	readonly #host: DrillHost;
	readonly #record: DrillRecord;
	readonly #steps: readonly RunningStep[];
	readonly #verdicts: Verdict[];
	#state: State = {type: 'ready'};
	#interruption: string | undefined;
	#wake: () => void = () => {};

	constructor(drill: Drill, host: DrillHost) {
		this.drill = drill;
		this.#host = host;
		this.#record = new DrillRecord(drill, host);
		this.#steps = drill.steps.map((step) => ({step, state: 'waiting', faultId: undefined}));
		this.#verdicts = drill.expectations.map(() => 'open');
	}

	/** Whether there is a report. */
	get isOver(): boolean {
		return this.#state.type === 'over';
	}

	/**
	 * Starts it, or joins the run under way. Resolves with the report, and never rejects: what could not be done is said in
	 * `partial`. Every fault of the drill is lifted by then, and the workload stopped.
	 */
	run(): Promise<DrillReport> {
		if (this.#state.type === 'over') return Promise.resolve(this.#state.report);
		if (this.#state.type === 'ready') this.#state = {type: 'running', done: this.#run()};
		return this.#state.done;
	}

	/** Ends it now. `reason` is what the partial report says: `interrupted by SIGINT`. */
	abort(reason: string): Promise<DrillReport> {
		this.#interruption ??= reason;
		this.#wake();
		return this.run();
	}

	snapshot(): DrillSnapshot {
		const report = this.#state.type === 'over' ? this.#state.report : undefined;
		return {
			name: this.drill.name,
			summary: this.drill.summary,
			state:
				report === undefined
					? 'running'
					: report.partial !== undefined
						? 'interrupted'
						: report.passed
							? 'passed'
							: 'failed',
			elapsedMs: report?.durationMs ?? this.#record.elapsedMs,
			totalMs: this.drill.durationMs,
			steps: this.#steps.map(({step, state}) => ({
				atMs: step.atMs,
				forMs: step.forMs,
				label: step.label,
				kind: step.kind,
				state,
			})),
			expectations: this.#expectations(report),
			report,
		};
	}

	async #run(): Promise<DrillReport> {
		const {workload} = this.#host;
		this.#record.begin();
		workload.reset();
		workload.start();
		try {
			await this.#followTimeline();
		} catch (error) {
			this.#interruption ??= error instanceof Error ? error.message : String(error);
		}
		const durationMs = this.#record.elapsedMs;
		await this.#undoAll();
		await workload.stop();
		this.#record.look();
		const report = this.#record.report(durationMs, this.#interruption, (preliminary) =>
			this.drill.expectations.map((expectation) => judge(expectation, preliminary)),
		);
		this.#record.end();
		this.#state = {type: 'over', report};
		return report;
	}

	async #followTimeline(): Promise<void> {
		while (this.#interruption === undefined) {
			const elapsed = this.#record.elapsedMs;
			if (elapsed >= this.drill.durationMs) return;
			for (const entry of this.#steps) {
				const {step} = entry;
				if (entry.state === 'waiting' && step.atMs <= elapsed) await this.#begin(entry);
				else if (entry.state === 'active' && this.#isOver(entry, elapsed)) await this.#finish(entry);
			}
			this.#lookAtExpectations();
			const next = Math.min(...this.#nextTimes(), this.drill.durationMs);
			await this.#sleep(Math.min(lookMs, Math.max(1, next - this.#record.elapsedMs)));
		}
	}

	#nextTimes(): number[] {
		return this.#steps.flatMap(({step, state}) => {
			if (state === 'waiting') return [step.atMs];
			return state === 'active' && step.forMs !== undefined ? [step.atMs + step.forMs] : [];
		});
	}

	#isOver({step, faultId}: RunningStep, elapsed: number): boolean {
		if (step.forMs !== undefined && elapsed >= step.atMs + step.forMs) return true;
		return faultId !== undefined && !this.#host.isActive(faultId);
	}

	async #begin(entry: RunningStep): Promise<void> {
		const {step} = entry;
		entry.state = 'active';
		if (step.kind === 'workload') {
			this.#changeTraffic();
			return;
		}
		this.#record.faultBegan();
		this.#host.workload.setFaultActive(true);
		const active = await this.#host.applyFault(step.fault);
		entry.faultId = active.id;
	}

	async #finish(entry: RunningStep): Promise<void> {
		entry.state = 'done';
		if (entry.step.kind === 'workload') {
			this.#changeTraffic();
			return;
		}
		if (entry.faultId !== undefined) await this.#host.liftFault(entry.faultId);
		const left = this.#steps.some(({step, state}) => step.kind === 'fault' && state === 'active');
		this.#host.workload.setFaultActive(left);
		if (!left) this.#record.faultsLifted();
	}

	async #undoAll(): Promise<void> {
		for (const entry of this.#steps) {
			if (entry.state !== 'active') continue;
			// The report is worth more than the error of a server that does not come back.
			await this.#finish(entry).catch((error: Error) => {
				this.#interruption ??= error.message;
			});
		}
	}

	/** The drill's own traffic, as the steps in force change it; of several the latest counts. */
	#changeTraffic(): void {
		const {workload} = this.#host;
		const changes = this.#steps.flatMap(({step, state}) =>
			step.kind === 'workload' && state === 'active' ? [step.change] : [],
		);
		const {rate, keys, mix} = Object.assign({}, this.#record.workloadBefore, ...changes) as WorkloadChange;
		if (rate !== undefined) workload.setRate(rate);
		if (keys !== undefined) workload.setKeys(keys);
		if (mix !== undefined) workload.setMix(mix);
	}

	#lookAtExpectations(): void {
		this.#record.look();
		const preliminary = this.#record.report(this.#record.elapsedMs, undefined, () => []);
		const faultsOver = this.#steps.every(({step, state}) => step.kind === 'workload' || state === 'done');
		this.drill.expectations.forEach((expectation, index) => {
			if (this.#verdicts[index] !== 'open') return;
			const actual = actualValue(preliminary, expectation.field);
			if (expectation.field === 'recoveryMs') {
				if (faultsOver && this.#record.stableForMs > stableMs)
					this.#verdicts[index] = judge(expectation, preliminary).passed ? 'passed' : 'failed';
			} else if (!mayBeTolerated(expectation)) {
				this.#verdicts[index] = decideEarly(expectation, actual);
			}
		});
	}

	#expectations(report: DrillReport | undefined): DrillExpectationSnapshot[] {
		if (report !== undefined)
			return report.expectations.map(({name, passed, actual, toleratedMs}) => ({
				name,
				state: passed ? 'passed' : 'failed',
				actual,
				toleratedMs,
			}));
		const preliminary = this.#record.report(this.#record.elapsedMs, undefined, () => []);
		return this.drill.expectations.map(({name, field}, index) => ({
			name,
			state: this.#verdicts[index] ?? 'open',
			actual: actualValue(preliminary, field),
		}));
	}

	#sleep(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.#wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
