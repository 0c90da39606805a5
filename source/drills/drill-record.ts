import type {Mode} from '../metrics/snapshot.js';
import {defaultDeadlineMs} from '../workload/workload.js';
import type {Drill, WorkloadChange} from './drill.js';
import type {CacheFigures, DrillHost, FailureCount} from './drill-host.js';
import type {DrillReport, ExpectationResult} from './drill-report.js';
import type {DrillRecording, RecordedStep} from './recording/drill-recording.js';
import {TimelineRecorder} from './recording/timeline-recorder.js';

const failureCounts: readonly FailureCount[] = ['timeouts', 'errors', 'shed'];

/** More mode changes than any drill causes; further ones are not kept. */
const maxModes = 500;

/** The events of a drill so far, and the report that follows from them. */
export class DrillRecord {
	readonly #drill: Drill;
	readonly #host: DrillHost;
	#startedAt: number | undefined;
	/** Unix time in milliseconds. */
	#startedOn = 0;
	#timeline: TimelineRecorder | undefined;
	#before: CacheFigures;
	/** A snapshot has a cost, so each one is used until the next `sample`. */
	#latest: CacheFigures;
	#journalMax = 0;
	#modes: {readonly mode: Mode; readonly atMs: number}[] = [];
	/** Time at which the last fault was lifted; undefined while one is active, or if there was none. */
	#liftedAtMs: number | undefined;
	#hasHadFault = false;
	#isFaultSeen = false;
	/** `undefined`: unknown, or the drill began with a fault. */
	#answeredBeforeFault: number | undefined;
	#removeListener: () => void = () => {};
	/** The traffic before any step changed it. */
	initialTraffic: WorkloadChange = {};

	constructor(drill: Drill, host: DrillHost) {
		this.#drill = drill;
		this.#host = host;
		this.#before = host.cacheSnapshot();
		this.#latest = this.#before;
	}

	get elapsedMs(): number {
		return this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
	}

	/** Milliseconds for which the cache has been connected since the last fault was lifted. */
	get stableForMs(): number {
		const last = this.#modes[this.#modes.length - 1];
		if (last?.mode !== 'connected' || this.#liftedAtMs === undefined) return 0;
		return this.elapsedMs - Math.max(last.atMs, this.#liftedAtMs);
	}

	/** True if there were faults, and the cache has not been connected for `ms` since the last one. */
	isUnstable(ms: number): boolean {
		return this.#hasHadFault && this.stableForMs <= ms;
	}

	begin(): void {
		this.#startedAt = performance.now();
		this.#before = this.#host.cacheSnapshot();
		this.#latest = this.#before;
		this.#modes = [{mode: this.#before.mode.mode, atMs: 0}];
		const {rate, keys, mix} = this.#host.workload.snapshot();
		this.initialTraffic = {rate, keys, mix};
		this.#startedOn = Date.now();
		this.#timeline = new TimelineRecorder(this.#startedAt, figuresOf(this.#before));
		this.#host.workload.observe(this.#timeline);
		this.#removeListener = this.#host.onMode(({mode}) => {
			if (this.#modes.length < maxModes) this.#modes.push({mode, atMs: Math.round(this.elapsedMs)});
		});
	}

	end(): void {
		this.#removeListener();
		this.#host.workload.observe(undefined);
	}

	faultApplied(): void {
		this.#hasHadFault = true;
		this.#liftedAtMs = undefined;
	}

	/** A fault that was due at this time has become active. */
	faultInForce(atMs: number): void {
		if (this.#isFaultSeen) return;
		this.#isFaultSeen = true;
		if (atMs === 0 || !this.#isOwnCache) return;
		this.sample();
		this.#answeredBeforeFault = this.#host.workload.totals().storedChanges + this.#answeredReads();
	}

	allFaultsLifted(): void {
		this.#liftedAtMs = this.elapsedMs;
	}

	/**
	 * Takes a snapshot of the cache. Must be called often: the journal's own maximum covers the whole life of the cache,
	 * not the drill.
	 */
	sample(): void {
		this.#latest = this.#host.cacheSnapshot();
		this.#journalMax = Math.max(this.#journalMax, this.#latest.journal.size);
		this.#timeline?.onFigures(figuresOf(this.#latest));
	}

	/** The course of the drill so far, as of the last sample. Undefined before `begin`. */
	recording(steps: readonly RecordedStep[]): Omit<DrillRecording, 'events'> | undefined {
		if (this.#timeline === undefined) return undefined;
		const {cacheSettings, probes} = this.#host;
		return {
			summary: this.#drill.summary,
			startedAt: this.#startedOn,
			...this.#timeline.timeline(),
			steps,
			...(probes === undefined ? {} : {probes: probes.recordings()}),
			deadlineMs: this.#drill.cache.deadlineMs ?? defaultDeadlineMs,
			settings: {
				workload: {...this.#drill.workload, ...this.initialTraffic},
				...(cacheSettings === undefined ? {} : {cache: cacheSettings}),
			},
		};
	}

	/** The report as of the last sample. `judge` gets it without expectations and returns them. */
	report(
		durationMs: number,
		partial: string | undefined,
		judge: (report: DrillReport) => readonly ExpectationResult[],
	): DrillReport {
		const {application} = this.#host;
		const totals = this.#host.workload.totals();
		const {journal} = this.#latest;
		const wire = this.#host.wire?.report();
		const before = this.#before.journal;
		const report: DrillReport = {
			drill: this.#drill.name,
			server: this.#host.server,
			passed: false,
			...(partial === undefined ? {} : {partial}),
			durationMs: Math.round(durationMs),
			calls: totals.calls,
			skippedCalls: totals.skippedCalls,
			failedCalls: totals.failedCalls,
			hungCalls: totals.hungCalls,
			...(this.#isOwnCache ? {unstoredChanges: totals.unstoredChanges} : {}),
			...(this.#answeredBeforeFault === undefined ? {} : {answeredBeforeFault: this.#answeredBeforeFault}),
			...(totals.lateCalls === 0 ? {} : {lateCalls: totals.lateCalls}),
			wrongReads: totals.wrongReads,
			availability: rounded(totals.availability, 6),
			settleMs: totals.settleMs,
			faultSettleMs: totals.faultSettleMs,
			machineLateMs: this.#host.machineLateMs(),
			hitRatio: rounded(this.#hitRatio(), 4),
			modes: application === undefined ? this.#modes : [],
			recoveryMs: application === undefined ? this.#recoveryMs() : (wire?.recoveryMs ?? null),
			journal: {
				max: journal.max > before.max ? journal.max : Math.max(this.#journalMax, journal.size),
				overflowed: journal.overflowed - before.overflowed,
				reconciled: journal.reconciled - before.reconciled,
			},
			...(application === undefined ? {} : {application}),
			...this.#host.subject?.report(),
			...(this.#host.probes === undefined ? {} : {probes: this.#host.probes.report()}),
			...(wire === undefined ? {} : {wire}),
			expectations: [],
		};
		const expectations = judge(report);
		return {...report, expectations, passed: partial === undefined && expectations.every(({passed}) => passed)};
	}

	get #isOwnCache(): boolean {
		return this.#host.subject === undefined && this.#host.application === undefined;
	}

	/**
	 * Number of reads that Redis has answered. Misses are included if Redis was in use all the time, and no command has failed.
	 */
	#answeredReads(): number {
		const since = (counter: 'hitsRedis' | 'misses' | FailureCount) =>
			this.#latest.counters[counter] - this.#before.counters[counter];
		const isCalm =
			this.#modes.every(({mode}) => mode === 'connected') && failureCounts.every((name) => since(name) === 0);
		return since('hitsRedis') + (isCalm ? since('misses') : 0);
	}

	#hitRatio(): number {
		const [now, before] = [figuresOf(this.#latest), figuresOf(this.#before)];
		const hits = now.hits - before.hits;
		const reads = hits + now.misses - before.misses;
		return reads === 0 ? 0 : hits / reads;
	}

	/** Milliseconds from the end of the last fault until the cache was connected for the rest of the drill. */
	#recoveryMs(): number | null {
		const last = this.#modes[this.#modes.length - 1];
		if (this.#liftedAtMs === undefined || last?.mode !== 'connected') return null;
		return Math.max(0, Math.round(last.atMs - this.#liftedAtMs));
	}
}

function figuresOf({counters, journal}: CacheFigures): {hits: number; misses: number; journal: number} {
	return {hits: counters.hitsMemory + counters.hitsRedis, misses: counters.misses, journal: journal.size};
}

function rounded(value: number, digits: number): number {
	return Math.round(value * 10 ** digits) / 10 ** digits;
}
