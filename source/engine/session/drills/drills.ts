import type {Drill} from '../../../drills/drill.js';
import type {DrillHost} from '../../../drills/drill-host.js';
import {drillNames, loadDrill} from '../../../drills/drill-library.js';
import type {DrillReport} from '../../../drills/drill-report.js';
import {DrillRunner} from '../../../drills/drill-runner.js';
import {EventLoopLagMonitor} from '../../../drills/event-loop-lag-monitor.js';
import {retryWhileConnecting} from '../../../drills/http/retry.js';
import {ProbeError} from '../../../drills/probe/probe-error.js';
import type {ProbeSpec} from '../../../drills/probe/probe-spec.js';
import {Probes} from '../../../drills/probe/probes.js';
import type {DrillRecording} from '../../../drills/recording/drill-recording.js';
import {FaultRefusedError} from '../../../faults/fault-errors.js';
import {ClosedError} from '../../../pool/errors.js';
import type {OpenEvent, SessionLog} from '../../log/events-log.js';
import {oneLine} from '../../one-line.js';
import type {DrillSnapshot, TargetSnapshot} from '../../protocol.js';
import type {ApplicationPort} from '../application/application-port.js';
import type {FaultControl} from '../fault-control.js';
import type {DrillBed} from './drill-bed.js';
import {recordedEvents} from './recorded-events.js';

/**
 * Milliseconds that a running drill gets to end when everything closes, besides the deadline of its cache: closing the cache
 * takes that long if writes are in doubt.
 */
const closeMs = 1500;

export type DrillsOptions = {
	/** Opens the cache of a drill, connected, with its traffic. */
	readonly openBed: (drill: Drill) => Promise<DrillBed>;
	readonly faults: Pick<FaultControl, 'active' | 'start' | 'lift' | 'refusalOf'>;
	readonly target: () => TargetSnapshot;
	readonly probes: readonly ProbeSpec[];
	/** Where an application connects, or a subject. Undefined: there is none. */
	readonly application: ApplicationPort | undefined;
	readonly log: SessionLog;
};

type State =
	| {readonly phase: 'idle'; readonly last: DrillRunner | undefined}
	| {readonly phase: 'starting'; readonly started: Promise<void>}
	| {
			readonly phase: 'running';
			readonly runner: DrillRunner;
			readonly workload: DrillBed['workload'];
			readonly over: Promise<void>;
	  };

/** The state of a running drill that has to be cleaned up after it. */
type Preparation = {
	readonly bed: DrillBed;
	/** Undefined if there are none. */
	readonly probes: Probes | undefined;
	readonly lag: EventLoopLagMonitor;
	readonly entry: OpenEvent;
};

/** The drills of a session, one at a time, each on a cache of its own. */
export class Drills {
	readonly #options: DrillsOptions;
	#state: State = {phase: 'idle', last: undefined};
	#isClosed = false;

	constructor(options: DrillsOptions) {
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

	/** The traffic of a running drill. */
	get workload(): DrillBed['workload'] | undefined {
		const state = this.#state;
		return state.phase === 'running' && !state.runner.isOver ? state.workload : undefined;
	}

	names(): readonly string[] {
		return drillNames;
	}

	/**
	 * Starts a drill, by its name or from a file. Resolves once it runs.
	 *
	 * @throws {DrillNotFoundError | DrillFileError | SubjectError}
	 * @throws {FaultRefusedError} Another drill is running, or one of its faults is not possible here: nothing was
	 * written.
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
			const drill = await loadDrill(nameOrPath);
			this.#assertPossible(drill);
			const preparation = await this.#prepare(drill);
			const runner = new DrillRunner(drill, this.#hostOf(preparation));
			preparation.bed.onEnded(({message}) => void runner.abort(`the subject ${message}`));
			const {workload} = preparation.bed;
			this.#state = {phase: 'running', runner, workload, over: this.#run(runner, preparation)};
			return runner.snapshot();
		} catch (error) {
			this.#state = idle;
			throw error;
		} finally {
			endStarting();
		}
	}

	/** Ends the drill that is running or starting. Its report is partial, for `reason`. Undefined if there is none. */
	async stop(reason: string): Promise<DrillReport | undefined> {
		if (this.#state.phase === 'starting') await this.#state.started;
		return this.#state.phase === 'running' ? this.#state.runner.abort(reason) : undefined;
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		if (this.#state.phase !== 'running') return;
		const {runner, over} = this.#state;
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise((resolve) => {
			timer = setTimeout(resolve, closeMs + (runner.drill.cache.deadlineMs ?? 0));
		});
		void runner.abort('the session ended');
		await Promise.race([over, late]);
		clearTimeout(timer);
	}

	#assertPossible({name, steps}: Drill): void {
		for (const step of steps) {
			const refusal = step.kind === 'fault' ? this.#options.faults.refusalOf(step.fault) : undefined;
			if (refusal !== undefined) throw new FaultRefusedError(`drill ${name} cannot run here: ${refusal}`);
		}
	}

	/** Lifts all faults, and opens a cache that is connected. */
	async #prepare(drill: Drill): Promise<Preparation> {
		const {openBed, faults, log} = this.#options;
		await faults.lift();
		if (this.#isClosed) throw new ClosedError('the engine');
		const lag = new EventLoopLagMonitor();
		const entry = log.open({level: 'info', topic: 'drill', text: `drill ${drill.name}: running`});
		const probes = this.#options.probes.length === 0 ? undefined : new Probes(this.#options.probes);
		try {
			if (probes) await this.#check(probes);
			return {bed: await openBed(drill), probes, lag, entry};
		} catch (error) {
			probes?.close();
			entry.update(`drill ${drill.name}: not started, ${oneLine(error)}`, 'error');
			await lag.close();
			throw error;
		}
	}

	/** @throws {ProbeError} The application does not answer, or no fault would reach it. */
	async #check(probes: Probes): Promise<void> {
		await retryWhileConnecting(() => probes.check());
		const {application} = this.#options;
		if (!application?.isUnused) return;
		throw new ProbeError(
			`no application has connected to the fault proxy, so no fault would reach it: start it with redis://${application.address} as its Redis`,
		);
	}

	/** Never rejects, since nobody waits for it: errors are in the log, and another drill may follow. */
	async #run(runner: DrillRunner, {bed, probes, lag, entry}: Preparation): Promise<void> {
		const {name} = runner.drill;
		const report = await runner.run();
		await lag.close();
		probes?.close();
		const outcome = report.partial ?? (report.passed ? 'passed' : 'failed');
		entry.update(`drill ${name}: ${outcome}`, report.passed ? 'info' : 'warn');
		await bed.end({isSessionOver: () => this.#isClosed});
		this.#state = {phase: 'idle', last: runner};
	}

	#hostOf({bed, probes, lag}: Preparation): DrillHost {
		const {faults, target, application} = this.#options;
		const {name, version, kind} = target();
		return {
			server: `${name} ${version ?? ''} (${kind === 'external' ? 'external' : 'private'})`.replace('  ', ' '),
			workload: bed.workload,
			cacheSnapshot: () => bed.cacheSnapshot(),
			machineLateMs: () => lag.lateness(),
			onMode: (listener) => bed.onMode(listener),
			...(bed.subject === undefined ? {} : {subject: bed.subject}),
			...(bed.cacheSettings === undefined ? {} : {cacheSettings: bed.cacheSettings}),
			...(probes === undefined ? {} : {probes}),
			...(application === undefined ? {} : {wire: application.record()}),
			applyFault: (fault) => faults.start(fault),
			liftFault: (id) => faults.lift([id]),
			isActive: (id) => faults.active().some((fault) => fault.id === id),
		};
	}
}
