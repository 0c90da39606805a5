import {ClosedError} from '../pool/errors.js';
import type {CommandContext} from './commands/command.js';
import {complete} from './commands/complete.js';
import {runCommand} from './commands/run-command.js';
import {WriteConsent} from './consent/write-consent.js';
import {EngineError} from './engine-error.js';
import {EventsLog} from './log/events-log.js';
import type {DrillRecording, EngineOptions, EngineSnapshot, TrafficCourse} from './protocol.js';
import {openSession} from './session/open-session.js';
import type {Session} from './session/session.js';
import type {CommandCall, CommandReply} from './specs/command-calls.js';
import type {CommandName} from './specs/command-specs.js';
import {type ChosenConnection, chooseConnection, firstConnection, summaryOf} from './target/choose-connection.js';
import type {NamedConnection} from './target/connection.js';
import type {TargetSnapshot} from './target-snapshot.js';

const tapStays =
	'an application is connected to this server through the tap: quit, and start another tap for another server';

/** Snapshots a second, at most. */
const maxHz = 30;

/**
 * The composition root: one log, one session at a time, and snapshots of both. Runs in a worker thread, or in any
 * other.
 */
export class Engine {
	readonly #options: EngineOptions;
	readonly #log: EventsLog;
	readonly #emit: (snapshot: EngineSnapshot) => void;
	readonly #context: CommandContext;
	#session: Session;
	/** The connection of the session; undefined for a private Redis. */
	#connection: ChosenConnection | undefined;
	#consent: WriteConsent;
	#seq = 0;
	#timer: NodeJS.Timeout | undefined;
	#switching: Promise<void> = Promise.resolve();
	#closing: Promise<void> | undefined;

	/**
	 * @param emit Called with each snapshot.
	 * @throws {EngineError | InvalidArgumentError} No process is left running then.
	 */
	static async start(options: EngineOptions, emit: (snapshot: EngineSnapshot) => void): Promise<Engine> {
		const log = new EventsLog();
		const connection = firstConnection(options);
		const session = await openSession(connection, options, log);
		return new Engine({session, connection, options, log, emit});
	}

	private constructor({session, connection, options, log, emit}: EngineParts) {
		this.#session = session;
		this.#connection = connection;
		this.#consent = new WriteConsent(options.consented);
		this.#options = options;
		this.#log = log;
		this.#emit = emit;
		const current = () => this.#session;
		const consent = () => this.#consent;
		this.#context = {
			options,
			log,
			get session() {
				return current();
			},
			get consent() {
				return consent();
			},
			refusalOfWrites: () => this.#refusalOfWrites(),
			connect: (word) => this.#connect(word),
			connections: () => summaryOf(options, this.#connection),
			snapshot: () => this.#snapshot([]),
		};
		if (options.workload.running && this.#consent.has('workload', session.target)) session.testBed.startWorkload();
		this.#announce();
		this.setRate(options.hz);
		this.#send();
	}

	run<Name extends CommandName>(call: CommandCall<Name>): Promise<CommandReply<Name>> {
		return runCommand(this.#context, call);
	}

	complete(name: string, index: number, prefix: string): Promise<readonly string[]> {
		return complete(this.#context, name, index, prefix);
	}

	/** The course of the running drill, else of the last one. */
	drillRecording(): DrillRecording | undefined {
		return this.#session.drills.recording();
	}

	/** The course of the application's traffic since the tap began; undefined without one. */
	trafficCourse(): TrafficCourse | undefined {
		return this.#session.application?.course();
	}

	/** Sets the number of snapshots a second, at most 30; 0 pauses them. */
	setRate(hz: number): void {
		clearInterval(this.#timer);
		if (hz > 0 && !this.#closing) this.#timer = setInterval(() => this.#send(), 1000 / Math.min(hz, maxHz));
	}

	close(): Promise<void> {
		clearInterval(this.#timer);
		this.#closing ??= this.#switching.then(() => this.#session.close());
		return this.#closing;
	}

	#announce(): void {
		const {name, version, url} = this.#session.target;
		const connection = this.#connection?.name;
		this.#log.add({
			level: 'info',
			topic: 'server',
			text: `working on ${name} ${version ?? ''} at ${url}${connection === undefined ? '' : `, connection ${connection}`}`.replace(
				'  ',
				' ',
			),
		});
	}

	/**
	 * Opens the new target before it closes the old one: if that fails, everything stays as it was. Refused once the engine
	 * closes, since the new target would never be closed.
	 */
	#connect(word: string): Promise<void> {
		if (this.#options.tap !== undefined) return Promise.reject(new EngineError('ERR_TAP_TARGET', tapStays, 2));
		const done = this.#switching.then(async () => {
			if (this.#closing !== undefined) throw new ClosedError('the engine');
			const connection = chooseConnection(word, this.#options);
			const session = await openSession(connection, this.#options, this.#log);
			const previous = this.#session;
			this.#session = session;
			this.#connection = connection;
			// Consent was given for another server.
			this.#consent = new WriteConsent();
			this.#announce();
			await previous.close();
		});
		this.#switching = done.catch(() => undefined);
		return done;
	}

	/** The reason why commands that write are refused; undefined if they are allowed. */
	#refusalOfWrites(): string | undefined {
		const {name, readOnly = this.#options.readOnly} = this.#connection ?? {};
		if (!readOnly) return undefined;
		return name === undefined ? 'this program was started with --read-only' : `the connection ${name} is read-only`;
	}

	#send(): void {
		this.#emit(this.#snapshot(this.#log.take()));
	}

	#snapshot(events: EngineSnapshot['events']): EngineSnapshot {
		const session = this.#session;
		const cache = session.cacheSnapshot();
		return {
			seq: this.#seq++,
			at: Date.now(),
			startedAt: session.startedAt,
			target: {...session.target, connection: nameOf(this.#connection)},
			source: sourceOf(session),
			privateUrl: session.privateUrl,
			readOnly: this.#refusalOfWrites() !== undefined,
			scanRate: session.pace.keysPerSecond,
			scanReached: session.pace.reached,
			namespace: this.#options.namespace,
			keyPrefix: session.keyPrefix,
			cache,
			server: session.server,
			activity: session.activity,
			workload: session.workloadSnapshot(),
			sweep: session.sweeps.progress,
			faults: session.faults.active(),
			pastFaults: session.faults.past(),
			drill: session.drills.snapshot(),
			ttl: session.ttlHistogram(cache),
			application: session.application?.snapshot(),
			attached: undefined,
			serverFindings: session.serverFindings(),
			events,
		};
	}
}

type EngineParts = {
	readonly session: Session;
	readonly connection: ChosenConnection | undefined;
	readonly options: EngineOptions;
	readonly log: EventsLog;
	readonly emit: (snapshot: EngineSnapshot) => void;
};

function nameOf({name, color, delimiter}: Partial<NamedConnection> = {}): TargetSnapshot['connection'] {
	return name === undefined || delimiter === undefined ? undefined : {name, color, delimiter};
}

/** On a Redis that this program did not start, the Overview shows this program's cache only while its traffic runs. */
function sourceOf({target, testBeds, drills, application}: Session): EngineSnapshot['source'] {
	if (application !== undefined) return 'application';
	return target.kind === 'external' && testBeds.opened?.hasTraffic !== true && !drills.isRunning ? 'server' : 'cache';
}
