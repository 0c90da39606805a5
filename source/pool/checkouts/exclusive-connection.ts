import type {CheckoutSnapshot} from '../../metrics/pool-snapshot.js';
import {unixNow} from '../../time/real-time.js';
import {CommandChannel} from '../commands/command-channel.js';
import type {ErrorReplies} from '../commands/error-replies.js';
import {toServerError} from '../commands/reply-error.js';
import type {Connection, ConnectionHandlers} from '../connection/connection.js';
import type {CredentialSource, Reauthenticable} from '../connection/credentials.js';
import {ClosedError, type RedisCacheError} from '../errors.js';
import type {Login} from '../redis-url.js';
import type {Argument, Checkout, SendOptions} from '../types.js';
import {SessionState} from './session-state.js';

type State =
	| {readonly type: 'connecting'; readonly since: number}
	| {readonly type: 'idle'; readonly since: number}
	| {readonly type: 'busy'; readonly since: number; readonly purpose: string}
	| {readonly type: 'gone'};

export type ExclusiveOptions = {
	readonly id: number;
	/** For error messages. */
	readonly redactedUrl: string;
	readonly deadlineMs: number;
	readonly open: (handlers: ConnectionHandlers) => Connection & Reauthenticable;
	/** `undefined`: the credentials in the URL are used. */
	readonly credentials: CredentialSource | undefined;
	/** Shared by all connections of the pool. */
	readonly errorReplies: ErrorReplies;
	readonly onReady: (connection: ExclusiveConnection) => void;
	/** The connection was lost or destroyed; `was` is its previous state. */
	readonly onGone: (
		connection: ExclusiveConnection,
		was: 'connecting' | 'idle' | 'busy',
		reason: RedisCacheError,
	) => void;
	/** The caller that borrowed the connection has given it back. */
	readonly onReleased: (connection: ExclusiveConnection) => void;
};

/** Commands that one borrower may have in flight. */
const capacity = 1024;

/** A connection that is lent to one caller at a time. */
export class ExclusiveConnection implements Reauthenticable {
	readonly id: number;
	readonly openedAt = unixNow();
	readonly #options: ExclusiveOptions;
	readonly #channel: CommandChannel;
	readonly #connection: Connection & Reauthenticable;
	readonly #session = new SessionState();
	#state: State = {type: 'connecting', since: this.openedAt};
	#hasMissedDeadline = false;
	#unfollow = () => {};
	/** Callbacks that wait until the borrower's transaction is over: a command sent within it would become a part of it. */
	#waiting: (() => void)[] = [];

	constructor(options: ExclusiveOptions) {
		this.id = options.id;
		this.#options = options;
		this.#channel = new CommandChannel({
			redactedUrl: options.redactedUrl,
			capacity,
			missedDeadlines: 1,
			traffic: {inFlight: 0},
			errorReplies: options.errorReplies,
			onUnresponsive: () => {
				this.#hasMissedDeadline = true;
			},
		});
		this.#connection = options.open({
			onReady: () => {
				this.#channel.attach();
				this.#unfollow = options.credentials?.follow(this) ?? (() => {});
				options.onReady(this);
			},
			onDown: (reason) => this.#onDown(reason),
		});
	}

	get state(): State['type'] {
		return this.#state.type;
	}

	/** Unix time in milliseconds at which the connection became idle; `undefined` while it is lent. */
	get idleSince(): number | undefined {
		return this.#state.type === 'idle' ? this.#state.since : undefined;
	}

	/** The reason why the connection cannot be lent again; `undefined` if it can. */
	get unusableReason(): string | undefined {
		if (this.#hasMissedDeadline) return 'a command was not answered in time';
		if (this.#channel.inFlight > 0) return 'a command is in flight';
		return this.#session.unusableReason;
	}

	/** Keeps the connection open for a later borrower. */
	makeIdle(): void {
		this.#state = {type: 'idle', since: unixNow()};
	}

	lend(purpose: string): Checkout {
		const busy: State = {type: 'busy', since: unixNow(), purpose};
		this.#state = busy;
		// Each borrower has its own handle, which does nothing once the connection has been given back.
		const isBorrowed = (): boolean => this.#state === busy;
		return {
			id: this.id,
			send: (command, args, options) =>
				isBorrowed() ? this.#send(command, args, options) : Promise.reject(new ClosedError('This checkout')),
			release: () => {
				if (isBorrowed()) this.#options.onReleased(this);
			},
			destroy: (reason) => {
				if (isBorrowed()) this.destroy(reason);
			},
		};
	}

	get login(): Login | undefined {
		return this.#connection.login;
	}

	async authenticate(latest: () => Login): Promise<void> {
		if (this.#session.isInTransaction) await new Promise<void>((resolve) => this.#waiting.push(resolve));
		if (this.#state.type !== 'gone') await this.#connection.authenticate(latest);
	}

	destroy(reason: string): void {
		this.#connection.destroy(reason);
	}

	snapshot(): CheckoutSnapshot | undefined {
		const state = this.#state;
		if (state.type === 'gone') return undefined;
		const purpose = state.type === 'busy' ? state.purpose : undefined;
		return {id: this.id, state: state.type, purpose, since: state.since, openedAt: this.openedAt};
	}

	#send(command: string, args: readonly Argument[], options: SendOptions | undefined): Promise<unknown> {
		this.#session.observe(command, args);
		const reply = this.#channel.send(this.#connection, command, args, options?.deadlineMs ?? this.#options.deadlineMs);
		if (!this.#session.isInTransaction) this.#leaveTransaction();
		return command.toLowerCase() === 'exec' ? reply.then(convertErrors) : reply;
	}

	#leaveTransaction(): void {
		for (const go of this.#waiting.splice(0)) go();
	}

	#onDown(reason: RedisCacheError): void {
		if (this.#state.type === 'gone') return;
		const was = this.#state.type;
		this.#state = {type: 'gone'};
		this.#unfollow();
		this.#leaveTransaction();
		this.#channel.detach(reason);
		this.#options.onGone(this, was, reason);
	}
}

/** The reply of EXEC is a list, with an error for each command that failed. */
const convertErrors = (reply: unknown): unknown =>
	Array.isArray(reply) ? reply.map((item: unknown) => (item instanceof Error ? toServerError(item) : item)) : reply;
