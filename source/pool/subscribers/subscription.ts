import {clearInterval, clearTimeout, setInterval, setTimeout} from '../../time/real-time.js';
import {CommandChannel} from '../commands/command-channel.js';
import {ErrorReplies} from '../commands/error-replies.js';
import {malformedReply} from '../commands/reply-error.js';
import type {Connection, ConnectionHandlers} from '../connection/connection.js';
import {ConnectionKeeper} from '../connection/connection-keeper.js';
import type {NodeConnection} from '../connection/node-connection.js';
import {ConnectionLostError, type RedisCacheError, ServerError} from '../errors.js';
import {IdlePace} from '../idle-pace.js';
import type {Login} from '../redis-url.js';
import {RefusalPause} from '../refusal-pause.js';
import type {Argument} from '../types.js';
import {dataSetOf} from './data-set.js';
import {logIn} from './log-in.js';
import type {SubscriptionOptions} from './subscription-options.js';

type State = 'connecting' | 'subscribed' | 'refused' | 'closed';

/**
 * A subscription to one channel. It sends pings, replaces the connection when one is not answered, and reconnects by itself.
 */
export class Subscription {
	readonly #options: SubscriptionOptions;
	readonly #channel: CommandChannel;
	readonly #keeper: ConnectionKeeper;
	readonly #pingTimer: NodeJS.Timeout;
	readonly #pace: IdlePace;
	#state: State = 'connecting';
	#isSurveying = false;
	/** True if the survey must be repeated after the one that is under way. */
	#isSurveyDue = false;
	#maySurvey = true;
	readonly #refusalPause = new RefusalPause();
	/** Runs until a refused command is tried again. */
	#refusalTimer: NodeJS.Timeout | undefined;
	#unfollow = () => {};

	constructor(options: SubscriptionOptions) {
		this.#options = options;
		this.#pace = new IdlePace(options.isIdle ?? (() => false));
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

	/**
	 * Repeats the survey. @returns False if the user lacks the right. A connection that is not subscribed yet will do it
	 * anyway.
	 */
	survey(): boolean {
		const {state} = this.#keeper;
		if (this.#options.survey === undefined || !this.#maySurvey) return false;
		if (this.#state === 'subscribed' && state.type === 'ready' && !this.#isSurveying)
			void this.#surveyAgain(state.connection);
		else this.#isSurveyDue = true;
		return true;
	}

	/** After this, no handler is called. */
	close(): void {
		if (this.#state === 'closed') return;
		this.#state = 'closed';
		clearInterval(this.#pingTimer);
		clearTimeout(this.#refusalTimer);
		this.#unfollow();
		this.#channel.detach(new ConnectionLostError('The subscription was closed'));
		this.#keeper.close();
	}

	#open(handlers: ConnectionHandlers): Connection {
		const connection = this.#options.open(handlers);
		// Emitted only if ioredis reads the replies itself: see `takeReplies`.
		connection.client.on('messageBuffer', (_topic: Buffer, message: unknown) => this.#onMessage(message));
		return connection;
	}

	#onMessage(message: unknown): void {
		if (this.#state !== 'closed') this.#options.onMessage(message);
	}

	async #subscribe(connection: Connection): Promise<void> {
		connection.readReplies((message) => this.#onMessage(message));
		this.#channel.attach();
		this.#maySurvey = true;
		const {deadlineMs, asksDataSet, trackPrefix, onReady, onRefused} = this.#options;
		const send = (name: string, args: readonly Argument[]): Promise<unknown> =>
			this.#channel.send(connection, name, args, deadlineMs);
		try {
			// CLIENT ID comes first: a subscribed RESP2 connection cannot send it.
			const id = Number(await send('client', ['ID']));
			const dataSet = asksDataSet === true ? await dataSetOf(send).catch(ignoreRefusal) : undefined;
			if (trackPrefix !== undefined) {
				const reply = await send('client', ['TRACKING', 'ON', 'REDIRECT', id, 'BCAST', 'PREFIX', trackPrefix]);
				if (String(reply) !== 'OK') throw malformedReply('CLIENT TRACKING was not answered with OK');
			}
			await this.#surveyAndSubscribe(connection);
			if (this.#state !== 'connecting') return;
			this.#state = 'subscribed';
			this.#refusalPause.granted();
			this.#follow(connection as NodeConnection, () => onReady(id, dataSet));
			onReady(id, dataSet);
			// A message may have arrived in the turn in which the connection was subscribed.
			if (this.#isSurveyDue) this.survey();
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			if (error instanceof ServerError && error.kind !== 'unavailable' && this.#state === 'connecting') {
				this.#state = 'refused';
				if (error.kind === 'denied') this.#askAgainSoon();
				onRefused?.(reason);
			} else connection.destroy(`cannot subscribe: ${reason}`);
		}
	}

	/** With a new connection: on the old one, Redis may have accepted some of the commands. */
	#askAgainSoon(): void {
		const again = () => this.reset('asks again for what this user was refused');
		this.#refusalTimer = setTimeout(again, this.#refusalPause.refused()).unref();
	}

	/** Sent in one packet, to leave the least time in which an announcement is missed. */
	async #surveyAndSubscribe(connection: Connection): Promise<void> {
		const {deadlineMs, topic, survey} = this.#options;
		const send = (name: string, args: readonly Argument[]) => this.#channel.send(connection, name, args, deadlineMs);
		const asked = this.#maySurvey ? (survey?.commands ?? []).map(([name, args]) => send(name, args)) : [];
		const [replies] = await Promise.all([Promise.all(asked).catch(ignoreRefusal), send('subscribe', [topic])]);
		if (this.#state === 'closed') return;
		if (replies === undefined) this.#maySurvey = false;
		else if (replies.length > 0) survey?.onReplies(replies);
	}

	/** A subscribed RESP2 connection cannot send other commands, so it unsubscribes for the survey. */
	async #surveyAgain(connection: Connection): Promise<void> {
		const {deadlineMs, topic} = this.#options;
		this.#isSurveying = true;
		try {
			do {
				this.#isSurveyDue = false;
				await this.#channel.send(connection, 'unsubscribe', [topic], deadlineMs);
				await this.#surveyAndSubscribe(connection);
			} while (this.#isSurveyDue);
		} catch {
			connection.destroy('its questions were not answered');
		} finally {
			this.#isSurveying = false;
		}
	}

	/** @param onReady Called when the connection is subscribed again. */
	#follow(connection: NodeConnection, onReady: () => void): void {
		const {credentials, deadlineMs, topic, onLost} = this.#options;
		if (credentials === undefined) return;
		const send = (name: string, args: readonly Argument[]) => this.#channel.send(connection, name, args, deadlineMs);
		this.#unfollow = credentials.follow({
			get login() {
				return connection.login;
			},
			// A subscribed RESP2 connection cannot send AUTH, so it unsubscribes for that. Messages in between are lost.
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
		clearTimeout(this.#refusalTimer);
		this.#channel.detach(reason);
		if (this.#state === 'closed') return;
		const before = this.#state;
		this.#state = 'connecting';
		if (before === 'subscribed') this.#options.onLost(reason.message);
	}

	#ping(): void {
		if (this.#pace.skips()) return;
		const {state} = this.#keeper;
		if (this.#state !== 'subscribed' || state.type !== 'ready' || this.#channel.inFlight > 0) return;
		if (this.survey()) return;
		this.#channel.send(state.connection, 'ping', [], this.#options.deadlineMs).catch(() => {
			// Nothing to do: the channel destroys the connection, and `onLost` reports it.
		});
	}
}

/** If the user lacks the right to ask, the data set is unknown. */
function ignoreRefusal(error: unknown): undefined {
	if (!(error instanceof ServerError) || error.kind === 'unavailable') throw error;
}
