import {Worker} from 'node:worker_threads';
import {ClosedError} from '../pool/errors.js';
import {EngineError} from './engine-error.js';
import {oneLine} from './one-line.js';
import type {EngineClient, EngineMessage, EngineOptions, EngineRequest, EngineSnapshot} from './protocol.js';
import type {CommandCall, CommandReply} from './specs/command-calls.js';
import type {CommandName} from './specs/command-specs.js';

/** Milliseconds that an engine gets to close everything; past them its thread is terminated. */
const closeMs = 4000;

type State =
	| {readonly phase: 'starting' | 'running'}
	| {readonly phase: 'failed'; readonly error: EngineError}
	| {readonly phase: 'closing'; readonly done: Promise<void>};

type Waiting = {readonly resolve: (message: EngineMessage | undefined) => void};

/** Snapshots that wait to be drawn; the oldest go first. */
const maxArrived = 100;

/** Questions under way at once; a screen that asks faster than the engine answers is told so. */
const maxWaiting = 1000;

/** An engine that may still be starting. */
export type LaunchedEngine = {
	/** Commands wait until it runs. That it cannot start is told by `onFatal`. */
	readonly client: EngineClient;
	/** Rejects with an `EngineError` when it cannot start: no server, a Redis that does not answer. */
	readonly ready: Promise<void>;
};

/**
 * Starts the engine in a worker thread and resolves once it runs.
 *
 * @throws {EngineError} when it cannot start. Nothing is left running then.
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

/** Starts the engine in a worker thread, and does not wait for it. Whoever launches it closes it. */
export function launchEngine(options: EngineOptions): LaunchedEngine {
	const worker = new Worker(new URL('./worker.js', import.meta.url), {workerData: options, name: 'engine'});
	let state: State = {phase: 'starting'};
	let latest: EngineSnapshot | undefined;
	const arrived: EngineSnapshot[] = [];
	let nextId = 1;
	const waiting = new Map<number, Waiting>();
	const listeners = new Set<(snapshot: EngineSnapshot) => void>();
	const fatalListeners = new Set<(error: EngineError) => void>();
	const exited = new Promise<void>((resolve) => {
		worker.once('exit', () => resolve());
	});

	/**
	 * Not in the handler of the message: Node hands out messages until there are none left, and a screen that takes
	 * longer to draw than until the next snapshot would never get to its keys.
	 */
	const deliver = () => {
		for (const snapshot of arrived.splice(0)) {
			latest = snapshot;
			for (const listener of listeners) listener(snapshot);
		}
	};

	const settleAll = () => {
		for (const {resolve} of waiting.values()) resolve(undefined);
		waiting.clear();
	};
	const fail = (error: EngineError) => {
		if (!isOpen()) return;
		state = {phase: 'failed', error};
		settleAll();
		for (const listener of fatalListeners) listener(error);
	};

	const ready = new Promise<void>((resolve, reject) => {
		fatalListeners.add(reject);
		worker.on('message', (message: EngineMessage) => {
			switch (message.type) {
				case 'ready':
					fatalListeners.delete(reject);
					if (state.phase === 'starting') state = {phase: 'running'};
					resolve();
					return;
				case 'snapshot':
					latest ??= message.snapshot;
					arrived.push(message.snapshot);
					if (arrived.length === 1) setImmediate(deliver);
					else if (arrived.length > maxArrived) arrived.shift();
					return;
				case 'fatal':
					fail(new EngineError(message.code, message.message, message.exitCode));
					return;
				default:
					waiting.get(message.id)?.resolve(message);
					waiting.delete(message.id);
			}
		});
		worker.on('error', (error) => fail(new EngineError('ERR_ENGINE', `the engine failed: ${oneLine(error)}`, 1)));
		worker.on('exit', (code) => {
			fail(new EngineError('ERR_ENGINE', `the engine ended with code ${code}`, 1));
			settleAll();
		});
	});

	const post = (request: EngineRequest) => worker.postMessage(request);
	const isOpen = () => state.phase === 'starting' || state.phase === 'running';
	const ask = (make: (id: number) => EngineRequest): Promise<EngineMessage | undefined> => {
		if (!isOpen() || waiting.size >= maxWaiting) return Promise.resolve(undefined);
		const id = nextId++;
		return new Promise((resolve) => {
			waiting.set(id, {resolve});
			post(make(id));
		});
	};

	const terminate = async (): Promise<void> => {
		// A failed engine is asked as well: if its thread still lives, it closes its server and its sockets in order.
		post({type: 'close', id: nextId++});
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<'late'>((resolve) => {
			timer = setTimeout(resolve, closeMs, 'late');
		});
		if ((await Promise.race([exited, late])) === 'late') await worker.terminate();
		clearTimeout(timer);
		settleAll();
		listeners.clear();
		fatalListeners.clear();
	};
	const close = (): Promise<void> => {
		if (state.phase === 'closing') return state.done;
		const done = terminate();
		state = {phase: 'closing', done};
		return done;
	};

	// Nobody has to wait for it.
	ready.catch(() => undefined);

	const gone = (): Extract<CommandReply, {readonly ok: false}> => {
		const error = state.phase === 'failed' ? state.error : new ClosedError('the engine');
		return {ok: false, code: error.code, message: error.message};
	};
	const client: EngineClient = {
		latest: () => latest,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		async run<Name extends CommandName>(call: CommandCall<Name>) {
			const message = await ask((id) => ({type: 'command', id, call: call as CommandCall}));
			// The engine answers a request with a reply to its command.
			return message?.type === 'reply' ? (message.reply as CommandReply<Name>) : gone();
		},
		async complete(name, index, prefix) {
			const message = await ask((id) => ({type: 'complete', id, name, index, prefix}));
			return message?.type === 'completions' ? message.items : [];
		},
		setRate(hz) {
			if (isOpen()) post({type: 'rate', hz});
		},
		onFatal(listener) {
			if (state.phase === 'failed') queueMicrotask(() => state.phase === 'failed' && listener(state.error));
			fatalListeners.add(listener);
			return () => fatalListeners.delete(listener);
		},
		close,
	};
	return {client, ready};
}
