import {type ChildProcess, fork} from 'node:child_process';
import {rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {RedisCacheError} from '../pool/errors.js';
import type {GuardMessage, GuardRequest} from './guard/messages.js';
import type {Launch} from './launch.js';

const closeMs = 3000;

type Waiter = {readonly resolve: (message: GuardMessage) => void; readonly reject: (error: Error) => void};

/** The program's connection to a guard process. It does not keep Node alive while no request is pending. */
export class GuardLink {
	readonly #child: ChildProcess;
	readonly #waiters = new Map<number, Waiter>();
	readonly #gone: Promise<void>;
	#nextId = 1;
	#serverPid: number | undefined;
	#directory: string | undefined;
	#closing = false;

	/** @param onEnded Called when the server, or the guard with it, ends without a request. */
	constructor(onEnded: (reason: string) => void) {
		this.#child = fork(fileURLToPath(new URL('./guard/main.js', import.meta.url)), {
			execArgv: [],
			// NODE_OPTIONS is cleared: a debugger or loader is meant for the program, not for its guard.
			env: {...process.env, NODE_OPTIONS: ''},
			// In a separate process group: Ctrl-C must reach only the program, which then closes the guard.
			detached: true,
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		this.#child.on('message', (message: GuardMessage) => {
			if (message.type === 'spawned') this.#serverPid = message.pid;
			else if (message.type === 'ended') {
				if (message.pid === this.#serverPid) this.#serverPid = undefined;
				onEnded(message.reason);
			} else {
				if (message.type === 'killed') this.#serverPid = undefined;
				this.#waiters.get(message.id)?.resolve(message);
			}
		});
		this.#gone = new Promise((resolve) => {
			const gone = (how: string) => {
				for (const waiter of this.#waiters.values()) waiter.reject(startError(`its guard process ${how}`));
				if (!this.#closing) {
					this.#cleanUp();
					onEnded(`its guard process ${how}`);
				}
				resolve();
			};
			this.#child.once('error', (error) => gone(`could not be started: ${error.message}`));
			this.#child.once('exit', (code, signal) => gone(`ended (${signal ?? `code ${code}`})`));
		});
		this.#child.unref();
		this.#child.channel?.unref();
	}

	get alive(): boolean {
		return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null;
	}

	/** @throws {RedisCacheError} `ERR_PRIVATE_REDIS_START` */
	async start(
		launch: Launch,
		{port, startMs, clockMs}: {readonly port: number | undefined; readonly startMs: number; readonly clockMs: number},
	): Promise<{port: number; pid: number}> {
		this.#directory = launch.directory;
		const reply = await this.#ask((id) => ({type: 'start', id, launch, port, startMs, clockMs}), startMs + closeMs);
		if (reply.type === 'ready') return reply;
		throw startError(reply.type === 'failed' ? reply.message : 'its guard process sent an unexpected message');
	}

	async kill(): Promise<void> {
		await this.#ask((id) => ({type: 'kill', id}), closeMs);
	}

	async setClock(clockMs: number): Promise<void> {
		await this.#ask((id) => ({type: 'clock', id, clockMs}), closeMs);
	}

	/** Ends server and guard, whatever state they are in. Resolves when both are gone. */
	async close(): Promise<void> {
		this.#closing = true;
		if (this.alive) this.#send({type: 'close'});
		const timer = setTimeout(() => this.#child.kill('SIGKILL'), closeMs);
		await this.#gone;
		clearTimeout(timer);
		// Needed only if the guard was killed.
		this.#cleanUp();
	}

	async #ask(request: (id: number) => GuardRequest, timeoutMs: number): Promise<GuardMessage> {
		const id = this.#nextId++;
		// The timer also keeps Node alive until the reply arrives.
		let timer: NodeJS.Timeout | undefined;
		try {
			return await new Promise<GuardMessage>((resolve, reject) => {
				this.#waiters.set(id, {resolve, reject});
				timer = setTimeout(
					() => reject(startError(`its guard process did not answer within ${timeoutMs} ms`)),
					timeoutMs,
				);
				if (this.alive) this.#send(request(id));
				else reject(startError('its guard process has ended'));
			});
		} finally {
			clearTimeout(timer);
			this.#waiters.delete(id);
		}
	}

	#send(request: GuardRequest): void {
		// If it fails, the guard is ending, and its 'exit' event follows.
		this.#child.send(request, () => {});
	}

	#cleanUp(): void {
		if (this.#serverPid !== undefined && this.#child.signalCode !== null) {
			try {
				process.kill(this.#serverPid, 'SIGKILL');
			} catch {
				// The process has already ended.
			}
		}
		this.#serverPid = undefined;
		if (this.#directory !== undefined) rmSync(this.#directory, {recursive: true, force: true, maxRetries: 3});
	}
}

function startError(message: string): RedisCacheError {
	return new RedisCacheError('ERR_PRIVATE_REDIS_START', `cannot start a private Redis: ${message}`);
}
