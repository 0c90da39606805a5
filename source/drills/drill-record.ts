import type {CacheSnapshot, Mode} from '../metrics/snapshot.js';
import type {DrillHost} from './drill-host.js';
import type {DrillReport, ExpectationResult} from './drill-report.js';
import type {Drill, WorkloadChange} from './drill-types.js';

/** More changes of mode than any drill needs; the rest is not kept. */
const maxModes = 500;

/** What happened so far in a drill, and the report that follows from it. */
export class DrillRecord {
	readonly #drill: Drill;
	readonly #host: DrillHost;
	#startedAt: number | undefined;
	#before: CacheSnapshot;
	/** A picture of the cache costs it something, so each one serves until the next look. */
	#latest: CacheSnapshot;
	#journalMax = 0;
	#modes: {readonly mode: Mode; readonly atMs: number}[] = [];
	/** When the last fault was lifted; undefined while one is in force or none has been. */
	#liftedAtMs: number | undefined;
	#stopListening: () => void = () => {};
	/** The traffic that a change goes back to. */
	workloadBefore: WorkloadChange = {};

	constructor(drill: Drill, host: DrillHost) {
		this.#drill = drill;
		this.#host = host;
		this.#before = host.cacheSnapshot();
		this.#latest = this.#before;
	}

	get elapsedMs(): number {
		return this.#startedAt === undefined ? 0 : performance.now() - this.#startedAt;
	}

	/** How long the cache has been connected, since the last fault was lifted. */
	get stableForMs(): number {
		const last = this.#modes[this.#modes.length - 1];
		if (last?.mode !== 'connected' || this.#liftedAtMs === undefined) return 0;
		return this.elapsedMs - Math.max(last.atMs, this.#liftedAtMs);
	}

	begin(): void {
		this.#startedAt = performance.now();
		this.#before = this.#host.cacheSnapshot();
		this.#latest = this.#before;
		this.#modes = [{mode: this.#before.mode.mode, atMs: 0}];
		const {rate, keys, mix} = this.#host.workload.snapshot();
		this.workloadBefore = {rate, keys, mix};
		this.#stopListening = this.#host.onMode(({mode}) => {
			if (this.#modes.length < maxModes) this.#modes.push({mode, atMs: Math.round(this.elapsedMs)});
		});
	}

	end(): void {
		this.#stopListening();
	}

	faultBegan(): void {
		this.#liftedAtMs = undefined;
	}

	faultsLifted(): void {
		this.#liftedAtMs = this.elapsedMs;
	}

	/** Called often: the largest size of the journal is only known by looking, if it had been larger before the drill. */
	look(): void {
		this.#latest = this.#host.cacheSnapshot();
		this.#journalMax = Math.max(this.#journalMax, this.#latest.journal.size);
	}

	/** The report as of the last look. `judge` gets it without its expectations and returns those. */
	report(
		durationMs: number,
		partial: string | undefined,
		judge: (report: DrillReport) => readonly ExpectationResult[],
	): DrillReport {
		const totals = this.#host.workload.totals();
		const now = this.#latest;
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
			wrongReads: totals.wrongReads,
			availability: rounded(totals.availability, 6),
			settleMs: totals.settleMs,
			faultSettleMs: totals.faultSettleMs,
			machineLateMs: this.#host.machineLateMs(),
			hitRatio: rounded(this.#hitRatio(now), 4),
			modes: this.#modes,
			recoveryMs: this.#recoveryMs(),
			journal: {
				max:
					now.journal.max > this.#before.journal.max ? now.journal.max : Math.max(this.#journalMax, now.journal.size),
				overflowed: now.journal.overflowed - this.#before.journal.overflowed,
				reconciled: now.journal.reconciled - this.#before.journal.reconciled,
			},
			expectations: [],
		};
		const expectations = judge(report);
		return {...report, expectations, passed: partial === undefined && expectations.every(({passed}) => passed)};
	}

	#hitRatio(now: CacheSnapshot): number {
		const since = (name: 'hitsMemory' | 'hitsRedis' | 'misses'): number =>
			now.counters[name] - this.#before.counters[name];
		const hits = since('hitsMemory') + since('hitsRedis');
		const reads = hits + since('misses');
		return reads === 0 ? 0 : hits / reads;
	}

	/** From the last lift until the cache was connected for good. */
	#recoveryMs(): number | null {
		const last = this.#modes[this.#modes.length - 1];
		if (this.#liftedAtMs === undefined || last?.mode !== 'connected') return null;
		return Math.max(0, Math.round(last.atMs - this.#liftedAtMs));
	}
}

function rounded(value: number, digits: number): number {
	return Math.round(value * 10 ** digits) / 10 ** digits;
}
