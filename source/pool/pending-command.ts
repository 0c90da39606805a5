import {Command} from 'ioredis';
import type {CommandChannel} from './command-channel.js';
import type {Argument} from './types.js';

const BUFFERS = {replyEncoding: null} as const;

/** `$n` and the line ends around it, for every length that arguments mostly have. */
const LENGTHS: readonly string[] = Array.from({length: 1024}, (_, length) => lengthLine(length));

function lengthLine(length: number): string {
	return `\r\n$${length}\r\n`;
}

function rejectThroughChannel(this: PendingCommand, error: Error): void {
	this.channel.failed(this, error);
}

/**
 * - `pending`: in the channel's list, its promise is open.
 * - `forgotten`: its promise was settled by a deadline or `abandon`, but its reply is still due and must be awaited in the list.
 * - `over`: no longer in the list; whatever ioredis does with it has no effect.
 */
export type CommandPhase = 'pending' | 'forgotten' | 'over';

/**
 * A command that reports to its channel what became of it.
 *
 * It hooks the two ways by which ioredis settles commands, instead of adding promises and closures on top: replies pass
 * `transformReply`, and `reject` is replaced. The list links are inside the command, so that a reply in the middle (in a
 * cluster) is removed in constant time.
 */
export class PendingCommand extends Command {
	phase: CommandPhase = 'pending';
	previous: PendingCommand | undefined = undefined;
	next: PendingCommand | undefined = undefined;
	/** When it was written to the socket; of the monotonic clock, like `deadlineAt`. */
	sentAt = 0;
	/** `Infinity` once it was missed. */
	deadlineAt = Number.POSITIVE_INFINITY;
	/** Rejects the caller's promise. */
	readonly fail: (error: Error) => void;

	constructor(
		readonly channel: CommandChannel,
		name: string,
		args: readonly Argument[],
		readonly deadlineMs: number,
	) {
		super(name, args as Argument[], BUFFERS);
		this.fail = this.reject;
		this.reject = rejectThroughChannel;
	}

	/** As ioredis writes it, for text of nothing but ASCII: counts the bytes of the whole instead of those of each argument. */
	override toWritable(socket: object): string | Buffer {
		const {args, name} = this;
		let text = `*${args.length + 1}${lengthLine(name.length)}${name}`;
		for (const arg of args) {
			if (typeof arg !== 'string') return super.toWritable(socket);
			text += (LENGTHS[arg.length] ?? lengthLine(arg.length)) + arg;
		}
		text += '\r\n';
		return Buffer.byteLength(text) === text.length ? text : super.toWritable(socket);
	}

	/** Replies stay as they came, as in RESP2: ioredis's conversions (of HGETALL, say) are left out. */
	override transformReply(reply: Buffer | Buffer[]): Buffer | Buffer[] {
		this.channel.answered(this);
		return reply;
	}
}
