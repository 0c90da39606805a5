import type {LaneSnapshot, LaneState} from '../../metrics/pool-snapshot.js';
import {clearTimeout, monotonicNow, setTimeout} from '../../time/real-time.js';
import {CommandChannel, type Traffic} from '../commands/command-channel.js';
import type {ErrorReplies} from '../commands/error-replies.js';
import type {Backoff} from '../connection/backoff.js';
import type {ByteCounts, Connection, OpenConnection} from '../connection/connection.js';
import {ConnectionKeeper} from '../connection/connection-keeper.js';
import {reasonOfLoss} from '../connection/lost-connection.js';
import {ClosedError, NotConnectedError, type RedisCacheError} from '../errors.js';
import type {Argument, Lane, LaneEvent, ReplyReceiver, SendOptions} from '../types.js';
import {FollowingReceiver, followEach, type Redirect} from './follow-each.js';

export type LaneOptions = {
	readonly id: number;
	/** Address of its node in a cluster. */
	readonly node?: string | undefined;
	/** For error messages. */
	readonly redactedUrl: string;
	readonly deadlineMs: number;
	readonly capacity: number;
	readonly missedDeadlines: number;
	/** Shared by the lanes of a pool. */
	readonly traffic: Traffic;
	/** Shared by all connections of the pool. */
	readonly errorReplies: ErrorReplies;
	readonly open: OpenConnection;
	readonly backoff: Backoff;
	readonly onEvent: (event: LaneEvent) => void;
	/** A connection could not be opened. */
	readonly onFailed?: () => void;
	/** Called with an error reply. Resolves with the reply of another node, or rejects. Default: rejects. */
	readonly redirect?: Redirect;
};

/** A lane: its current connection, which is replaced when it is lost, and the commands in flight on it. */
export class RedisLane implements Lane {
	readonly id: number;
	readonly node: string | undefined;
	readonly #options: LaneOptions;
	readonly #channel: CommandChannel;
	readonly #keeper: ConnectionKeeper;
	/** The connection that commands are sent to; `undefined` while there is none, and once the lane closes. */
	#ready: Connection | undefined;
	#readyCount = 0;
	/** Bytes read and written on earlier connections. */
	#pastBytes: ByteCounts = {read: 0, written: 0};
	/** Set while a connection is destroyed on purpose: the event is then `reset` instead of `lost`. */
	#resetReason: string | undefined;
	#closing: Promise<void> | undefined;

	constructor(options: LaneOptions) {
		this.id = options.id;
		this.node = options.node;
		this.#options = options;
		this.#channel = new CommandChannel({
			redactedUrl: options.redactedUrl,
			capacity: options.capacity,
			missedDeadlines: options.missedDeadlines,
			traffic: options.traffic,
			errorReplies: options.errorReplies,
			onUnresponsive: (reason) => this.#onUnresponsive(reason),
		});
		this.#keeper = new ConnectionKeeper(options.open, options.backoff, {
			onReady: (connection) => this.#onReady(connection),
			onLost: (connection, reason) => this.#onLost(connection, reason),
			onFailed: (connection) => {
				this.#addBytes(connection);
				options.onFailed?.();
			},
		});
	}

	get state(): LaneState {
		return this.#closing === undefined ? this.#keeper.state.type : 'closed';
	}

	get inFlight(): number {
		return this.#channel.inFlight;
	}

	get waitingMs(): number {
		return this.#channel.waitingMs;
	}

	get lateMs(): number | undefined {
		return this.#channel.figures.lateMs;
	}

	/** The reason why the lane is not ready, if it is known. */
	get reason(): RedisCacheError | undefined {
		return this.#keeper.reason;
	}

	send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown> {
		return new Promise((resolve, reject) => this.sendFor({onReply: resolve, onError: reject}, command, args, options));
	}

	sendFor(receiver: ReplyReceiver, name: string, args: readonly Argument[], options?: SendOptions): void {
		const connection = this.#ready;
		if (connection === undefined) {
			receiver.onError(this.#notReady(name), 0);
			return;
		}
		const {redirect} = this.#options;
		const deadlineMs = options?.deadlineMs ?? this.#options.deadlineMs;
		let following = receiver;
		if (redirect !== undefined) {
			const refused = {lane: this, command: name, args, redirects: options?.redirects ?? 'all', onAsk: options?.onAsk};
			following = new FollowingReceiver(redirect, refused, deadlineMs, receiver);
		}
		const command = {name, args, deadlineMs};
		if (options?.isUpkeep === true) this.#channel.sendUpkeep(following, connection, command);
		else this.#channel.sendFor(following, connection, command);
	}

	async sendEach(
		command: string,
		argumentLists: readonly (readonly Argument[])[],
		options?: SendOptions,
	): Promise<readonly unknown[]> {
		const connection = this.#ready;
		if (connection === undefined) {
			const error = this.#notReady(command);
			return argumentLists.map(() => error);
		}
		const deadlineMs = options?.deadlineMs ?? this.#options.deadlineMs;
		const endsAt = monotonicNow() + deadlineMs;
		const replies = await this.#channel.sendEach(connection, command, argumentLists, deadlineMs);
		const {redirect} = this.#options;
		if (redirect === undefined) return replies;
		const redirects = options?.redirects ?? 'all';
		const refused = {lane: this, command, argumentLists, redirects, onAsk: options?.onAsk, endsAt};
		return followEach(redirect, refused, replies);
	}

	abandon(reason: Error): void {
		this.#channel.abandon(reason);
	}

	reset(reason: string): void {
		this.#resetReason = reason;
		this.#keeper.reset(reason);
		this.#resetReason = undefined;
	}

	/**
	 * Rejects further commands. Resolves once the socket is closed: when nothing is in flight, at the latest after `graceMs`.
	 */
	close(graceMs: number): Promise<void> {
		this.#closing ??= this.#drain(graceMs);
		return this.#closing;
	}

	snapshot(): LaneSnapshot {
		const state = this.#keeper.state;
		const bytes =
			state.type === 'ready' || state.type === 'connecting' ? state.connection.bytes() : {read: 0, written: 0};
		const {inFlight, figures} = this.#channel;
		const node = this.node ?? (state.type === 'ready' ? state.connection.master : undefined);
		return {
			id: this.id,
			...(node === undefined ? {} : {node}),
			state: this.state,
			inFlight,
			capacity: this.#options.capacity,
			commands: figures.commands,
			failures: figures.failures,
			timeouts: figures.timeouts,
			reconnects: Math.max(0, this.#readyCount - 1),
			bytesRead: this.#pastBytes.read + bytes.read,
			bytesWritten: this.#pastBytes.written + bytes.written,
			rate: figures.rate.perSecond(),
			latency: figures.latency.summary(),
			readySince: state.type === 'ready' ? state.since : undefined,
		};
	}

	async #drain(graceMs: number): Promise<void> {
		this.#ready = undefined;
		if (this.#channel.inFlight > 0) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, graceMs);
				this.#channel.onceIdle(() => {
					clearTimeout(timer);
					resolve();
				});
			});
		}
		this.#channel.detach(new ClosedError('The pool'));
		this.#keeper.close();
		this.#options.onEvent({type: 'closed', lane: this});
	}

	#onReady(connection: Connection): void {
		if (this.#closing !== undefined) return;
		this.#readyCount++;
		connection.readReplies();
		this.#channel.attach();
		this.#ready = connection;
		this.#options.onEvent({type: 'ready', lane: this});
	}

	#onLost(connection: Connection, reason: RedisCacheError): void {
		this.#ready = undefined;
		this.#addBytes(connection);
		this.#channel.detach(reason);
		const why = reasonOfLoss(this.#options.redactedUrl, reason.message);
		if (this.#resetReason === undefined) this.#options.onEvent({type: 'lost', lane: this, reason: why});
		else this.#options.onEvent({type: 'reset', lane: this, reason: this.#resetReason});
	}

	#onUnresponsive(reason: string): void {
		const state = this.#keeper.state;
		if (state.type !== 'ready') return;
		this.#resetReason = reason;
		state.connection.destroy(reason);
		this.#resetReason = undefined;
	}

	#addBytes(connection: Connection): void {
		const {read, written} = connection.bytes();
		this.#pastBytes = {read: this.#pastBytes.read + read, written: this.#pastBytes.written + written};
	}

	#notReady(command: string): RedisCacheError {
		if (this.#closing !== undefined) return new ClosedError('The pool');
		const {reason} = this.#keeper;
		const why = reason === undefined ? 'still connecting' : reason.message;
		return new NotConnectedError(`${command.toUpperCase()} was not sent to ${this.#options.redactedUrl}: ${why}`, {
			cause: reason,
		});
	}
}
