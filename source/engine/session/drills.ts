import {cacheOptionsOf, type Drill, workloadOptionsOf} from '../../drills/drill.js';
import type {DrillHost} from '../../drills/drill-host.js';
import {drillNames, loadDrill} from '../../drills/drill-library.js';
import type {DrillReport} from '../../drills/drill-report.js';
import {DrillRunner} from '../../drills/drill-runner.js';
import {EventLoopLagMonitor} from '../../drills/event-loop-lag-monitor.js';
import type {DrillRecording} from '../../drills/recording/drill-recording.js';
import {FaultRefusedError} from '../../faults/fault-errors.js';
import {ClosedError} from '../../pool/errors.js';
import type {OpenEvent, SessionLog} from '../log/events-log.js';
import {oneLine} from '../one-line.js';
import type {DrillSnapshot, TargetSnapshot, WorkloadSnapshot} from '../protocol.js';
import type {FaultControl} from './fault-control.js';
import {recordedEvents} from './recorded-events.js';
import type {TestBed} from './test-bed.js';
import type {TestBeds} from './test-beds.js';

/** Milliseconds in which the drill's cache must connect. */
const readyMs = 5000;

/**
 * Milliseconds that a running drill gets to end when everything closes, besides the deadline of its cache: closing the cache
 * takes that long if writes are in doubt.
 */
const closeMs = 1500;

export type DrillsOptions = {
	readonly testBeds: Pick<TestBeds, 'current' | 'openForDrill' | 'restore'>;
	readonly faults: Pick<FaultControl, 'active' | 'start' | 'lift' | 'refusalOf'>;
	readonly target: () => TargetSnapshot;
	/** Closes a test bed and removes its keys from Redis. */
	readonly erase: (testBed: TestBed) => Promise<void>;
	readonly log: SessionLog;
};

type State =
	| {readonly phase: 'idle'; readonly last: DrillRunner | undefined}
	| {readonly phase: 'starting'; readonly started: Promise<void>}
	| {readonly phase: 'running'; readonly runner: DrillRunner; readonly over: Promise<void>};

/** The state of a running drill that has to be cleaned up after it. */
type Preparation = {
	readonly testBed: TestBed;
	readonly lag: EventLoopLagMonitor;
	readonly entry: OpenEvent;
	/** The traffic before the drill. */
	readonly before: WorkloadSnapshot;
};

/**
 * The drills of a session, one at a time, each on a test bed of its own. The one from before is restored afterwards.
 */
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

	/** Why nothing that changes the test bed is possible now, and what to do; undefined if it is. */
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

	names(): readonly string[] {
		return drillNames;
	}

	/**
	 * Starts a drill, by its name or from a file. Resolves once it runs.
	 *
	 * @throws {DrillNotFoundError | DrillFileError}
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
			this.#state = {phase: 'running', runner, over: this.#run(runner, preparation)};
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

	/** Lifts all faults, and opens a test bed whose cache is connected. */
	async #prepare(drill: Drill): Promise<Preparation> {
		const {testBeds, faults, log} = this.#options;
		const {current} = testBeds;
		const before = {...current.workload.snapshot(), running: current.hasTraffic};
		await faults.lift();
		if (this.#isClosed) throw new ClosedError('the engine');
		const testBed = await testBeds.openForDrill(cacheOptionsOf(drill), workloadOptionsOf(drill));
		const lag = new EventLoopLagMonitor();
		const entry = log.open({level: 'info', topic: 'drill', text: `drill ${drill.name}: running`});
		try {
			await testBed.cache.ready(readyMs);
			return {testBed, lag, entry, before};
		} catch (error) {
			entry.update(`drill ${drill.name}: not started, ${oneLine(error)}`, 'error');
			await lag.close();
			await this.#restore(before);
			throw error;
		}
	}

	/** Never rejects, since nobody waits for it: errors are in the log, and another drill may follow. */
	async #run(runner: DrillRunner, {testBed, lag, entry, before}: Preparation): Promise<void> {
		const {name} = runner.drill;
		const report = await runner.run();
		await lag.close();
		const outcome = report.partial ?? (report.passed ? 'passed' : 'failed');
		entry.update(`drill ${name}: ${outcome}`, report.passed ? 'info' : 'warn');
		await this.#restore(before);
		await this.#erase(testBed);
		this.#state = {phase: 'idle', last: runner};
	}

	/** Removes what the drill wrote, except from a private server that ends now as well. Never rejects. */
	async #erase(testBed: TestBed): Promise<void> {
		const {target, erase, log} = this.#options;
		if (this.#isClosed && target().kind !== 'external') return;
		try {
			await erase(testBed);
		} catch (error) {
			const text = `keys that begin with ${testBed.prefix} stay in Redis until they expire: ${oneLine(error)}`;
			log.add({level: 'warn', topic: 'drill', text});
		}
	}

	/** Restores the test bed and the traffic from before the drill, unless everything closes. Never rejects. */
	async #restore(before: WorkloadSnapshot): Promise<void> {
		if (this.#isClosed) return;
		try {
			const testBed = await this.#options.testBeds.restore(before);
			if (before.running && !this.#isClosed) testBed.startWorkload();
		} catch (error) {
			const text = `the cache and its traffic from before the drill cannot be restored: ${oneLine(error)}`;
			this.#options.log.add({level: 'error', topic: 'drill', text});
		}
	}

	#hostOf({testBed, lag}: Preparation): DrillHost {
		const {faults, target} = this.#options;
		const {name, version, kind} = target();
		return {
			server: `${name} ${version ?? ''} (${kind === 'external' ? 'external' : 'private'})`.replace('  ', ' '),
			workload: testBed.workload,
			cacheSnapshot: () => testBed.cache.stats(),
			machineLateMs: () => lag.lateness(),
			onMode: (listener) => testBed.cache.on('mode', listener),
			applyFault: (fault) => faults.start(fault),
			liftFault: (id) => faults.lift([id]),
			isActive: (id) => faults.active().some((fault) => fault.id === id),
		};
	}
}
