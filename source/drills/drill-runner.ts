import {whyLeftOut} from './application/judge-application.js';
import type {Drill, Expectation} from './drill.js';
import type {DrillHost} from './drill-host.js';
import {DrillRecord} from './drill-record.js';
import type {DrillReport, LeftOutExpectation} from './drill-report.js';
import type {DrillExpectationSnapshot, DrillSnapshot} from './drill-snapshot.js';
import {DrillSteps} from './drill-steps.js';
import {decideEarly, judge, judgePartial, judgeSetting, mayBeTolerated} from './expectation.js';
import {type ExpectationField, valueOfField} from './expectation-fields.js';
import type {DrillRecording} from './recording/drill-recording.js';

/** Milliseconds between two checks of the expectations, and of faults that end by themselves. */
const pollMs = 50;

/** A cache that has been connected for this long after the last fault has recovered. */
const stableMs = 1000;

/** Milliseconds that a subject has to recover after the end of the traffic. */
const recoverMs = 3000;

type Verdict = 'open' | 'passed' | 'failed';

type State =
	| {readonly type: 'ready'}
	| {readonly type: 'running'; readonly done: Promise<DrillReport>}
	| {readonly type: 'over'; readonly report: DrillReport};

/** Runs one drill, once: traffic, faults by the clock, and a report on the results. */
export class DrillRunner {
	readonly drill: Drill;
	readonly #host: DrillHost;
	readonly #record: DrillRecord;
	readonly #steps: DrillSteps;
	/** The expectations that can be evaluated in this drill. */
	readonly #expectations: readonly Expectation[];
	readonly #leftOut: readonly LeftOutExpectation[];
	/** The result of each expectation, if it can be decided while the drill runs. */
	readonly #verdicts: Verdict[];
	#state: State = {type: 'ready'};
	#interruption: string | undefined;
	#wake: () => void = () => {};

	constructor(drill: Drill, host: DrillHost) {
		this.drill = drill;
		this.#host = host;
		this.#record = new DrillRecord(drill, host);
		this.#steps = new DrillSteps(drill.steps, host, this.#record);
		const why = (field: ExpectationField) =>
			host.application === undefined ? host.subject?.whyLeftOut(field) : whyLeftOut(field);
		this.#leftOut = drill.expectations.flatMap(({name, field}) => {
			const reason = why(field);
			return reason === undefined ? [] : [{name, reason}];
		});
		this.#expectations = drill.expectations.filter(({field}) => why(field) === undefined);
		this.#verdicts = this.#expectations.map(() => 'open');
	}

	/** True once there is a report. */
	get isOver(): boolean {
		return this.#state.type === 'over';
	}

	/**
	 * Starts the drill, or joins the run in progress. Resolves with the report and never rejects: an error ends the drill
	 * and becomes the report's `partial`. By then every fault of the drill is lifted and the workload is stopped.
	 */
	run(): Promise<DrillReport> {
		if (this.#state.type === 'over') return Promise.resolve(this.#state.report);
		if (this.#state.type === 'ready') this.#state = {type: 'running', done: this.#run()};
		return this.#state.done;
	}

	/** Ends the drill now. `reason` becomes the report's `partial`: `interrupted by SIGINT`. */
	abort(reason: string): Promise<DrillReport> {
		this.#interruption ??= reason;
		this.#wake();
		return this.run();
	}

	/** The course of the drill so far; undefined before it runs. Without events, which only the host knows. */
	recording(): Omit<DrillRecording, 'events'> | undefined {
		return this.#record.recording(this.#steps.recorded());
	}

	snapshot(): DrillSnapshot {
		const report = this.#state.type === 'over' ? this.#state.report : undefined;
		return {
			name: this.drill.name,
			summary: this.drill.summary,
			state: stateOf(report),
			elapsedMs: report?.durationMs ?? this.#record.elapsedMs,
			totalMs: this.drill.durationMs,
			steps: this.#steps.snapshot(),
			expectations: report === undefined ? this.#openExpectations() : judgedExpectations(report),
			application: this.#host.application,
			subject: this.#subjectSnapshot(),
			report,
		};
	}

	async #run(): Promise<DrillReport> {
		const {workload, probes, wire} = this.#host;
		this.#record.begin();
		wire?.begin();
		workload.reset();
		workload.start();
		probes?.start();
		try {
			await this.#followTimeline();
		} catch (error) {
			this.#interruption ??= error instanceof Error ? error.message : String(error);
		}
		const durationMs = this.#record.elapsedMs;
		await this.#steps.finishAll((error) => {
			this.#interruption ??= error.message;
		});
		await Promise.all([workload.stop(), this.#interruption === undefined ? probes?.stop() : probes?.close()]);
		await this.#reread();
		this.#record.sample();
		const judgeOne = this.#interruption === undefined ? judge : judgePartial;
		const measured = this.#record.report(durationMs, this.#interruption, (preliminary) => [
			...this.#expectations.map((expectation) => judgeOne(expectation, preliminary)),
			...(this.#interruption === undefined && !this.#asksFor('answeredBeforeFault') ? judgeSetting(preliminary) : []),
		]);
		wire?.end();
		const report = {
			...measured,
			...(wire !== undefined && measured.wire !== undefined && {findings: wire.findings()}),
			...(this.#leftOut.length > 0 && {leftOut: this.#leftOut}),
		};
		this.#record.end();
		this.#state = {type: 'over', report};
		return report;
	}

	#asksFor(field: ExpectationField): boolean {
		return this.#expectations.some((expectation) => expectation.field === field);
	}

	/** Reads the values of a subject again after it has recovered, when its repairs are done. */
	async #reread(): Promise<void> {
		const {subject} = this.#host;
		if (subject === undefined) return;
		const end = performance.now() + recoverMs;
		while (this.#record.isUnstable(stableMs) && performance.now() < end && this.#interruption === undefined)
			await this.#sleep(pollMs);
		if (this.#interruption === undefined) await subject.reread();
	}

	async #followTimeline(): Promise<void> {
		while (this.#interruption === undefined) {
			const elapsed = this.#record.elapsedMs;
			if (elapsed >= this.drill.durationMs) return;
			await this.#steps.follow(elapsed);
			this.#decideExpectations();
			const next = Math.min(...this.#steps.nextTimes(), this.drill.durationMs);
			await this.#sleep(Math.min(pollMs, Math.max(1, next - this.#record.elapsedMs)));
		}
	}

	#decideExpectations(): void {
		this.#record.sample();
		const preliminary = this.#preliminaryReport();
		this.#expectations.forEach((expectation, index) => {
			if (this.#verdicts[index] !== 'open') return;
			if (expectation.field === 'recoveryMs') {
				if (this.#steps.areFaultsOver && this.#record.stableForMs > stableMs)
					this.#verdicts[index] = judge(expectation, preliminary).passed ? 'passed' : 'failed';
			} else if (!mayBeTolerated(expectation)) {
				this.#verdicts[index] = decideEarly(expectation, valueOfField(preliminary, expectation.field));
			}
		});
	}

	#openExpectations(): DrillExpectationSnapshot[] {
		const preliminary = this.#preliminaryReport();
		return this.#expectations.map(({name, field}, index) => ({
			name,
			state: this.#verdicts[index] ?? 'open',
			actual: valueOfField(preliminary, field),
		}));
	}

	#subjectSnapshot(): DrillSnapshot['subject'] {
		const {subject} = this.#host;
		return subject && {name: subject.report().subject.name, mode: this.#host.cacheSnapshot().mode.mode};
	}

	#preliminaryReport(): DrillReport {
		return this.#record.report(this.#record.elapsedMs, undefined, () => []);
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

function stateOf(report: DrillReport | undefined): DrillSnapshot['state'] {
	if (report === undefined) return 'running';
	if (report.partial !== undefined) return 'interrupted';
	return report.passed ? 'passed' : 'failed';
}

function judgedExpectations({expectations}: DrillReport): DrillExpectationSnapshot[] {
	return expectations.map(({name, passed, undecided, actual, toleratedMs, reason}) => ({
		name,
		state: undecided ? 'open' : passed ? 'passed' : 'failed',
		actual,
		toleratedMs,
		reason,
	}));
}
