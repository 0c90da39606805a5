import {activate} from './active-fault.js';
import type {BreakableServer, Undo} from './breakable-server.js';
import type {ActiveFault, ServerFault} from './fault.js';
import {FaultRefusedError} from './fault-errors.js';
import {inTurn} from './in-turn.js';
import {ServerEffects} from './server-effects.js';
import {excludes, notOurs, refusalBy} from './server-fault-rules.js';

type Kind = ServerFault['kind'];

type ServerFaultEvent =
	| {readonly type: 'added' | 'lifted'; readonly fault: ActiveFault}
	/** The fault could not be applied or lifted, and no caller can get the error. */
	| {readonly type: 'failed'; readonly fault: ActiveFault; readonly error: Error};

type ServerFaultsOptions = {
	/** Undefined if this program did not start the server: every fault is then refused. */
	readonly server: BreakableServer | undefined;
	readonly onEvent?: (event: ServerFaultEvent) => void;
};

type Running = {
	readonly active: ActiveFault;
	readonly server: BreakableServer;
	readonly timer: NodeJS.Timeout | undefined;
	readonly undo: Undo;
	/** Set once the fault is being lifted, so that it is undone only once. */
	lifting: Promise<void> | undefined;
};

/** Faults of server processes. Only possible on a server that this program started. */
export class ServerFaults {
	readonly #server: BreakableServer | undefined;
	readonly #onEvent: (event: ServerFaultEvent) => void;
	readonly #listeners = new Set<(active: readonly ActiveFault[]) => void>();
	#running: readonly Running[] = [];
	/** Faults that are being started. */
	readonly #starting = new Map<BreakableServer, Kind>();
	readonly #effects = new ServerEffects();
	#isClosed = false;

	constructor({server, onEvent}: ServerFaultsOptions) {
		this.#server = server;
		this.#onEvent = onEvent ?? (() => {});
	}

	/**
	 * Starts a fault. `restart` and `failover` end by themselves when the server answers again; the others last until they are
	 * lifted.
	 *
	 * @param options `forMs`: milliseconds after which it lifts by itself.
	 * @throws {FaultRefusedError} This program did not start the server, an active fault excludes this one, or it
	 * failed.
	 */
	async add(fault: ServerFault, options: {readonly forMs?: number} = {}): Promise<ActiveFault> {
		const {kind} = fault;
		if (this.#server === undefined) throw new FaultRefusedError(notOurs(kind));
		const refusal = refusalBy(this.#server, kind);
		if (refusal !== undefined) throw new FaultRefusedError(refusal);
		const server = await this.#pick(this.#server, fault);
		const other = this.#kindsOn(server).find((present) => excludes(present, kind));
		if (other !== undefined)
			throw new FaultRefusedError(`${kind} is not possible while ${other} is active; heal that first`);
		this.#starting.set(server, kind);
		try {
			return await this.#start(server, fault, options.forMs);
		} catch (error) {
			throw failed(kind, server, error);
		} finally {
			this.#starting.delete(server);
		}
	}

	/**
	 * Resolves when the server has its previous state; with false if the fault is not active. The fault counts as active until
	 * then.
	 */
	async lift(id: number): Promise<boolean> {
		const running = this.#running.find(({active}) => active.id === id);
		if (running === undefined) return false;
		running.lifting ??= this.#undo(running);
		await running.lifting;
		return true;
	}

	/** Lifts all faults, the latest first, since a killed server cannot restore its memory limit. */
	async heal(): Promise<void> {
		await inTurn([...this.#running].reverse(), ({active}) => this.lift(active.id));
	}

	/** Active faults, in the order in which they were added. */
	active(): readonly ActiveFault[] {
		return this.#running.map(({active}) => active);
	}

	/** Calls the listener after every change of `active()`. Returns a function that removes the listener. */
	onChange(listener: (active: readonly ActiveFault[]) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/**
	 * Drops all faults without undoing them, since the server ends next. Only a paused server is resumed, so that it can end.
	 */
	close(): void {
		this.#isClosed = true;
		for (const {active, server, timer} of this.#running) {
			clearTimeout(timer);
			if (active.fault.kind === 'pause') server.resume();
		}
		this.#running = [];
		this.#listeners.clear();
	}

	/**
	 * With several servers, a fault affects the one that it names, or a master. Servers that are down are restarted together.
	 */
	async #pick(server: BreakableServer, {kind, node}: ServerFault): Promise<BreakableServer> {
		if (server.pick === undefined || (kind === 'restart' && node === undefined)) return server;
		try {
			return await server.pick(node);
		} catch (error) {
			throw failed(kind, server, error);
		}
	}

	async #start(server: BreakableServer, fault: ServerFault, forMs: number | undefined): Promise<ActiveFault> {
		this.#assertOpen();
		const {done, isPassing, undo} = await this.#effects.begin(server, fault, () =>
			this.#kindsOn(server).includes('pause'),
		);
		const active = this.#enter(server, fault, forMs, undo);
		done.then(
			() => isPassing && this.lift(active.id),
			(error: Error) => {
				this.#onEvent({type: 'failed', fault: active, error});
				return this.lift(active.id);
			},
		);
		return active;
	}

	#enter(server: BreakableServer, fault: ServerFault, forMs: number | undefined, undo: Undo): ActiveFault {
		this.#assertOpen();
		const active = activate(fault, forMs);
		const liftByItself = () => {
			this.lift(active.id).catch((error: Error) => this.#onEvent({type: 'failed', fault: active, error}));
		};
		const timer = forMs === undefined ? undefined : setTimeout(liftByItself, forMs).unref();
		this.#change([...this.#running, {active, server, timer, undo, lifting: undefined}]);
		this.#onEvent({type: 'added', fault: active});
		return active;
	}

	async #undo(running: Running): Promise<void> {
		clearTimeout(running.timer);
		try {
			await running.undo();
		} finally {
			// Even if it could not be undone, it is no longer active.
			this.#change(this.#running.filter((candidate) => candidate !== running));
			this.#onEvent({type: 'lifted', fault: running.active});
		}
	}

	/** The faults of a server. A fault of the whole set-up counts for each server, and vice versa. */
	#kindsOn(server: BreakableServer): readonly string[] {
		const concerns = (other: BreakableServer) => other === server || other === this.#server || server === this.#server;
		return [
			...[...this.#starting].flatMap(([other, kind]) => (concerns(other) ? [kind] : [])),
			...this.#running.flatMap((running) => (concerns(running.server) ? [running.active.fault.kind] : [])),
		];
	}

	/** A server that is being closed must not get a fault, since nothing would lift it. */
	#assertOpen(): void {
		if (this.#isClosed) throw new Error('it is being closed');
	}

	#change(running: readonly Running[]): void {
		this.#running = running;
		const active = this.active();
		for (const listener of this.#listeners) listener(active);
	}
}

function failed(kind: Kind, {name}: BreakableServer, error: unknown): FaultRefusedError {
	const reason = error instanceof Error ? error.message : String(error);
	return new FaultRefusedError(`${kind} failed on ${name}: ${reason}`, {cause: error});
}
