import type {Backoff} from './backoff.js';
import {CommandChannel} from './command-channel.js';
import type {Connection, ConnectionHandlers} from './connection.js';
import {ConnectionKeeper} from './connection-keeper.js';
import {dataSetOf} from './data-set.js';
import {ConnectionLostError, type RedisCacheError, ServerError} from './errors.js';
import type {NodeConnection} from './node-connection.js';
import type {Argument} from './types.js';

export type SubscriptionOptions = {
	/** Redacted URL. */
	readonly where: string;
	/** Opens a RESP2 connection. */
	readonly open: (handlers: ConnectionHandlers) => NodeConnection;
	readonly backoff: Backoff;
	/** For each command of the set-up and for each ping. */
	readonly deadlineMs: number;
	readonly pingMs: number;
	readonly topic: string;
	/** Has Redis tell of every change of a key that begins so, on this very connection. */
	readonly trackPrefix?: string | undefined;
	/** Subscribed; again after every reconnect. */
	readonly onReady: (clientId: number, dataSet: string | undefined) => void;
	/** Redis cannot, or may not, tell. Nothing more is tried until the connection was lost and is back. */
	readonly onRefused?: (reason: string) => void;
	/** It was subscribed: from here on messages may be missed. */
	readonly onLost: (reason: string) => void;
	/** A bulk string, or for invalidations a list of keys or null. */
	readonly onMessage: (message: unknown) => void;
};

type State = 'connecting' | 'subscribed' | 'refused' | 'closed';

/** A connection of its own that is subscribed to one topic. It pings, is destroyed when a ping goes unanswered, and comes back by itself. */
export class Subscription {
	readonly #options: SubscriptionOptions;
	readonly #channel: CommandChannel;
	readonly #keeper: ConnectionKeeper;
	readonly #pings: NodeJS.Timeout;
	#state: State = 'connecting';

	constructor(options: SubscriptionOptions) {
		this.#options = options;
		this.#channel = new CommandChannel({
			where: options.where,
			capacity: 8,
			missedDeadlines: 1,
			traffic: {inFlight: 0},
			onUnresponsive: () => this.reset(`no answer to a ping within ${options.deadlineMs} ms`),
		});
		this.#keeper = new ConnectionKeeper((handlers) => this.#open(handlers), options.backoff, {
			onReady: (connection) => void this.#subscribe(connection),
			onLost: (_connection, reason) => this.#lost(reason),
		});
		this.#pings = setInterval(() => this.#ping(), options.pingMs).unref();
	}

	/** Destroys the socket and opens a new one. */
	reset(reason: string): void {
		this.#keeper.reset(reason);
	}

	/** No handler is called afterwards. */
	close(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		clearInterval(this.#pings);
		this.#channel.detach(new ConnectionLostError('The subscription was closed'));
		this.#keeper.close();
	}

	#open(handlers: ConnectionHandlers): Connection {
		const connection = this.#options.open(handlers);
		connection.client.on('messageBuffer', (_topic: Buffer, message: unknown) => {
			if (this.#state !== 'closed') this.#options.onMessage(message);
		});
		return connection;
	}

	async #subscribe(connection: Connection): Promise<void> {
		this.#channel.attach();
		const {deadlineMs, topic, trackPrefix, onReady, onRefused} = this.#options;
		const send = (name: string, args: readonly Argument[]): Promise<unknown> =>
			this.#channel.send(connection, name, args, deadlineMs);
		try {
			// First the id: a subscribed RESP2 connection may not ask for it.
			const id = Number(await send('client', ['ID']));
			let dataSet: string | undefined;
			if (trackPrefix !== undefined) {
				dataSet = await dataSetOf(send).catch(allowRefusal);
				await send('client', ['TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', trackPrefix]);
			}
			await send('subscribe', [topic]);
			if (this.#state !== 'connecting') return;
			this.#state = 'subscribed';
			onReady(id, dataSet);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			if (error instanceof ServerError && error.kind !== 'unavailable' && this.#state === 'connecting') {
				this.#state = 'refused';
				onRefused?.(reason);
			} else connection.destroy(`cannot subscribe: ${reason}`);
		}
	}

	#lost(reason: RedisCacheError): void {
		this.#channel.detach(reason);
		if (this.#state === 'closed') return;
		const before = this.#state;
		this.#state = 'connecting';
		if (before === 'subscribed') this.#options.onLost(reason.message);
	}

	#ping(): void {
		const {state} = this.#keeper;
		if (this.#state !== 'subscribed' || state.type !== 'ready' || this.#channel.inFlight > 0) return;
		this.#channel.send(state.connection, 'ping', [], this.#options.deadlineMs).catch(() => {
			// The channel has the connection destroyed, and `onLost` tells of it.
		});
	}
}

/** A user who may not ask is told nothing. */
function allowRefusal(error: unknown): undefined {
	if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
}
