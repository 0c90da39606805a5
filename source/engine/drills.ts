import type {DrillHost} from '../drills/drill-host.js';
import {drillNames, loadDrill} from '../drills/drill-library.js';
import type {DrillReport} from '../drills/drill-report.js';
import {DrillRunner} from '../drills/drill-runner.js';
import {cacheOptionsOf, type Drill, workloadOptionsOf} from '../drills/drill.js';
import {EventLoopLagMonitor} from '../drills/event-loop-lag-monitor.js';
import {FaultRefusedError} from '../faults/fault-errors.js';
import {ClosedError} from '../pool/errors.js';
import type {EventsWriter, OpenEvent} from './events-log.js';
import {oneLine} from './one-line.js';
import type {DrillSnapshot, WorkloadSnapshot} from './protocol.js';
import type {Session} from './session.js';
import type {TestBed} from './test-bed.js';

/** Milliseconds that the drill's cache gets to connect, and that a drill gets to end when everything closes. */
const readyMs = 5000;
const closeMs = 1500;

type State =
	| {readonly phase: 'idle'; readonly last: DrillRunner | undefined}
	| {readonly phase: 'starting'; readonly begun: Promise<void>}
	| {readonly phase: 'running'; readonly runner: DrillRunner; readonly over: Promise<void>};

/** The drills of a session, one at a time, each on a cache of its own. What ran before goes on afterwards. */
export class Drills {
	readonly #session: Session;
	readonly #log: EventsWriter;
	#state: State = {phase: 'idle', last: undefined};
	#closed = false;

	constructor(session: Session, log: EventsWriter) {
		this.#session = session;
		this.#log = log;
	}

	get running(): boolean {
		return this.#state.phase !== 'idle';
	}

	/** Why nothing that changes the stage may begin now, and what to do; undefined: it may. */
	get obstacle(): string | undefined {
		const state = this.#state;
		if (state.phase === 'idle') return undefined;
		if (state.phase === 'starting') return 'a drill is about to begin: try again in a moment';
		return state.runner.isOver
			? 'what the last drill left is being removed: try again in a moment'
			: 'a drill is running: end it first with `drill stop`';
	}

	/** Of the drill that runs, else of the last one. */
	snapshot(): DrillSnapshot | undefined {
		if (this.#state.phase === 'running') return this.#state.runner.snapshot();
		return this.#state.phase === 'idle' ? this.#state.last?.snapshot() : undefined;
	}

	names(): readonly string[] {
		return drillNames;
	}

	/**
	 * Starts a drill, by its name or from a file, and returns once it runs.
	 *
	 * @throws {DrillNotFoundError | DrillFileError}
	 * @throws {FaultRefusedError} One runs already, or one of its faults cannot be done to this server: nothing was written.
	 */
	async start(nameOrPath: string): Promise<DrillSnapshot> {
		const {obstacle} = this;
		if (obstacle !== undefined) throw new FaultRefusedError(obstacle);
		const idle = this.#state;
		let begun: () => void = () => {};
		this.#state = {
			phase: 'starting',
			begun: new Promise((resolve) => {
				begun = resolve;
			}),
		};
		try {
			const drill = await loadDrill(nameOrPath);
			const session = this.#session;
			this.#refuseWhatCannotBeDone(drill);
			const before = {...session.workload.snapshot(), running: session.stage.hasTraffic};
			await session.faults.lift();
			if (this.#closed) throw new ClosedError('the engine');
			const stage = await session.changeStage(cacheOptionsOf(drill), workloadOptionsOf(drill));
			const machine = new EventLoopLagMonitor();
			const runner = new DrillRunner(drill, this.#host(stage, machine));
			const entry = this.#log.open({level: 'info', topic: 'drill', text: `drill ${drill.name}: running`});
			try {
				await stage.cache.ready(readyMs);
			} catch (error) {
				entry.update(`drill ${drill.name}: not started, ${oneLine(error)}`, 'error');
				await machine.close();
				await this.#restore(before);
				throw error;
			}
			this.#state = {phase: 'running', runner, over: this.#run(runner, stage, entry, before, machine)};
			return runner.snapshot();
		} catch (error) {
			this.#state = idle;
			throw error;
		} finally {
			begun();
		}
	}

	/** Ends the drill that runs, or is about to; its report is partial, with `reason`. Undefined: there is none. */
	async stop(reason: string): Promise<DrillReport | undefined> {
		if (this.#state.phase === 'starting') await this.#state.begun;
		return this.#state.phase === 'running' ? this.#state.runner.abort(reason) : undefined;
	}

	async close(): Promise<void> {
		this.#closed = true;
		if (this.#state.phase !== 'running') return;
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise((resolve) => {
			timer = setTimeout(resolve, closeMs);
		});
		void this.#state.runner.abort('its session ended');
		await Promise.race([this.#state.over, late]);
		clearTimeout(timer);
	}

	/** Nobody waits for it: what goes wrong is in the log, and another drill may follow. */
	async #run(
		runner: DrillRunner,
		stage: TestBed,
		entry: OpenEvent,
		before: WorkloadSnapshot,
		machine: EventLoopLagMonitor,
	): Promise<void> {
		const {name} = runner.drill;
		const report = await runner.run();
		await machine.close();
		const outcome = report.partial ?? (report.passed ? 'passed' : 'failed');
		entry.update(`drill ${name}: ${outcome}`, report.passed ? 'info' : 'warn');
		await this.#restore(before);
		await this.#erase(stage);
		this.#state = {phase: 'idle', last: runner};
	}

	#refuseWhatCannotBeDone({name, steps}: Drill): void {
		for (const step of steps) {
			const refusal = step.kind === 'fault' ? this.#session.faults.refusalOf(step.fault) : undefined;
			if (refusal !== undefined) throw new FaultRefusedError(`drill ${name} cannot run here: ${refusal}`);
		}
	}

	/** What the drill wrote is removed; from a server of our own that ends now, too, it need not be. Never rejects. */
	async #erase(stage: TestBed): Promise<void> {
		if (this.#closed && this.#session.target.kind !== 'external') return;
		try {
			await this.#session.erase(stage);
		} catch (error) {
			const text = `keys that begin with ${stage.prefix} are left in Redis until they expire: ${oneLine(error)}`;
			this.#log.add({level: 'warn', topic: 'drill', text});
		}
	}

	/** What ran before the drill goes on, unless everything closes. Never rejects. */
	async #restore(before: WorkloadSnapshot): Promise<void> {
		if (this.#closed) return;
		try {
			const stage = await this.#session.restoreStage(before);
			if (before.running && !this.#closed) stage.startWorkload();
		} catch (error) {
			this.#log.add({level: 'error', topic: 'drill', text: `what ran before is not back: ${oneLine(error)}`});
		}
	}

	#host(stage: TestBed, machine: EventLoopLagMonitor): DrillHost {
		const {faults} = this.#session;
		const {name, version, kind} = this.#session.target;
		return {
			server: `${name} ${version ?? ''} (${kind === 'external' ? 'external' : 'private'})`.replace('  ', ' '),
			workload: stage.workload,
			cacheSnapshot: () => stage.cache.stats(),
			machineLateMs: () => machine.lateness(),
			onMode: (listener) => stage.cache.on('mode', listener),
			applyFault: (fault) => faults.start(fault),
			liftFault: (id) => faults.lift([id]),
			isActive: (id) => faults.active().some((fault) => fault.id === id),
		};
	}
}
