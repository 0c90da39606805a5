import {clearTimeout, setTimeout, unixNow} from '../../time/real-time.js';
import type {RedisCacheError} from '../errors.js';
import type {Backoff} from './backoff.js';
import type {Connection, OpenConnection} from './connection.js';

export type KeeperState =
	| {readonly type: 'connecting'; readonly connection: Connection; readonly reason: RedisCacheError | undefined}
	| {readonly type: 'ready'; readonly connection: Connection; readonly since: number}
	| {readonly type: 'waiting'; readonly timer: NodeJS.Timeout; readonly reason: RedisCacheError}
	| {readonly type: 'closed'};

export type KeeperHandlers = {
	readonly onReady: (connection: Connection) => void;
	/** A ready connection was lost. Not called after `close`. */
	readonly onLost: (connection: Connection, reason: RedisCacheError) => void;
	/** A connection could not be opened. */
	readonly onFailed?: (connection: Connection, reason: RedisCacheError) => void;
};

/** Pause after refused credentials, in milliseconds: they will most likely be refused again. */
const deniedPauseMs = 2000;

/** A connection that lasted this long, in milliseconds, resets the back-off. */
const steadyMs = 1000;

/** Keeps one connection open: when it is lost, or cannot be opened, opens another one after a pause. */
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

	/** The reason why there is no connection, if it is known. */
	get reason(): RedisCacheError | undefined {
		return this.#state.type === 'connecting' || this.#state.type === 'waiting' ? this.#state.reason : undefined;
	}

	/** Destroys the connection if there is one, and opens the next one. */
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
			onReady: () => this.#onReady(connection),
			onDown: (why) => this.#onDown(connection, why),
		});
		return {type: 'connecting', connection, reason};
	}

	#onReady(connection: Connection): void {
		if (this.#state.type !== 'connecting') return;
		this.#state = {type: 'ready', connection, since: unixNow()};
		this.#handlers.onReady(connection);
	}

	#onDown(connection: Connection, reason: RedisCacheError): void {
		const before = this.#state;
		if (before.type === 'closed') return;
		// Only a connection that lasted resets the back-off: a server that accepts connections and closes them at once must not
		// be retried without a pause.
		if (before.type === 'ready' && unixNow() - before.since >= steadyMs) this.#backoff.reset();
		const isDenied = 'kind' in reason && reason.kind === 'denied';
		const timer = setTimeout(() => this.#retry(reason), isDenied ? deniedPauseMs : this.#backoff.next());
		this.#state = {type: 'waiting', timer, reason};
		if (before.type === 'ready') this.#handlers.onLost(connection, reason);
		else this.#handlers.onFailed?.(connection, reason);
	}

	#retry(reason: RedisCacheError): void {
		if (this.#state.type === 'waiting') this.#state = this.#connect(reason);
	}
}
