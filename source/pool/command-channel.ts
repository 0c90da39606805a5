import {performance} from 'node:perf_hooks';
import {LatencyWindow} from '../metrics/latency-window.js';
import {RateMeter} from '../metrics/rate-meter.js';
import type {Connection} from './connection.js';
import {ConnectionLostError, DeadlineError, NotConnectedError, OverloadError, type RedisCacheError} from './errors.js';
import {PendingCommand} from './pending-command.js';
import {isReplyError, toServerError} from './reply-error.js';
import type {Argument} from './types.js';

/** What setTimeout takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * With this many replies due in the pool, what is written waits until all sockets have been read, and not only until the
 * end of the callback: replies of several lanes then make one batch for each lane instead of many small ones. Measured:
 * a third more at 64 callers over four lanes, a loss below this number.
 */
const BUSY = 6;

/** What the channels of one pool have in flight together. */
export type Traffic = {inFlight: number};

export type ChannelOptions = {
	/** Redacted URL, for error messages. */
	readonly where: string;
	/** Commands whose replies may be due at one time. */
	readonly capacity: number;
	/** Deadlines missed in a row until `onUnresponsive`. */
	readonly missedDeadlines: number;
	/** Shared by channels whose commands come from the same callers. */
	readonly traffic: Traffic;
	readonly onUnresponsive: (reason: string) => void;
};

/**
 * The commands in flight on one connection (or one after the other), and their deadlines.
 *
 * Invariants: the list holds exactly the commands whose replies are due, in the order they were sent; those from
 * `#firstUnflushed` on are still corked. At most one timer runs, and it fires no later than the earliest deadline.
 */
export class CommandChannel {
	readonly latency = new LatencyWindow();
	readonly rate = new RateMeter();
	commands = 0;
	failures = 0;
	timeouts = 0;
	/** Replies that are due, also of commands that were given up. */
	inFlight = 0;

	readonly #options: ChannelOptions;
	#first: PendingCommand | undefined;
	#last: PendingCommand | undefined;
	#firstUnflushed: PendingCommand | undefined;
	/** The command that is being handed to ioredis: rejected meanwhile, it was not sent. */
	#writing: PendingCommand | undefined;
	#missed = 0;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Number.POSITIVE_INFINITY;
	/** The clock of the turn in which replies are read; 0: not read yet. */
	#readAt = 0;
	#idleListeners: (() => void)[] = [];

	constructor(options: ChannelOptions) {
		this.#options = options;
	}

	/** A new connection begins. */
	attach(): void {
		this.#missed = 0;
	}

	/** The connection is gone, and with it every reply that was due. */
	detach(reason: RedisCacheError): void {
		this.#firstUnflushed = undefined;
		let command = this.#first;
		this.#first = undefined;
		this.#last = undefined;
		this.#options.traffic.inFlight -= this.inFlight;
		this.inFlight = 0;
		while (command !== undefined) {
			const {next} = command;
			if (command.phase === 'pending') this.failures++;
			this.#forget(command, reason);
			command.phase = 'over';
			command.previous = undefined;
			command.next = undefined;
			command = next;
		}
		this.#clearTimer();
		this.#notifyIdle();
	}

	/** Call only while a connection is attached. */
	send(connection: Connection, name: string, args: readonly Argument[], deadlineMs: number): Promise<unknown> {
		if (this.inFlight >= this.#options.capacity) {
			return Promise.reject(
				new OverloadError(
					`${name} was not sent: ${this.inFlight} commands are in flight already; raise capacity or lanes`,
				),
			);
		}
		const command = new PendingCommand(this, name, args, deadlineMs);
		command.previous = this.#last;
		if (this.#last === undefined) this.#first = command;
		else this.#last.next = command;
		this.#last = command;
		this.inFlight++;
		this.#options.traffic.inFlight++;
		this.commands++;
		if (this.#firstUnflushed === undefined) {
			this.#firstUnflushed = command;
			connection.cork();
			if (this.#options.traffic.inFlight < BUSY) process.nextTick(flush, this, connection);
			else setImmediate(flush, this, connection);
		}
		this.#writing = command;
		connection.write(command);
		this.#writing = undefined;
		return command.promise;
	}

	/** Settles every promise now; the replies are still awaited and dropped. */
	abandon(reason: Error): void {
		for (let command = this.#first; command !== undefined; command = command.next) this.#forget(command, reason);
	}

	/** Calls back once nothing is in flight. */
	onceIdle(listener: () => void): void {
		this.#idleListeners.push(listener);
		if (this.inFlight === 0) this.#notifyIdle();
	}

	/** Ends the turn: everything sent in it leaves, and its deadlines count from now. */
	flush(connection: Connection): void {
		const now = performance.now();
		let earliest = Number.POSITIVE_INFINITY;
		let count = 0;
		for (let command = this.#firstUnflushed; command !== undefined; command = command.next) {
			command.sentAt = now;
			command.deadlineAt = now + command.deadlineMs;
			if (command.deadlineAt < earliest) earliest = command.deadlineAt;
			count++;
		}
		this.#firstUnflushed = undefined;
		connection.uncork();
		if (count === 0) return;
		this.rate.add(count, now);
		this.#armTimer(earliest, now);
	}

	/** A reply came in. */
	answered(command: PendingCommand): void {
		if (command.phase === 'over') return;
		this.#missed = 0;
		if (command.phase === 'pending') {
			if (this.#readAt === 0) {
				this.#readAt = performance.now();
				process.nextTick(forgetReadTime, this);
			}
			this.latency.record(this.#readAt - command.sentAt, this.#readAt);
		}
		this.#remove(command);
	}

	/** ioredis rejected the command: an error reply, or the connection is lost. */
	failed(command: PendingCommand, error: Error): void {
		if (command.phase === 'over') return;
		const isReply = isReplyError(error);
		if (isReply) this.#missed = 0;
		const mapped = isReply ? toServerError(error) : this.#toConnectionError(error, command);
		if (command.phase === 'pending') this.failures++;
		this.#forget(command, mapped);
		this.#remove(command);
	}

	forgetReadTime(): void {
		this.#readAt = 0;
	}

	#toConnectionError(error: Error, command: PendingCommand): RedisCacheError {
		const name = command.name.toUpperCase();
		const {where} = this.#options;
		if (command === this.#writing) {
			return new NotConnectedError(`${name} was not sent: the connection to ${where} is gone`, {cause: error});
		}
		return new ConnectionLostError(`Connection to ${where} was lost before ${name} was answered: ${error.message}`, {
			cause: error,
		});
	}

	#forget(command: PendingCommand, reason: Error): void {
		if (command.phase !== 'pending') return;
		command.phase = 'forgotten';
		command.fail(reason);
	}

	#remove(command: PendingCommand): void {
		const {previous, next} = command;
		if (previous === undefined) this.#first = next;
		else previous.next = next;
		if (next === undefined) this.#last = previous;
		else next.previous = previous;
		if (command === this.#firstUnflushed) this.#firstUnflushed = next;
		command.phase = 'over';
		command.previous = undefined;
		command.next = undefined;
		this.inFlight--;
		this.#options.traffic.inFlight--;
		if (this.inFlight === 0 && this.#idleListeners.length > 0) this.#notifyIdle();
	}

	#armTimer(at: number, now: number): void {
		if (this.#timer !== undefined && this.#timerAt <= at) return;
		this.#clearTimer();
		this.#timerAt = at;
		this.#timer = setTimeout(onTimer, Math.min(Math.max(1, at - now), MAX_TIMER_MS), this).unref();
	}

	#clearTimer(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#timerAt = Number.POSITIVE_INFINITY;
	}

	/** Gives up every command whose deadline has passed. */
	expire(): void {
		this.#clearTimer();
		const now = performance.now();
		let earliest = Number.POSITIVE_INFINITY;
		let missed = 0;
		for (let command = this.#first; command !== undefined && command !== this.#firstUnflushed; command = command.next) {
			if (command.deadlineAt <= now) {
				command.deadlineAt = Number.POSITIVE_INFINITY;
				missed++;
				if (command.phase === 'pending') this.timeouts++;
				this.#forget(command, new DeadlineError(command.name.toUpperCase(), command.deadlineMs));
			} else if (command.deadlineAt < earliest) {
				earliest = command.deadlineAt;
			}
		}
		if (earliest !== Number.POSITIVE_INFINITY) this.#armTimer(earliest, now);
		if (missed === 0) return;
		this.#missed += missed;
		if (this.#missed < this.#options.missedDeadlines) return;
		const count = this.#missed;
		this.#missed = 0;
		// Who waited for these is told first that the deadline was missed, and not that the connection is gone.
		queueMicrotask(() => this.#options.onUnresponsive(`${count} deadlines missed in a row`));
	}

	#notifyIdle(): void {
		const listeners = this.#idleListeners;
		this.#idleListeners = [];
		for (const listener of listeners) listener();
	}
}

// Named functions with an argument: no closure for each turn.
function flush(channel: CommandChannel, connection: Connection): void {
	channel.flush(connection);
}

function forgetReadTime(channel: CommandChannel): void {
	channel.forgetReadTime();
}

/** After a blocked event loop, replies may lie in the socket unread: they are read before deadlines are judged. */
function onTimer(channel: CommandChannel): void {
	setImmediate(expire, channel);
}

function expire(channel: CommandChannel): void {
	channel.expire();
}
