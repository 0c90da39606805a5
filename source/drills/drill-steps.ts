import type {DrillStep, WorkloadChange} from './drill.js';
import type {DrillHost} from './drill-host.js';
import type {DrillRecord} from './drill-record.js';
import type {DrillStepSnapshot} from './drill-snapshot.js';
import type {RecordedStep} from './recording/drill-recording.js';

type RunningStep = {
	readonly step: DrillStep;
	state: 'waiting' | 'active' | 'done';
	faultId: number | undefined;
	/** Milliseconds since the drill began; undefined before. */
	fromMs: number | undefined;
	toMs: number | undefined;
};

/** The faults and changes of the traffic of a running drill. */
export class DrillSteps {
	readonly #host: DrillHost;
	readonly #record: DrillRecord;
	readonly #entries: readonly RunningStep[];

	constructor(steps: readonly DrillStep[], host: DrillHost, record: DrillRecord) {
		this.#host = host;
		this.#record = record;
		this.#entries = steps.map((step) => ({
			step,
			state: 'waiting',
			faultId: undefined,
			fromMs: undefined,
			toMs: undefined,
		}));
	}

	get areFaultsOver(): boolean {
		return this.#entries.every(({step, state}) => step.kind === 'workload' || state === 'done');
	}

	/** Times since the start of the drill at which a step begins or ends. */
	nextTimes(): number[] {
		return this.#entries.flatMap(({step, state}) => {
			if (state === 'waiting') return [step.atMs];
			return state === 'active' && step.forMs !== undefined ? [step.atMs + step.forMs] : [];
		});
	}

	/** Begins and ends steps as they are due. */
	async follow(elapsedMs: number): Promise<void> {
		for (const entry of this.#entries) {
			if (entry.state === 'waiting' && entry.step.atMs <= elapsedMs) await this.#begin(entry);
			else if (entry.state === 'active' && this.#isOver(entry, elapsedMs)) await this.#finish(entry);
		}
	}

	/** Ends all active steps. Never rejects: a server that does not come back must not prevent the report. */
	async finishAll(onError: (error: Error) => void): Promise<void> {
		for (const entry of this.#entries) {
			if (entry.state === 'active') await this.#finish(entry).catch(onError);
		}
	}

	snapshot(): readonly DrillStepSnapshot[] {
		return this.#entries.map(({step: {atMs, forMs, label, kind}, state, toMs}) => {
			const lasted = toMs === undefined ? undefined : Math.max(0, toMs - atMs);
			return {atMs, forMs: forMs ?? lasted, label, kind, state};
		});
	}

	/** Steps that have begun, as they happened. */
	recorded(): readonly RecordedStep[] {
		const {elapsedMs} = this.#record;
		return this.#entries.flatMap(({step: {kind, label}, fromMs, toMs = elapsedMs}) =>
			fromMs === undefined ? [] : [{kind, label, fromMs: Math.round(fromMs), toMs: Math.round(toMs)}],
		);
	}

	#isOver({step, faultId}: RunningStep, elapsedMs: number): boolean {
		if (step.forMs !== undefined && elapsedMs >= step.atMs + step.forMs) return true;
		return faultId !== undefined && !this.#host.isActive(faultId);
	}

	async #begin(entry: RunningStep): Promise<void> {
		const {step} = entry;
		entry.state = 'active';
		entry.fromMs = this.#record.elapsedMs;
		if (step.kind === 'workload') {
			this.#setTraffic();
			return;
		}
		this.#record.faultApplied();
		this.#setFaultActive(true);
		const active = await this.#host.applyFault(step.fault);
		entry.faultId = active.id;
		this.#record.faultInForce(step.atMs);
	}

	async #finish(entry: RunningStep): Promise<void> {
		entry.state = 'done';
		try {
			if (entry.step.kind === 'workload') this.#setTraffic();
			else await this.#lift(entry);
		} finally {
			entry.toMs = this.#record.elapsedMs;
		}
	}

	/** Rejects if the fault has failed, because expectations that are met without it prove nothing. */
	async #lift({faultId, step: {label}}: RunningStep): Promise<void> {
		if (faultId !== undefined) await this.#host.liftFault(faultId);
		const isFaultLeft = this.#entries.some(({step, state}) => step.kind === 'fault' && state === 'active');
		this.#setFaultActive(isFaultLeft);
		if (!isFaultLeft) this.#record.allFaultsLifted();
		const failure = faultId === undefined ? undefined : this.#host.failureOf(faultId);
		if (failure !== undefined) throw new Error(`${label} failed: ${failure.message}`, {cause: failure});
	}

	#setFaultActive(isActive: boolean): void {
		this.#host.workload.setFaultActive(isActive);
		this.#host.probes?.setFaultActive(isActive);
		this.#host.wire?.setFaultActive(isActive);
	}

	/**
	 * Sets the drill's own traffic with the changes of all active steps. Of several changes of one setting the latest
	 * counts.
	 */
	#setTraffic(): void {
		const {workload} = this.#host;
		const changes = this.#entries.flatMap(({step, state}) =>
			step.kind === 'workload' && state === 'active' ? [step.change] : [],
		);
		const {rate, keys, mix}: WorkloadChange = Object.assign({}, this.#record.initialTraffic, ...changes);
		if (rate !== undefined) workload.setRate(rate);
		if (keys !== undefined) workload.setKeys(keys);
		if (mix !== undefined) workload.setMix(mix);
	}
}
