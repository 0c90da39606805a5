import {waitAtMost} from '../../../cache/support/wait-at-most.js';
import {planOnApplication} from '../../../drills/application/judge-application.js';
import type {Drill} from '../../../drills/drill.js';
import {drillNames, listDrills, loadDrill} from '../../../drills/drill-library.js';
import type {DrillReport} from '../../../drills/drill-report.js';
import {DrillRunner} from '../../../drills/drill-runner.js';
import type {DrillRecording} from '../../../drills/recording/drill-recording.js';
import {FaultRefusedError} from '../../../faults/fault-errors.js';
import {ClosedError} from '../../../pool/errors.js';
import {probeWords} from '../../log/probe-words.js';
import type {DrillSnapshot} from '../../protocol.js';
import type {DrillBed} from './drill-bed.js';
import {type DrillParts, type PreparedDrill, prepareDrill} from './prepare-drill.js';
import {recordedEvents} from './recorded-events.js';

/**
 * Longest time in milliseconds to wait for a starting drill when the session closes, and, in addition to the cache's deadline, for a
 * running one. If writes are in doubt, closing the cache takes one deadline.
 */
const closeMs = 1500;

type State =
	| {readonly phase: 'idle'; readonly last: DrillRunner | undefined}
	| {readonly phase: 'starting'; readonly started: Promise<void>}
	| {
			readonly phase: 'running';
			readonly runner: DrillRunner;
			readonly traffic: DrillBed['traffic'];
			readonly over: Promise<void>;
	  };

/** The drills of a session, one at a time, each on a separate cache. */
export class Drills {
	readonly #options: DrillParts;
	#state: State = {phase: 'idle', last: undefined};
	#isClosed = false;

	constructor(options: DrillParts) {
		this.#options = options;
	}

	/** True while a drill starts, runs or cleans up. */
	get isRunning(): boolean {
		return this.#state.phase !== 'idle';
	}

	/** The reason that keeps commands from changing the test bed now, with a way out; undefined if there is none. */
	get obstacle(): string | undefined {
		const state = this.#state;
		if (state.phase === 'idle') return undefined;
		if (state.phase === 'starting') return 'a drill is starting: try again in a moment';
		return state.runner.isOver
			? 'the keys of the last drill are being removed: try again in a moment'
			: 'a drill is running: end it first with `drill stop`';
	}

	/** Snapshot of the running drill, else of the last one. */
	snapshot(): DrillSnapshot | undefined {
		if (this.#state.phase === 'running') return this.#state.runner.snapshot();
		return this.#state.phase === 'idle' ? this.#state.last?.snapshot() : undefined;
	}

	/**
	 * The course of the running drill so far, else of the last one. Undefined if there is none. Not part of the snapshot,
	 * which is sent several times a second.
	 */
	recording(): DrillRecording | undefined {
		const state = this.#state;
		const runner = state.phase === 'running' ? state.runner : state.phase === 'idle' ? state.last : undefined;
		const recording = runner?.recording();
		if (runner === undefined || recording === undefined) return undefined;
		const events = this.#options.log.all();
		return {...recording, events: recordedEvents(events, recording.startedAt, runner.snapshot().elapsedMs)};
	}

	/** The traffic that a running drill makes. */
	get traffic(): DrillBed['traffic'] {
		const state = this.#state;
		return state.phase === 'running' && !state.runner.isOver ? state.traffic : undefined;
	}

	names(): readonly string[] {
		return drillNames;
	}

	/** The built-in drills, with the expectations that apply in this session. */
	async list(): Promise<readonly Drill[]> {
		const {application, probes} = this.#options;
		const drills = await listDrills();
		return application ? drills.map((drill) => planOnApplication(drill, {hasProbes: probes.length > 0})) : drills;
	}

	/**
	 * Starts a drill, by its name or from a file. Resolves once it runs.
	 *
	 * @throws {DrillNotFoundError | DrillFileError | SubjectError | ClosedError}
	 * @throws {FaultRefusedError} Another drill is running, or one of the faults is not possible here. Nothing was written.
	 */
	async start(nameOrPath: string): Promise<DrillSnapshot> {
		const {obstacle} = this;
		if (obstacle !== undefined) throw new FaultRefusedError(obstacle);
		const idle = this.#state;
		let endStarting: () => void = () => {};
		this.#state = {
			phase: 'starting',
			started: new Promise((resolve) => {
				endStarting = resolve;
			}),
		};
		try {
			const loaded = await loadDrill(nameOrPath);
			this.#assertPossible(loaded);
			await this.#options.faults.lift();
			this.#assertOpen();
			const prepared = await prepareDrill(loaded, this.#options);
			const {drill, host, bed, entry} = prepared;
			if (this.#isClosed) {
				entry.update(`drill ${drill.name}: not started, the session ended`, 'warn');
				await prepared.closeProbes();
				await bed.end({isSessionOver: () => true});
				this.#assertOpen();
			}
			const runner = new DrillRunner(drill, host);
			bed.onEnded(({message}) => void runner.abort(`the subject ${message}`));
			this.#state = {phase: 'running', runner, traffic: bed.traffic, over: this.#run(runner, prepared)};
			return runner.snapshot();
		} catch (error) {
			this.#state = idle;
			throw error;
		} finally {
			endStarting();
		}
	}

	/**
	 * Ends the drill that is running or starting, and returns its partial report, which contains `reason`. Undefined if there
	 * is none.
	 */
	async stop(reason: string): Promise<DrillReport | undefined> {
		if (this.#state.phase === 'starting') await this.#state.started;
		return this.#state.phase === 'running' ? this.#state.runner.abort(reason) : undefined;
	}

	/** Prevents a starting drill from running, and ends a running one. */
	async close(): Promise<void> {
		this.#isClosed = true;
		const state = this.#state;
		if (state.phase === 'starting') await waitAtMost(state.started, closeMs);
		if (state.phase !== 'running') return;
		const {runner, over} = state;
		void runner.abort('the session ended');
		await waitAtMost(over, closeMs + (runner.drill.cache.deadlineMs ?? 0));
	}

	#assertOpen(): void {
		if (this.#isClosed) throw new ClosedError('the engine');
	}

	#assertPossible({name, steps}: Drill): void {
		for (const step of steps) {
			const refusal = step.kind === 'fault' ? this.#options.faults.refusalOf(step.fault) : undefined;
			if (refusal !== undefined) throw new FaultRefusedError(`drill ${name} cannot run here: ${refusal}`);
		}
	}

	/** Never rejects, since it is not awaited: errors are in the log, and another drill may follow. */
	async #run(runner: DrillRunner, {bed, entry, closeProbes}: PreparedDrill): Promise<void> {
		const {name} = runner.drill;
		const report = await runner.run();
		await closeProbes();
		const outcome = report.partial ?? (report.passed ? 'passed' : 'failed');
		entry.update(`drill ${name}: ${outcome}`, report.passed ? 'info' : 'warn');
		for (const probe of report.probes ?? [])
			this.#options.log.add({level: 'info', topic: 'drill', text: `drill ${name}: ${probeWords(probe)}`});
		await bed.end({isSessionOver: () => this.#isClosed});
		this.#state = {phase: 'idle', last: runner};
	}
}
