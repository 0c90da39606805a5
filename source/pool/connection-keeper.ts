import type {Backoff} from './backoff.js';
import type {Connection, OpenConnection} from './connection.js';
import type {RedisCacheError} from './errors.js';

export type KeeperState =
	| {readonly type: 'connecting'; readonly connection: Connection; readonly reason: RedisCacheError | undefined}
	| {readonly type: 'ready'; readonly connection: Connection; readonly since: number}
	| {readonly type: 'waiting'; readonly timer: NodeJS.Timeout; readonly reason: RedisCacheError}
	| {readonly type: 'closed'};

export type KeeperHandlers = {
	readonly onReady: (connection: Connection) => void;
	/** It was ready and is no more. Not called after `close`. */
	readonly onLost: (connection: Connection, reason: RedisCacheError) => void;
	/** It could not be opened. */
	readonly onFailed?: (connection: Connection, reason: RedisCacheError) => void;
};

/** Credentials that were refused will be refused again: asked for less often. */
const DENIED_MS = 2000;

/** A connection that lasted this long starts the waits anew. */
const STEADY_MS = 1000;

/** Keeps one connection open: opens the next when one is lost, after a wait. */
export class ConnectionKeeper {
	#state: KeeperState;
	readonly #open: OpenConnection;
	readonly #backoff: Backoff;
	readonly #handlers: KeeperHandlers;

	constructor(open: OpenConnection, backoff: Backoff, handlers: KeeperHandlers) {
		this.#open = open;
		this.#backoff = backoff;
		this.#handlers = handlers;
		this.#state = this.#connect(undefined);
	}

	get state(): KeeperState {
		return this.#state;
	}

	/** Why it is not ready, if it is known. */
	get reason(): RedisCacheError | undefined {
		return this.#state.type === 'connecting' || this.#state.type === 'waiting' ? this.#state.reason : undefined;
	}

	/** Destroys the connection if there is one; the next follows. */
	reset(reason: string): void {
		if (this.#state.type === 'connecting' || this.#state.type === 'ready') this.#state.connection.destroy(reason);
	}

	close(): void {
		const state = this.#state;
		this.#state = {type: 'closed'};
		if (state.type === 'waiting') clearTimeout(state.timer);
		if (state.type === 'connecting' || state.type === 'ready') state.connection.destroy('closed');
	}

	#connect(reason: RedisCacheError | undefined): KeeperState {
		const connection: Connection = this.#open({
			onReady: () => this.#ready(connection),
			onDown: (why) => this.#down(connection, why),
		});
		return {type: 'connecting', connection, reason};
	}

	#ready(connection: Connection): void {
		if (this.#state.type !== 'connecting') return;
		this.#state = {type: 'ready', connection, since: Date.now()};
		this.#handlers.onReady(connection);
	}

	#down(connection: Connection, reason: RedisCacheError): void {
		const before = this.#state;
		if (before.type === 'closed') return;
		// One that was lost at once is no success: it would be opened again without end and without pause.
		if (before.type === 'ready' && Date.now() - before.since >= STEADY_MS) this.#backoff.reset();
		const denied = 'kind' in reason && reason.kind === 'denied';
		const timer = setTimeout(() => this.#retry(reason), denied ? DENIED_MS : this.#backoff.next());
		this.#state = {type: 'waiting', timer, reason};
		if (before.type === 'ready') this.#handlers.onLost(connection, reason);
		else this.#handlers.onFailed?.(connection, reason);
	}

	#retry(reason: RedisCacheError): void {
		if (this.#state.type === 'waiting') this.#state = this.#connect(reason);
	}
}
