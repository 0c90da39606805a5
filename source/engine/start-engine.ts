import {Worker} from 'node:worker_threads';
import {ClosedError} from '../pool/errors.js';
import {EngineError} from './engine-error.js';
import {joinEvents} from './log/join-events.js';
import {oneLine} from './one-line.js';
import type {
	DrillRecording,
	EngineClient,
	EngineMessage,
	EngineOptions,
	EngineRequest,
	EngineSnapshot,
	Source,
	TrafficCourse,
} from './protocol.js';
import type {CommandCall, CommandReply} from './specs/command-calls.js';
import type {CommandName} from './specs/command-specs.js';

/** Milliseconds that an engine has to close everything before its thread is terminated. */
const closeMs = 4000;

/**
 * Size of V8's young generation in megabytes, a third of the default. The traffic of a tap consists of short-lived objects,
 * which would fill a larger one completely before each collection, and the process would keep that memory.
 */
const maxYoungGenerationSizeMb = 16;

/** Most snapshots that wait for delivery. The oldest are dropped first. */
const maxArrived = 100;

/** Requests in flight at once. Further ones fail. */
const maxPending = 1000;

/** An engine that may still be starting. */
type LaunchedEngine = {
	/** Its commands wait until the engine runs. If it cannot start, `onFatal` is called. */
	readonly client: EngineClient;
	/** Rejects with an `EngineError` if the engine cannot start: no server, a Redis that does not answer. */
	readonly ready: Promise<void>;
};

/**
 * Starts the engine in a worker thread. Resolves once it runs.
 *
 * @throws {EngineError} It cannot start. No process is left running then.
 */
export async function startEngine(options: EngineOptions): Promise<EngineClient> {
	const {client, ready} = launchEngine(options);
	try {
		await ready;
		return client;
	} catch (error) {
		await client.close();
		throw error;
	}
}

/** The current step before the first snapshot, in a few words. */
export function startingText({topology, url, connection}: EngineOptions): string {
	if (topology === undefined || url !== undefined || connection !== undefined) return 'starting';
	return `starting a private ${topology === 'cluster' ? 'cluster' : 'Sentinel set-up'}`;
}

function firstSourceOf({attach, tap, url, connection}: EngineOptions): Source {
	if (attach !== undefined) return 'process';
	if (tap !== undefined) return 'application';
	return url === undefined && connection === undefined ? 'cache' : 'server';
}

/** Starts the engine in a worker thread without waiting for it. The caller has to close it. */
export function launchEngine(options: EngineOptions): LaunchedEngine {
	const client = new EngineThread(options);
	return {client, ready: client.ready};
}

/** The events of a snapshot without a listener are not lost: the next snapshot has them, too. */
function withEventsOf(before: EngineSnapshot | undefined, snapshot: EngineSnapshot): EngineSnapshot {
	if (before === undefined || before === snapshot) return snapshot;
	return {...snapshot, events: joinEvents(before.events, snapshot.events)};
}

type State =
	| {readonly phase: 'starting' | 'running'}
	| {readonly phase: 'failed'; readonly error: EngineError}
	| {readonly phase: 'closing'; readonly done: Promise<void>};

/** The main thread's side of an engine in a worker thread. */
class EngineThread implements EngineClient {
	readonly ready: Promise<void>;
	readonly starting: string;
	readonly firstSource: Source;
	readonly #worker: Worker;
	readonly #exited: Promise<void>;
	readonly #listeners = new Set<(snapshot: EngineSnapshot) => void>();
	readonly #fatalListeners = new Set<(error: EngineError) => void>();
	/** Requests in flight, by id. Resolved without a message when the engine ends. */
	readonly #pending = new Map<number, (message: EngineMessage | undefined) => void>();
	readonly #arrived: EngineSnapshot[] = [];
	#state: State = {phase: 'starting'};
	#latest: EngineSnapshot | undefined;
	#nextId = 1;

	constructor(options: EngineOptions) {
		this.starting = startingText(options);
		this.firstSource = firstSourceOf(options);
		this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
			workerData: options,
			name: 'engine',
			resourceLimits: {maxYoungGenerationSizeMb},
		});
		this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
		this.ready = new Promise((resolve, reject) => {
			this.#fatalListeners.add(reject);
			this.#worker.on('message', (message: EngineMessage) => {
				if (message.type === 'ready') {
					this.#fatalListeners.delete(reject);
					if (this.#state.phase === 'starting') this.#state = {phase: 'running'};
					resolve();
				} else {
					this.#receive(message);
				}
			});
		});
		// A caller that does not use `ready` gets the error through `onFatal`.
		this.ready.catch(() => undefined);
		this.#worker.on('error', (error) =>
			this.#fail(new EngineError('ERR_ENGINE', `the engine failed: ${oneLine(error)}`, 1)),
		);
		this.#worker.on('exit', (code) => {
			this.#fail(new EngineError('ERR_ENGINE', `the engine ended with code ${code}`, 1));
			this.#resolvePending();
		});
	}

	latest(): EngineSnapshot | undefined {
		return this.#latest;
	}

	subscribe(listener: (snapshot: EngineSnapshot) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	async run<Name extends CommandName>(call: CommandCall<Name>): Promise<CommandReply<Name>> {
		const message = await this.#request((id) => ({type: 'command', id, call: call as CommandCall}));
		// The engine answers a request with a reply to its command.
		if (message?.type === 'reply') return message.reply as CommandReply<Name>;
		const error = this.#state.phase === 'failed' ? this.#state.error : new ClosedError('the engine');
		return {ok: false, code: error.code, message: error.message};
	}

	async complete(name: string, index: number, prefix: string): Promise<readonly string[]> {
		const message = await this.#request((id) => ({type: 'complete', id, name, index, prefix}));
		return message?.type === 'completions' ? message.items : [];
	}

	async drillRecording(): Promise<DrillRecording | undefined> {
		const message = await this.#request((id) => ({type: 'recording', id}));
		return message?.type === 'recording' ? message.recording : undefined;
	}

	async trafficCourse(): Promise<TrafficCourse | undefined> {
		const message = await this.#request((id) => ({type: 'course', id}));
		return message?.type === 'course' ? message.course : undefined;
	}

	setRate(hz: number): void {
		if (this.#isOpen) this.#post({type: 'rate', hz});
	}

	onFatal(listener: (error: EngineError) => void): () => void {
		if (this.#state.phase === 'failed')
			queueMicrotask(() => this.#state.phase === 'failed' && listener(this.#state.error));
		this.#fatalListeners.add(listener);
		return () => this.#fatalListeners.delete(listener);
	}

	close(): Promise<void> {
		if (this.#state.phase === 'closing') return this.#state.done;
		const done = this.#closeThread();
		this.#state = {phase: 'closing', done};
		return done;
	}

	get #isOpen(): boolean {
		return this.#state.phase === 'starting' || this.#state.phase === 'running';
	}

	#receive(message: Exclude<EngineMessage, {type: 'ready'}>): void {
		switch (message.type) {
			case 'snapshot':
				this.#latest ??= message.snapshot;
				this.#arrived.push(message.snapshot);
				if (this.#arrived.length === 1) setImmediate(() => this.#deliver());
				else if (this.#arrived.length > maxArrived) this.#arrived.shift();
				return;
			case 'fatal':
				this.#fail(new EngineError(message.code, message.message, message.exitCode));
				return;
			default:
				this.#pending.get(message.id)?.(message);
				this.#pending.delete(message.id);
		}
	}

	/**
	 * Passes snapshots to listeners. Not in the message handler: Node.js delivers messages until none are left, so if drawing
	 * takes longer than the interval between snapshots, keystrokes would never be processed.
	 */
	#deliver(): void {
		for (const snapshot of this.#arrived.splice(0)) {
			this.#latest = this.#listeners.size > 0 ? snapshot : withEventsOf(this.#latest, snapshot);
			for (const listener of this.#listeners) listener(snapshot);
		}
	}

	#fail(error: EngineError): void {
		if (!this.#isOpen) return;
		this.#state = {phase: 'failed', error};
		this.#resolvePending();
		for (const listener of this.#fatalListeners) listener(error);
	}

	#post(request: EngineRequest): void {
		this.#worker.postMessage(request);
	}

	#request(make: (id: number) => EngineRequest): Promise<EngineMessage | undefined> {
		if (!this.#isOpen || this.#pending.size >= maxPending) return Promise.resolve(undefined);
		const id = this.#nextId++;
		return new Promise((resolve) => {
			this.#pending.set(id, resolve);
			this.#post(make(id));
		});
	}

	#resolvePending(): void {
		for (const resolve of this.#pending.values()) resolve(undefined);
		this.#pending.clear();
	}

	async #closeThread(): Promise<void> {
		// Sent to a failed engine as well: if its thread still runs, it closes its server and sockets properly.
		this.#post({type: 'close', id: this.#nextId++});
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<'late'>((resolve) => {
			timer = setTimeout(resolve, closeMs, 'late');
		});
		if ((await Promise.race([this.#exited, late])) === 'late') await this.#worker.terminate();
		clearTimeout(timer);
		this.#resolvePending();
		this.#listeners.clear();
		this.#fatalListeners.clear();
	}
}
