import {ClosedError} from '../pool/errors.js';
import {GuardLink} from './guard-link.js';
import type {Launch} from './launch.js';
import type {PrivateRedis} from './types.js';

type PrivateServerSpec = {
	readonly kind: PrivateRedis['kind'];
	readonly version: string;
	readonly launch: Launch;
	readonly startMs: number;
	readonly note?: string | undefined;
	/** The reason why its clock cannot be set, with advice. Undefined if it can. */
	readonly clockObstacle?: string | undefined;
};

type State =
	| {readonly kind: 'down'}
	| {readonly kind: 'running'; readonly pid: number}
	| {readonly kind: 'closed'; readonly done: Promise<void>};

/** A private server, which is started, killed and restarted by a guard process. */
export class PrivateServer implements PrivateRedis {
	readonly kind: PrivateRedis['kind'];
	readonly name: string;
	readonly version: string;
	readonly note: string | undefined;
	readonly clockObstacle: string | undefined;
	readonly host = '127.0.0.1';
	readonly #spec: PrivateServerSpec;
	readonly #listeners = new Set<(reason: string) => void>();
	#state: State = {kind: 'down'};
	#port = 0;
	#clockMs = 0;
	#guard: GuardLink;
	/** The last kill or restart: they run one after the other. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(spec: PrivateServerSpec) {
		this.kind = spec.kind;
		this.name = spec.launch.name;
		this.version = spec.version;
		this.note = spec.note;
		this.clockObstacle = spec.clockObstacle;
		this.#spec = spec;
		this.#guard = this.#newGuard();
	}

	/** 0 before the first start, then constant. */
	get port(): number {
		return this.#port;
	}

	/** Includes the user name, since `redis-cli -u` treats a missing one as empty. Servers before version 6 have no users. */
	get url(): string {
		const {kind, version, launch} = this.#spec;
		const user = kind === 'private' && Number.parseInt(version, 10) < 6 ? '' : 'default';
		const login = launch.password === '' ? '' : `${user}:${launch.password}@`;
		return `redis://${login}${this.host}:${this.#port}`;
	}

	get pid(): number | undefined {
		return this.#state.kind === 'running' ? this.#state.pid : undefined;
	}

	/** @throws {RedisCacheError} `ERR_PRIVATE_REDIS_START`. No process is left running then. */
	async start(): Promise<this> {
		try {
			await this.restart();
			return this;
		} catch (error) {
			await this.close();
			throw error;
		}
	}

	kill(): Promise<void> {
		return this.#next(async () => {
			if (this.#state.kind !== 'running') return;
			this.#state = {kind: 'down'};
			if (this.#guard.alive) await this.#guard.kill();
		});
	}

	restart(): Promise<void> {
		return this.#next(async () => {
			this.#state = {kind: 'down'};
			if (!this.#guard.alive) {
				await this.#guard.close();
				this.#throwIfClosed();
				this.#guard = this.#newGuard();
			}
			const {launch, startMs} = this.#spec;
			const place = {port: this.#port || undefined, startMs, clockMs: this.#clockMs};
			const {port, pid} = await this.#guard.start(launch, place);
			this.#throwIfClosed();
			this.#port = port;
			this.#state = {kind: 'running', pid};
		});
	}

	pause(): void {
		this.#signal('SIGSTOP');
	}

	resume(): void {
		this.#signal('SIGCONT');
	}

	/** If the server is not running, the clock applies when it is started again. */
	async setClock(offsetMs: number): Promise<void> {
		this.#clockMs = offsetMs;
		if (this.#state.kind === 'running') await this.#guard.setClock(offsetMs);
	}

	onExit(listener: (reason: string) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	close(): Promise<void> {
		if (this.#state.kind !== 'closed') {
			this.#listeners.clear();
			this.#state = {kind: 'closed', done: this.#guard.close()};
		}
		return this.#state.done;
	}

	#newGuard(): GuardLink {
		return new GuardLink((reason) => {
			if (this.#state.kind !== 'running') return;
			this.#state = {kind: 'down'};
			for (const listener of this.#listeners) listener(`${this.name} ${reason}`);
		});
	}

	/** Does nothing if the server is not running. */
	#signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
		if (this.#state.kind !== 'running') return;
		try {
			process.kill(this.#state.pid, signal);
		} catch {
			// The process has just ended, and the message of the guard follows.
		}
	}

	#next(work: () => Promise<void>): Promise<void> {
		const done = this.#last.then(async () => {
			this.#throwIfClosed();
			try {
				await work();
			} catch (error) {
				this.#throwIfClosed();
				throw error;
			}
		});
		this.#last = done.catch(() => {});
		return done;
	}

	#throwIfClosed(): void {
		if (this.#state.kind === 'closed') throw new ClosedError('the private Redis');
	}
}
