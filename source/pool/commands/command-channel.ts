import {monotonicNow, setImmediate} from '../../time/real-time.js';
import {
	ConnectionLostError,
	NotConnectedError,
	OverloadError,
	type RedisCacheError,
	type ServerError,
} from '../errors.js';
import {loopNow} from '../loop-clock.js';
import type {Argument, ReplyReceiver} from '../types.js';
import {ChannelFigures} from './channel-figures.js';
import {CommandList} from './command-list.js';
import {DeadlineWatch, deadlineError} from './deadline-watch.js';
import type {ErrorReplies} from './error-replies.js';
import {PendingCommand} from './pending-command.js';
import {PendingPipeline, type PipelineObserver} from './pending-pipeline.js';
import {isReplyError, prefixOf, toServerError} from './reply-error.js';

/**
 * With this many replies due in the pool, written commands are flushed after all sockets have been read, and not at the end of
 * the callback: the replies of several lanes then cause one batch for each lane instead of many small ones. Measured with 64
 * callers on four lanes: a third more throughput; with fewer replies due, a loss.
 */
const busyFrom = 6;

/**
 * A connection is replaced if the first reply due on it is this many deadlines late, even if bytes arrive: it transfers only
 * replies whose callers have given up, and they pile up in the output buffer of Redis.
 */
const maxLateDeadlines = 10;

/** The part of a connection that writes commands. */
export type CommandWriter = {
	/** Encodes the command, or each of a pipeline, at once, or rejects it. */
	write(command: PendingCommand): void;
	/** Bytes read from its sockets so far. */
	readonly bytesRead: number;
	/** Holds written bytes back until `uncork`, so that all commands of one turn leave in one system call. */
	cork(): void;
	uncork(): void;
};

/** Units (commands and pipelines) in flight on all channels that share this object. */
export type Traffic = {inFlight: number};

/** A command, and the milliseconds in which it has to be answered. */
export type CommandToSend = {
	readonly name: string;
	readonly args: readonly Argument[];
	readonly deadlineMs: number;
};

export type ChannelOptions = {
	/** For error messages. */
	readonly redactedUrl: string;
	/** Replies that may be due at one time, not counting upkeep; beyond that, `send` rejects with `OverloadError`. */
	readonly capacity: number;
	/** Deadlines missed in a row until `onUnresponsive`. */
	readonly missedDeadlines: number;
	/** Shared by the lanes of a pool. */
	readonly traffic: Traffic;
	/** Shared by all connections of a pool. */
	readonly errorReplies: ErrorReplies;
	/**
	 * Called when `missedDeadlines` commands in a row have missed their deadlines. Only the commands of this one connection
	 * count, and the only effect is that the connection is replaced. The circuit breaker of the cache (`breaker.consecutive`,
	 * in `cache/outage/health/breaker.ts`) counts calls over all lanes, and stops the use of Redis.
	 */
	readonly onUnresponsive: (reason: string) => void;
};

/**
 * The commands in flight on one connection, and on its successors after a reconnect, with their deadlines.
 *
 * Invariants: the list holds exactly the commands whose replies are due, in the order they were sent; those from
 * `#firstUnflushed` on are not written yet.
 */
export class CommandChannel implements PipelineObserver {
	readonly figures = new ChannelFigures();
	readonly #options: ChannelOptions;
	readonly #list = new CommandList();
	readonly #watch = new DeadlineWatch(() => this.#expire());
	/** Replies that are due: more than the list has commands, if there are pipelines. */
	#due = 0;
	/** The part of `#due` that is upkeep. */
	#dueToUpkeep = 0;
	#firstUnflushed: PendingCommand | undefined;
	/** The connection that commands were last written to. */
	#writer: CommandWriter | undefined;
	/** The command that is being handed to ioredis. If it is rejected meanwhile, it was not sent. */
	#writing: PendingCommand | undefined;
	/** Deadlines missed since the last reply. */
	#missedInARow = 0;
	/**
	 * Loop time until which all missed deadlines count as one, since their commands were in flight together. A server that
	 * pauses for one deadline is no reason for a new connection.
	 */
	#silenceEndsAt = 0;
	#idleListeners: (() => void)[] = [];

	constructor(options: ChannelOptions) {
		this.#options = options;
	}

	/** Replies that are due, those of abandoned commands included. */
	get inFlight(): number {
		return this.#due;
	}

	/** Age in milliseconds of the oldest command that is not answered; 0 if nothing is in flight. */
	get waitingMs(): number {
		const {first} = this.#list;
		return first === undefined || first === this.#firstUnflushed ? 0 : monotonicNow() - first.sentAt;
	}

	/** Prepares for a new connection. */
	attach(): void {
		this.#missedInARow = 0;
	}

	/** The connection is lost: fails every command in flight. */
	detach(reason: RedisCacheError): void {
		this.#firstUnflushed = undefined;
		this.#options.traffic.inFlight -= this.#list.length;
		for (let command = this.#list.shift(); command !== undefined; command = this.#list.shift()) {
			this.figures.failed(command, command.missing);
			this.#reject(command, reason);
			command.phase = 'done';
		}
		this.#due = 0;
		this.#dueToUpkeep = 0;
		this.#watch.clear();
		this.#notifyIdle();
	}

	/** Call only while a connection is attached. */
	send(writer: CommandWriter, name: string, args: readonly Argument[], deadlineMs: number): Promise<unknown> {
		return new Promise((resolve, reject) =>
			this.sendFor({onReply: resolve, onError: reject}, writer, {name, args, deadlineMs}),
		);
	}

	/** Like `send`, with a receiver instead of a promise. */
	sendFor(receiver: ReplyReceiver, writer: CommandWriter, {name, args, deadlineMs}: CommandToSend): void {
		if (this.#hasRoom(1)) this.#send(writer, new PendingCommand(this, name, args, deadlineMs, receiver));
		else receiver.onError(this.#overload(name), 0);
	}

	/**
	 * Like `sendFor`, for upkeep commands: they are never rejected at capacity, and do not count against it. Their senders keep
	 * few of them in flight.
	 */
	sendUpkeep(receiver: ReplyReceiver, writer: CommandWriter, {name, args, deadlineMs}: CommandToSend): void {
		const command = new PendingCommand(this, name, args, deadlineMs, receiver);
		command.isUpkeep = true;
		this.#dueToUpkeep++;
		this.#send(writer, command);
	}

	/**
	 * Sends several commands of one name as one unit. Never rejects: resolves with a reply or an error for each. Call only while
	 * a connection is attached.
	 */
	sendEach(
		writer: CommandWriter,
		name: string,
		argumentLists: readonly (readonly Argument[])[],
		deadlineMs: number,
	): Promise<readonly unknown[]> {
		if (argumentLists.length === 0) return Promise.resolve([]);
		if (!this.#hasRoom(argumentLists.length)) {
			const error = this.#overload(name);
			return Promise.resolve(argumentLists.map(() => error));
		}
		return new Promise((resolve, reject) => {
			const receiver = {onReply: (replies: unknown) => resolve(replies as readonly unknown[]), onError: reject};
			this.#send(writer, new PendingPipeline(this, name, argumentLists, deadlineMs, receiver));
		});
	}

	#hasRoom(count: number): boolean {
		return this.#due - this.#dueToUpkeep + count <= this.#options.capacity;
	}

	#send(writer: CommandWriter, command: PendingCommand): void {
		this.#list.append(command);
		this.#due += command.size;
		this.#options.traffic.inFlight++;
		this.figures.commands += command.size;
		if (this.#firstUnflushed === undefined) {
			this.#firstUnflushed = command;
			writer.cork();
			if (this.#options.traffic.inFlight < busyFrom) process.nextTick(flush, this, writer);
			else setImmediate(flush, this, writer);
		}
		this.#writing = command;
		writer.write(command);
		this.#writing = undefined;
	}

	/** Fails every command now. Their replies are still due, and are ignored when they arrive. */
	abandon(reason: Error): void {
		for (let command = this.#list.first; command !== undefined; command = command.next) this.#reject(command, reason);
	}

	/** Calls back once nothing is in flight. */
	onceIdle(listener: () => void): void {
		this.#idleListeners.push(listener);
		if (this.#list.length === 0) this.#notifyIdle();
	}

	/** Writes all commands of this turn of the event loop. Their deadlines start now. */
	flush(writer: CommandWriter): void {
		const now = monotonicNow();
		const loopTime = loopNow(now);
		const {bytesRead} = writer;
		this.#writer = writer;
		let earliest = Number.POSITIVE_INFINITY;
		let count = 0;
		for (let command = this.#firstUnflushed; command !== undefined; command = command.next) {
			command.sentAt = now;
			command.readBefore = bytesRead;
			command.deadlineAt = loopTime + command.deadlineMs;
			if (command.deadlineAt < earliest) earliest = command.deadlineAt;
			count += command.size;
		}
		this.#firstUnflushed = undefined;
		writer.uncork();
		if (count === 0) return;
		this.figures.rate.add(count, now);
		this.#watch.arm(earliest, loopTime);
	}

	onReply(command: PendingCommand): number {
		if (command.phase === 'done') return 0;
		this.#missedInARow = 0;
		const at = this.figures.answered(command, this.#list.length === 1);
		this.#remove(command);
		return at;
	}

	onFailure(command: PendingCommand, error: Error): void {
		if (command.phase === 'done') return;
		if (isReplyError(error)) this.#reject(command, this.onErrorReply(command, error));
		else {
			this.figures.failed(command, command.missing);
			this.#reject(command, this.#toConnectionError(error, command));
		}
		this.#remove(command);
	}

	onErrorReply(command: PendingCommand, error: Error): ServerError {
		this.#missedInARow = 0;
		this.#options.errorReplies.add(command.name, prefixOf(error.message));
		this.figures.failed(command, 1);
		return toServerError(error);
	}

	/** Settles every command whose deadline had passed before the sockets were read. */
	#expire(): void {
		const now = monotonicNow();
		const loopTime = loopNow(now);
		const bytesRead = this.#writer?.bytesRead ?? 0;
		let earliest = Number.POSITIVE_INFINITY;
		for (
			let command = this.#list.first;
			command !== undefined && command !== this.#firstUnflushed;
			command = command.next
		) {
			if (this.#watch.isMissed(command)) {
				command.deadlineAt = Number.POSITIVE_INFINITY;
				command.missedAt = loopTime;
				const error = deadlineError(command, now - command.sentAt, bytesRead - command.readBefore);
				if (!error.isTransfer && this.#missedInARow++ === 0) this.#silenceEndsAt = loopTime + command.deadlineMs;
				this.figures.missed(command);
				this.#reject(command, error);
			} else if (command.deadlineAt < earliest) {
				earliest = command.deadlineAt;
			}
		}
		const {missedDeadlines} = this.#options;
		const isDue = this.#missedInARow >= missedDeadlines;
		const isOneSilence = missedDeadlines > 1 && loopTime < this.#silenceEndsAt;
		if (isDue && isOneSilence) earliest = Math.min(earliest, this.#silenceEndsAt);
		if (earliest !== Number.POSITIVE_INFINITY) this.#watch.arm(earliest, loopTime);
		if (this.#isClogged(loopTime)) {
			this.#giveUp(`nothing but late replies for ${maxLateDeadlines} deadlines`);
			return;
		}
		if (isDue && !isOneSilence) this.#giveUp(`${this.#missedInARow} deadlines missed in a row`);
	}

	#isClogged(loopTime: number): boolean {
		const {first} = this.#list;
		return first !== undefined && loopTime - first.missedAt >= maxLateDeadlines * first.deadlineMs;
	}

	/** The callers get their `DeadlineError`s before the connection is destroyed, and not a `ConnectionLostError`. */
	#giveUp(reason: string): void {
		this.#missedInARow = 0;
		queueMicrotask(() => this.#options.onUnresponsive(reason));
	}

	#overload(name: string): OverloadError {
		return new OverloadError(
			`${name} was not sent: ${this.#due - this.#dueToUpkeep} commands are in flight already; raise capacity or lanes`,
		);
	}

	#toConnectionError(error: Error, command: PendingCommand): RedisCacheError {
		const name = command.name.toUpperCase();
		const {redactedUrl} = this.#options;
		if (command === this.#writing) {
			return new NotConnectedError(`${name} was not sent: the connection to ${redactedUrl} is gone`, {cause: error});
		}
		return new ConnectionLostError(
			`Connection to ${redactedUrl} was lost before ${name} was answered: ${error.message}`,
			{cause: error},
		);
	}

	#reject(command: PendingCommand, reason: Error): void {
		if (command.phase !== 'pending') return;
		command.phase = 'abandoned';
		command.fail(reason);
	}

	#remove(command: PendingCommand): void {
		if (command === this.#firstUnflushed) this.#firstUnflushed = command.next;
		this.#list.remove(command);
		command.phase = 'done';
		this.#due -= command.size;
		if (command.isUpkeep) this.#dueToUpkeep--;
		this.#options.traffic.inFlight--;
		if (this.#list.length === 0 && this.#idleListeners.length > 0) this.#notifyIdle();
	}

	#notifyIdle(): void {
		const listeners = this.#idleListeners;
		this.#idleListeners = [];
		for (const listener of listeners) listener();
	}
}

/** A function that takes the channel as an argument, instead of a closure for each turn. */
function flush(channel: CommandChannel, writer: CommandWriter): void {
	channel.flush(writer);
}
