import {Command} from 'ioredis';
import type {Argument} from '../types.js';

/** Learns the outcome of a command from ioredis: one of the two is called, once. */
export type CommandObserver = {
	onReply(command: PendingCommand): void;
	/** An error reply, or the connection is gone. */
	onFailure(command: PendingCommand, error: Error): void;
};

/**
 * - `pending`: its promise is open.
 * - `abandoned`: its promise has been settled by a deadline or by `abandon`, but its reply is still due. Replies come
 *   in the order of the commands, so it stays in the list until then.
 * - `done`: no longer in the list. Nothing that ioredis does with it has an effect.
 */
export type CommandPhase = 'pending' | 'abandoned' | 'done';

/**
 * A command in flight.
 *
 * It replaces the two methods by which ioredis settles a command, `transformReply` and `reject`, instead of adding
 * promises and closures on top of them. It is its own list node, so that a reply in the middle, as a cluster gives, is
 * removed in constant time.
 */
export class PendingCommand extends Command {
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
	/** Loop time at which the deadline was missed. `Infinity`: it was not. */
	missedAt = Number.POSITIVE_INFINITY;
	/** Rejects the promise of the caller. */
	readonly rejectCaller: (error: Error) => void;

	constructor(
		readonly observer: CommandObserver,
		name: string,
		args: readonly Argument[],
		readonly deadlineMs: number,
	) {
		// With text alone there is nothing to convert, and ioredis would copy the list and look at each argument twice.
		const areTexts = args.every(isText);
		super(name, areTexts ? noArguments : (args as Argument[]), withBuffers);
		if (areTexts) this.args = args as string[];
		this.rejectCaller = this.reject;
		this.reject = reportFailure;
	}

	/**
	 * The bytes that ioredis would write. For ASCII text this is faster: it counts the bytes of the whole command once,
	 * instead of those of each argument.
	 */
	override toWritable(socket: object): string | Buffer {
		const {args, name} = this;
		let text = `*${args.length + 1}${lengthLine(name.length)}${name}`;
		for (const arg of args) {
			if (typeof arg !== 'string') return super.toWritable(socket);
			text += (lengthLines[arg.length] ?? lengthLine(arg.length)) + arg;
		}
		text += '\r\n';
		return Buffer.byteLength(text) === text.length ? text : super.toWritable(socket);
	}

	/** Leaves the reply in its RESP2 shape: ioredis would turn that of HGETALL, for instance, into an object. */
	override transformReply(reply: Buffer | Buffer[]): Buffer | Buffer[] {
		this.observer.onReply(this);
		return reply;
	}
}

const withBuffers = {replyEncoding: null} as const;
const noArguments: Argument[] = [];
const isText = (arg: Argument): arg is string => typeof arg === 'string';

/** The line before an argument, for the lengths that most arguments have. */
const lengthLines: readonly string[] = Array.from({length: 1024}, (_, length) => lengthLine(length));

function lengthLine(length: number): string {
	return `\r\n$${length}\r\n`;
}

function reportFailure(this: PendingCommand, error: Error): void {
	this.observer.onFailure(this, error);
}
