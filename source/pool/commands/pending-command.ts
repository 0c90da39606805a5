import type {Argument, ReplyReceiver} from '../types.js';
import {encodeCommand} from './encode-command.js';

/** Gets the outcome of a command from ioredis. Exactly one of the two is called, once. */
export type CommandObserver = {
	/** @returns The time at which the reply was read, in milliseconds of the monotonic clock. */
	onReply(command: PendingCommand): number;
	/** Called with an error reply, or when the connection is lost. */
	onFailure(command: PendingCommand, error: Error): void;
};

/**
 * - `pending`: its caller is waiting.
 * - `abandoned`: its caller has been given an error by a deadline or by `abandon`, but its reply is still due. Replies come
 *   in the order of the commands, so it stays in the list until then.
 * - `done`: no longer in the list. Nothing that ioredis does with it has an effect.
 */
export type CommandPhase = 'pending' | 'abandoned' | 'done';

/**
 * A command in flight.
 *
 * Replaces the `Command` class of ioredis, and implements only the part that ioredis uses when it writes a command to a stream:
 * without transformers, time-outs and callbacks a command takes a third of the time. Replies keep their RESP2 shape; ioredis
 * would turn the reply to HGETALL, for instance, into an object. It is its own list node, so that it can be removed from the
 * middle of the list in constant time.
 */
export class PendingCommand {
	phase: CommandPhase = 'pending';
	previous: PendingCommand | undefined = undefined;
	next: PendingCommand | undefined = undefined;
	/** When it was written to the socket, in milliseconds of the monotonic clock. */
	sentAt = 0;
	/** Bytes read from the connection before the command was written. */
	readBefore = 0;
	/** In loop time. `Infinity` before it is written, and once the deadline was missed. */
	deadlineAt = Number.POSITIVE_INFINITY;
	/** How often the sockets were read without this reply after the deadline had passed by the monotonic clock. */
	readsInVain = 0;
	/** True if the command does not count against the capacity of the lane. */
	isUpkeep = false;
	/** Loop time at which the deadline was missed; `Infinity` if it was not. */
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

	/** Number of replies that have not arrived. */
	get missing(): number {
		return 1;
	}

	/** Gives the caller an error instead of a reply. Call it once, and only in phase `pending`. */
	fail(error: Error): void {
		this.receiver.onError(error, this.sentAt);
	}

	/** Called by ioredis. */
	toWritable(): string | Buffer {
		return encodeCommand(this.name, this.args);
	}

	/** Called by ioredis. The shape of replies does not depend on this context. */
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
