import type {PrivateRedis} from '../embedded/types.js';
import {activate} from './active-fault.js';
import type {ActiveFault, ServerFault} from './fault.js';
import {FaultRefusedError} from './fault-errors.js';
import {inTurn} from './in-turn.js';
import {fillMemory} from './memory-limit.js';

export type ServerFaultEvent =
	| {readonly type: 'added' | 'lifted'; readonly fault: ActiveFault}
	/** It could not be put in force, or lifted, when nobody was waiting to be told. */
	| {readonly type: 'failed'; readonly fault: ActiveFault; readonly error: Error};

export type ServerFaultsOptions = {
	/** Undefined: the server is not ours, and every fault is refused. */
	readonly server: PrivateRedis | undefined;
	readonly onEvent?: (event: ServerFaultEvent) => void;
};

type Running = {
	readonly active: ActiveFault;
	readonly timer: NodeJS.Timeout | undefined;
	readonly undo: () => Promise<void>;
	/** Under way once somebody has begun to lift it. */
	lifting: Promise<void> | undefined;
};

/** Faults of the server's own process. Only ever done to a server that this program started. */
export class ServerFaults {
	readonly #server: PrivateRedis | undefined;
	readonly #onEvent: (event: ServerFaultEvent) => void;
	readonly #listeners = new Set<(active: readonly ActiveFault[]) => void>();
	#running: readonly Running[] = [];
	#starting: ServerFault['kind'] | undefined;
	#closed = false;
	/** What a frozen server could not be told. */
	#whenResumed: (() => Promise<void>) | undefined;

	constructor({server, onEvent}: ServerFaultsOptions) {
		this.#server = server;
		this.#onEvent = onEvent ?? (() => {});
	}

	/**
	 * Puts a fault in force. `restart` is over by itself when the server answers again; the others last until they are lifted.
	 *
	 * @throws {FaultRefusedError} The server is not ours, is broken already in a way that excludes this, or did not obey.
	 */
	async add(fault: ServerFault, options: {readonly forMs?: number} = {}): Promise<ActiveFault> {
		const server = this.#server;
		if (server === undefined) throw new FaultRefusedError(notOurs(fault.kind));
		const other =
			this.#starting ?? this.#running.find(({active}) => excludes(active.fault.kind, fault.kind))?.active.fault.kind;
		if (other !== undefined)
			throw new FaultRefusedError(`${fault.kind} cannot be done while ${other} is in force; heal that first`);
		this.#starting = fault.kind;
		try {
			return await this.#start(server, fault, options.forMs);
		} catch (error) {
			throw new FaultRefusedError(
				`${fault.kind} could not be done to ${server.name}: ${error instanceof Error ? error.message : String(error)}`,
				{cause: error},
			);
		} finally {
			this.#starting = undefined;
		}
	}

	/** False when it is not in force any more. Resolves when the server is as it was before; until then it is in force. */
	async lift(id: number): Promise<boolean> {
		const running = this.#running.find(({active}) => active.id === id);
		if (running === undefined) return false;
		running.lifting ??= this.#undo(running);
		await running.lifting;
		return true;
	}

	/** Lifts all, the latest first, because a dead server cannot be told to take its memory limit back. */
	async heal(): Promise<void> {
		await inTurn([...this.#running].reverse(), ({active}) => this.lift(active.id));
	}

	/** In the order they were added. */
	active(): readonly ActiveFault[] {
		return this.#running.map(({active}) => active);
	}

	/** Called after every change of `active()`. Returns how to stop that. */
	onChange(listener: (active: readonly ActiveFault[]) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Forgets everything; the server is left as it is, since it ends too. A paused one is resumed, so that it can. */
	close(): void {
		this.#closed = true;
		for (const {active, timer} of this.#running) {
			clearTimeout(timer);
			if (active.fault.kind === 'pause') this.#server?.resume();
		}
		this.#running = [];
		this.#listeners.clear();
	}

	async #start(server: PrivateRedis, fault: ServerFault, forMs: number | undefined): Promise<ActiveFault> {
		this.#assertOpen();
		switch (fault.kind) {
			case 'kill':
				await server.kill();
				return this.#enter(fault, forMs, () => server.restart());
			case 'pause':
				if (server.pid === undefined) throw new Error('it does not run');
				server.pause();
				return this.#enter(fault, forMs, async () => {
					server.resume();
					const owed = this.#whenResumed;
					this.#whenResumed = undefined;
					await owed?.();
				});
			case 'memory-full': {
				const {pid} = server;
				const limit = await fillMemory(server);
				const restore = (): Promise<void> =>
					limit.restore().catch((error: Error) => {
						// A server that has been started anew meanwhile has its own limits again, and one that is gone has none.
						if (server.pid === pid) throw error;
					});
				return this.#enter(fault, forMs, async () => {
					if (this.#running.some(({active}) => active.fault.kind === 'pause')) this.#whenResumed = restore;
					else await restore();
				});
			}
			case 'restart': {
				const active = this.#enter(fault, undefined, async () => {});
				const restarted = server.restart();
				restarted.then(
					() => this.lift(active.id),
					(error: Error) => {
						this.#onEvent({type: 'failed', fault: active, error});
						return this.lift(active.id);
					},
				);
				return active;
			}
		}
	}

	async #undo(running: Running): Promise<void> {
		clearTimeout(running.timer);
		try {
			await running.undo();
		} finally {
			// Also when it could not be undone: it is in force no more, whatever the server is now.
			this.#change(this.#running.filter((candidate) => candidate !== running));
			this.#onEvent({type: 'lifted', fault: running.active});
		}
	}

	#enter(fault: ServerFault, forMs: number | undefined, undo: () => Promise<void>): ActiveFault {
		this.#assertOpen();
		const active = activate(fault, forMs);
		const timer =
			forMs === undefined
				? undefined
				: setTimeout(() => {
						this.lift(active.id).catch((error: Error) => this.#onEvent({type: 'failed', fault: active, error}));
					}, forMs).unref();
		this.#change([...this.#running, {active, timer, undo, lifting: undefined}]);
		this.#onEvent({type: 'added', fault: active});
		return active;
	}

	/** A server that is left must not get a fault that nobody would lift. */
	#assertOpen(): void {
		if (this.#closed) throw new Error('it is being left');
	}

	#change(running: readonly Running[]): void {
		this.#running = running;
		const active = this.active();
		for (const listener of this.#listeners) listener(active);
	}
}

export function notOurs(kind: ServerFault['kind']): string {
	return `${kind} is only done to a server that this program started, and this one is not ours; a fault of the wire works on any server`;
}

/** A process that is dead, frozen or starting cannot be broken in another way; a full one can. */
function excludes(present: string, wanted: string): boolean {
	return present === wanted || present !== 'memory-full';
}
