import {clearInterval, setInterval} from '../../time/real-time.js';
import {CommandChannel} from '../commands/command-channel.js';
import {ErrorReplies} from '../commands/error-replies.js';
import {bentReply, isReplyError, toServerError} from '../commands/reply-error.js';
import type {Backoff} from '../connection/backoff.js';
import type {Connection, ConnectionHandlers} from '../connection/connection.js';
import {ConnectionKeeper} from '../connection/connection-keeper.js';
import type {CredentialSource} from '../connection/credentials.js';
import type {NodeConnection} from '../connection/node-connection.js';
import {ConnectionLostError, type RedisCacheError, ServerError} from '../errors.js';
import {LoopTimeout} from '../loop-clock.js';
import type {Login} from '../redis-url.js';
import type {Argument} from '../types.js';
import {dataSetOf} from './data-set.js';

export type SubscriptionOptions = {
	/** For error messages. */
	readonly redactedUrl: string;
	/** Opens a RESP2 connection. */
	readonly open: (handlers: ConnectionHandlers) => NodeConnection;
	/** Default: those that it was opened with. */
	readonly credentials?: CredentialSource | undefined;
	readonly backoff: Backoff;
	/** Shared by all connections of the pool to the same server. Default: those of a sentinel are not counted. */
	readonly errorReplies?: ErrorReplies;
	/** For each command that sets it up, and for each ping. */
	readonly deadlineMs: number;
	readonly pingMs: number;
	/** True while a fifth of the pings is enough. Default: never. */
	readonly isIdle?: (() => boolean) | undefined;
	readonly topic: string;
	/** Makes Redis announce every change of a key with this prefix on this connection (`CLIENT TRACKING … BCAST`). */
	readonly trackPrefix?: string | undefined;
	/** Called when it is subscribed, and again after every reconnect. For `dataSet` see `dataSetOf`. */
	readonly onReady: (clientId: number, dataSet: string | undefined) => void;
	/** Redis has refused the subscription. It is tried again only after a reconnect. */
	readonly onRefused?: (reason: string) => void;
	/** It was subscribed, and the connection is gone: from now on messages may be missed. */
	readonly onLost: (reason: string) => void;
	/** A bulk string; for invalidations, a list of keys or null. */
	readonly onMessage: (message: unknown) => void;
};

const idleFactor = 5;

type State = 'connecting' | 'subscribed' | 'refused' | 'closed';

/**
 * A connection that is subscribed to one topic. It sends pings, destroys the connection when one is not answered, and
 * reconnects by itself.
 */
export class Subscription {
	readonly #options: SubscriptionOptions;
	readonly #channel: CommandChannel;
	readonly #keeper: ConnectionKeeper;
	readonly #pingTimer: NodeJS.Timeout;
	#state: State = 'connecting';
	#skippedPings = 0;
	#unfollow = () => {};

	constructor(options: SubscriptionOptions) {
		this.#options = options;
		this.#channel = new CommandChannel({
			redactedUrl: options.redactedUrl,
			capacity: 8,
			missedDeadlines: 1,
			traffic: {inFlight: 0},
			errorReplies: options.errorReplies ?? new ErrorReplies(),
			onUnresponsive: () => this.reset(`no answer to a ping within ${options.deadlineMs} ms`),
		});
		this.#keeper = new ConnectionKeeper((handlers) => this.#open(handlers), options.backoff, {
			onReady: (connection) => void this.#subscribe(connection),
			onLost: (_connection, reason) => this.#onLost(reason),
		});
		this.#pingTimer = setInterval(() => this.#ping(), options.pingMs).unref();
	}

	/** Destroys the socket and opens a new one. */
	reset(reason: string): void {
		this.#keeper.reset(reason);
	}

	/** After this, no handler is called. */
	close(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		clearInterval(this.#pingTimer);
		this.#unfollow();
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
			// The id first: a subscribed RESP2 connection may not ask for it.
			const id = Number(await send('client', ['ID']));
			let dataSet: string | undefined;
			if (trackPrefix !== undefined) {
				dataSet = await dataSetOf(send).catch(ignoreRefusal);
				const reply = await send('client', ['TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', trackPrefix]);
				if (String(reply) !== 'OK') throw bentReply('CLIENT TRACKING was not answered with OK');
			}
			await send('subscribe', [topic]);
			if (this.#state !== 'connecting') return;
			this.#state = 'subscribed';
			this.#follow(connection as NodeConnection, () => onReady(id, dataSet));
			onReady(id, dataSet);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			if (error instanceof ServerError && error.kind !== 'unavailable' && this.#state === 'connecting') {
				this.#state = 'refused';
				onRefused?.(reason);
			} else connection.destroy(`cannot subscribe: ${reason}`);
		}
	}

	/** @param onReady Called when it is subscribed again. */
	#follow(connection: NodeConnection, onReady: () => void): void {
		const {credentials, deadlineMs, topic, onLost} = this.#options;
		if (credentials === undefined) return;
		const send = (name: string, args: readonly Argument[]) => this.#channel.send(connection, name, args, deadlineMs);
		this.#unfollow = credentials.follow({
			get login() {
				return connection.login;
			},
			// A subscribed RESP2 connection may not log in. Redis drops the messages of the meantime.
			authenticate: async (latest: () => Login) => {
				if (this.#state !== 'subscribed') return;
				this.#state = 'connecting';
				onLost('new credentials');
				let refusal: Error | undefined;
				try {
					await send('unsubscribe', [topic]);
					refusal = await logIn(connection, latest, deadlineMs);
					await send('subscribe', [topic]);
				} catch (error) {
					connection.destroy('it could not log in with new credentials');
					throw error;
				}
				if (this.#state !== 'connecting') return;
				this.#state = 'subscribed';
				onReady();
				if (refusal !== undefined) throw refusal;
			},
		});
	}

	#onLost(reason: RedisCacheError): void {
		this.#unfollow();
		this.#channel.detach(reason);
		if (this.#state === 'closed') return;
		const before = this.#state;
		this.#state = 'connecting';
		if (before === 'subscribed') this.#options.onLost(reason.message);
	}

	#ping(): void {
		if (this.#options.isIdle?.() === true && ++this.#skippedPings < idleFactor) return;
		this.#skippedPings = 0;
		const {state} = this.#keeper;
		if (this.#state !== 'subscribed' || state.type !== 'ready' || this.#channel.inFlight > 0) return;
		this.#channel.send(state.connection, 'ping', [], this.#options.deadlineMs).catch(() => {
			// The channel destroys the connection, and `onLost` reports it.
		});
	}
}

/** @returns Why Redis has refused: the connection keeps the login that it has. Rejects if Redis does not answer. */
async function logIn(connection: NodeConnection, latest: () => Login, deadlineMs: number): Promise<Error | undefined> {
	const timeout = new LoopTimeout(() => connection.destroy(`no answer to AUTH within ${deadlineMs} ms`), deadlineMs);
	try {
		await connection.authenticate(latest);
		return undefined;
	} catch (error) {
		if (isReplyError(error)) return toServerError(error as Error);
		throw error;
	} finally {
		timeout.clear();
	}
}

/** Without the rights to ask, the data set is unknown. */
function ignoreRefusal(error: unknown): undefined {
	if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
}
