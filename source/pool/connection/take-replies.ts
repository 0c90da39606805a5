import {tracingChannel} from 'node:diagnostics_channel';
import type {Redis} from 'ioredis';
import type {PendingCommand} from '../commands/pending-command.js';
import {MalformedReplyError, ReplyParser} from './reply-parser.js';

/** An item of the queue of ioredis: a command whose reply is due. */
type Due = {readonly command: Pick<PendingCommand, 'resolve' | 'reject'>};

/** The commands of a client whose replies are due. */
export type DueQueue = {
	readonly length: number;
	push(due: Due): void;
	shift(): Due | undefined;
	peekFront(): Due | undefined;
	peekBack(): Due | undefined;
};

/**
 * Reads the replies of a client from now on, instead of ioredis, and gives them to its commands. Call it when the first command
 * has been handed to ioredis, and before its bytes are sent: the place where ioredis keeps that command shows if its internal
 * queue is the one that this package knows. If it is not, or if an earlier reply is due, which may have arrived in part,
 * ioredis goes on reading.
 *
 * @param onBroken Called if the bytes are not a reply, no command is waiting for it, or the receiver of a command has thrown an
 * error: the connection cannot be used any more.
 * @param onMessage For a RESP2 connection that subscribes: called with each message. Without it, messages are taken for
 * replies.
 * @returns The queue to which further commands can be added, in the order of their bytes; `undefined` if ioredis goes on
 * reading.
 */
export function takeReplies(
	client: Redis,
	first: PendingCommand,
	onBroken: (problem: string, cause?: Error) => void,
	onMessage?: (message: unknown) => void,
): DueQueue | undefined {
	const {stream} = client;
	const queue = dueQueueOf(client);
	if (queue?.length !== 1 || queue.peekFront()?.command !== first || stream.listenerCount('data') !== 1)
		return undefined;
	const parser = new ReplyParser((reply) => {
		if (onMessage !== undefined && isMessage(reply)) {
			onMessage(reply[2]);
			return;
		}
		const command = queue.shift()?.command;
		if (command === undefined) onBroken('it has sent a reply to no command');
		else if (reply instanceof Error) command.reject(reply);
		else command.resolve(reply);
	});
	stream.removeAllListeners('data');
	stream.on('data', (chunk: Buffer) => {
		try {
			parser.read(chunk);
		} catch (error) {
			const cause = error as Error;
			const problem =
				cause instanceof MalformedReplyError ? 'it has sent what is no reply' : 'this process failed to handle a reply';
			onBroken(`${problem}: ${cause.message}`, cause);
		}
	});
	return queue;
}

/** The diagnostics channel on which ioredis publishes its commands. */
const commandChannel = tracingChannel('ioredis:command');

/**
 * True if a command need not be handed to ioredis: the client is ready to write it at once, and nobody traces its commands.
 *
 * Without `hasSubscribers` (older versions of Node.js) every command is handed to ioredis.
 */
export function mayPassBy({status, stream, sendCommand}: Redis): boolean {
	return status === 'ready' && stream.writable && commandChannel.hasSubscribers === false && isOfIoredis(sendCommand);
}

/** The method that was checked last. Nearly always all clients share one. */
let lastMethod: unknown;
let isLastOfIoredis = false;

/**
 * True if `sendCommand` is the original method of ioredis: tracing tools replace it to observe every command. The source text
 * of the original mentions the client's queue, even after a bundler has minified it.
 */
function isOfIoredis(sendCommand: unknown): boolean {
	if (sendCommand !== lastMethod) {
		lastMethod = sendCommand;
		isLastOfIoredis = String(sendCommand).includes('commandQueue');
	}
	return isLastOfIoredis;
}

/**
 * Tells ioredis that this many more replies are due to the command that it was handed last.
 *
 * @returns False if ioredis keeps its commands elsewhere: the command then has to be handed over once for each reply.
 */
export function expectReplies(client: Redis, command: PendingCommand, count: number): boolean {
	const queue = dueQueueOf(client);
	if (queue?.peekBack()?.command !== command) return false;
	for (let index = 0; index < count; index++) queue.push({command});
	return true;
}

/** The internal queue of ioredis, which its types do not declare; `undefined` if it differs from that of ioredis 6.0. */
function dueQueueOf(client: Redis): DueQueue | undefined {
	const {commandQueue: queue} = client as unknown as {readonly commandQueue?: Partial<DueQueue>};
	const isKnown =
		typeof queue?.push === 'function' &&
		typeof queue.shift === 'function' &&
		typeof queue.peekFront === 'function' &&
		typeof queue.peekBack === 'function';
	return isKnown ? (queue as DueQueue) : undefined;
}

/** True for an array of `message`, channel and payload. No command that a subscriber sends has such a reply. */
function isMessage(reply: unknown): reply is readonly unknown[] {
	if (!Array.isArray(reply) || reply.length !== 3) return false;
	const [kind] = reply as unknown[];
	return Buffer.isBuffer(kind) && kind.length === 7 && kind.toString() === 'message';
}
