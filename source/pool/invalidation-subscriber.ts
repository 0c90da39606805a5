import type {Backoff} from './backoff.js';
import {CommandChannel} from './command-channel.js';
import type {Connection, ConnectionHandlers} from './connection.js';
import {ConnectionKeeper} from './connection-keeper.js';
import {ConnectionLostError, type RedisCacheError} from './errors.js';
import type {NodeConnection} from './node-connection.js';
import type {Subscriber, SubscriberHandlers} from './types.js';

const CHANNEL = '__redis__:invalidate';
const PING_MS = 500;

export type SubscriberOptions = {
	/** Redacted URL. */
	readonly where: string;
	readonly open: (handlers: ConnectionHandlers) => NodeConnection;
	readonly backoff: Backoff;
	/** For `CLIENT ID`, `SUBSCRIBE` and each ping. */
	readonly deadlineMs: number;
	readonly handlers: SubscriberHandlers;
	readonly onClose: (subscriber: Subscriber) => void;
};

type State = 'connecting' | 'subscribed' | 'closed';

/** Receives which keys have changed, for `CLIENT TRACKING … REDIRECT`. */
export class InvalidationSubscriber implements Subscriber {
	readonly #options: SubscriberOptions;
	readonly #channel: CommandChannel;
	readonly #keeper: ConnectionKeeper;
	readonly #pings: NodeJS.Timeout;
	#state: State = 'connecting';

	constructor(options: SubscriberOptions) {
		this.#options = options;
		this.#channel = new CommandChannel({
			where: options.where,
			capacity: 8,
			missedDeadlines: 1,
			onUnresponsive: () => this.#keeper.reset(`no answer to a ping within ${options.deadlineMs} ms`),
		});
		this.#keeper = new ConnectionKeeper((handlers) => this.#open(handlers), options.backoff, {
			onReady: (connection) => void this.#subscribe(connection),
			onLost: (_connection, reason) => this.#lost(reason),
		});
		this.#pings = setInterval(() => this.#ping(), PING_MS).unref();
	}

	close(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		clearInterval(this.#pings);
		this.#channel.detach(new ConnectionLostError('The subscriber was closed'));
		this.#keeper.close();
		this.#options.onClose(this);
	}

	#open(handlers: ConnectionHandlers): Connection {
		const connection = this.#options.open(handlers);
		connection.client.on('messageBuffer', (_channel: Buffer, message: unknown) => this.#onMessage(message));
		return connection;
	}

	async #subscribe(connection: Connection): Promise<void> {
		this.#channel.attach();
		const {deadlineMs, handlers} = this.#options;
		try {
			const id = await this.#channel.send(connection, 'client', ['ID'], deadlineMs);
			await this.#channel.send(connection, 'subscribe', [CHANNEL], deadlineMs);
			if (this.#state !== 'connecting') return;
			this.#state = 'subscribed';
			handlers.onReady(Number(id));
		} catch (error) {
			connection.destroy(`cannot subscribe: ${error instanceof Error ? error.message : String(error)}`);
		}
	}

	#lost(reason: RedisCacheError): void {
		this.#channel.detach(reason);
		if (this.#state !== 'subscribed') return;
		this.#state = 'connecting';
		this.#options.handlers.onLost(reason.message);
	}

	#onMessage(message: unknown): void {
		if (this.#state === 'closed') return;
		this.#options.handlers.onInvalidate(Array.isArray(message) ? (message as readonly Buffer[]) : undefined);
	}

	#ping(): void {
		const {state} = this.#keeper;
		if (this.#state !== 'subscribed' || state.type !== 'ready' || this.#channel.inFlight > 0) return;
		this.#channel.send(state.connection, 'ping', [], this.#options.deadlineMs).catch(() => {
			// The channel has the connection destroyed, and `onLost` tells of it.
		});
	}
}
