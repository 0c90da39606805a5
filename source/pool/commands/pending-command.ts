import type {Argument, ReplyReceiver} from '../types.js';
import {encodeCommand} from './encode-command.js';

/** Learns the outcome of a command from ioredis: one of the two is called, once. */
export type CommandObserver = {
	/** @returns When it was read, in milliseconds of the monotonic clock. */
	onReply(command: PendingCommand): number;
	/** An error reply, or the connection is gone. */
	onFailure(command: PendingCommand, error: Error): void;
};

/**
 * - `pending`: its caller waits.
 * - `abandoned`: its caller has been given an error by a deadline or by `abandon`, but its reply is still due. Replies come
 *   in the order of the commands, so it stays in the list until then.
 * - `done`: no longer in the list. Nothing that ioredis does with it has an effect.
 */
export type CommandPhase = 'pending' | 'abandoned' | 'done';

/**
 * A command in flight.
 *
 * It stands in for the `Command` of ioredis, and has no more than what ioredis asks of one that is written to a stream: without
 * transformers, time-outs and callbacks it takes a third of the time. Replies stay in their RESP2 shape: ioredis would turn that
 * of HGETALL, for instance, into an object. It is its own list node, so that a reply in the middle, as a cluster gives, is
 * removed in constant time.
 */
export class PendingCommand {
	phase: CommandPhase = 'pending';
	previous: PendingCommand | undefined = undefined;
	next: PendingCommand | undefined = undefined;
	/** When it was written to the socket, in milliseconds of the monotonic clock. */
	sentAt = 0;
	/** Bytes that had been read from the connection before. */
	readBefore = 0;
	/** In loop time. `Infinity` before it is written, and once the deadline was missed. */
	deadlineAt = Number.POSITIVE_INFINITY;
	/** Times that sockets were read without its reply, once the deadline had passed by the monotonic clock. */
	readsInVain = 0;
	/** True if it takes no room from the commands of callers. */
	isUpkeep = false;
	/** Loop time at which the deadline was missed. `Infinity`: it was not. */
	missedAt = Number.POSITIVE_INFINITY;
	/** ioredis sets it once it has published the command on its diagnostics channel. */
	isTraced = false;
	/** ioredis asks for it when the connection is lost. */
	readonly inTransaction = false;

	constructor(
		protected readonly observer: CommandObserver,
		readonly name: string,
		readonly args: readonly Argument[],
		readonly deadlineMs: number,
		protected readonly receiver: ReplyReceiver,
	) {}

	/** Number of replies that are due. */
	get size(): number {
		return 1;
	}

	/** Number of those that are not there yet. */
	get missing(): number {
		return 1;
	}

	/** Gives the caller an error in place of a reply. Call it once, and only while it waits. */
	fail(error: Error): void {
		this.receiver.onError(error, this.sentAt);
	}

	/** Called by ioredis. */
	toWritable(): string | Buffer {
		return encodeCommand(this.name, this.args);
	}

	/** Called by ioredis. The shape of the reply depends on nothing that it knows. */
	setReplyContext(): void {}

	/** Called by ioredis. */
	resolve(reply: unknown): void {
		const isAwaited = this.phase === 'pending';
		const at = this.observer.onReply(this);
		if (isAwaited) this.receiver.onReply(reply, at);
	}

	/** Called by ioredis. */
	reject(error: Error): void {
		this.observer.onFailure(this, error);
	}
}
