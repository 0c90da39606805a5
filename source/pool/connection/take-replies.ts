import {tracingChannel} from 'node:diagnostics_channel';
import type {Redis} from 'ioredis';
import type {PendingCommand} from '../commands/pending-command.js';
import {ReplyParser} from './reply-parser.js';

/** A command whose reply is due, as ioredis keeps it. */
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
 * Reads the replies to a client from now on, in the place of ioredis, and gives them to its commands. Call it when the first
 * command has been handed to ioredis, and its bytes are not sent yet: where ioredis keeps that command shows if its queue is as
 * this version of the package knows it. If it is not, or if an earlier reply is due, which may have arrived in part, ioredis goes
 * on reading.
 *
 * @param onBroken What was read is no reply, or none to a command: the connection is of no further use.
 * @param onMessage Called with the messages of a connection that subscribes, in RESP2. Without it they are taken for replies.
 * @returns The queue in which further commands may be put, with the order of their bytes; `undefined`: ioredis goes on reading.
 */
export function takeReplies(
	client: Redis,
	first: PendingCommand,
	onBroken: (problem: string) => void,
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
			onBroken(`it has sent what is no reply: ${(error as Error).message}`);
		}
	});
	return queue;
}

/** Where ioredis tells of the commands that it writes. */
const commandChannel = tracingChannel('ioredis:command');

/**
 * True if a command need not be handed to ioredis: it would write it at once, and nobody observes its commands.
 *
 * Versions of Node.js that do not know `hasSubscribers` hand over every command.
 */
export function mayPassBy({status, stream, sendCommand}: Redis): boolean {
	return status === 'ready' && stream.writable && commandChannel.hasSubscribers === false && isOfIoredis(sendCommand);
}

/** The last method that was looked at. Nearly always all clients have the same. */
let lastMethod: unknown;
let isLastOfIoredis = false;

/**
 * True if `sendCommand` is the method of ioredis. Tools that trace an application put one of their own in its place, to learn of
 * every command. The method of ioredis names the queue of its client, even when a bundler has made it small.
 */
function isOfIoredis(sendCommand: unknown): boolean {
	if (sendCommand !== lastMethod) {
		lastMethod = sendCommand;
		isLastOfIoredis = String(sendCommand).includes('commandQueue');
	}
	return isLastOfIoredis;
}

/**
 * So many further replies are due to the command that was handed to ioredis last.
 *
 * @returns False if ioredis keeps its commands elsewhere: it has to be handed the command once for each reply.
 */
export function expectReplies(client: Redis, command: PendingCommand, count: number): boolean {
	const queue = dueQueueOf(client);
	if (queue?.peekBack()?.command !== command) return false;
	for (let index = 0; index < count; index++) queue.push({command});
	return true;
}

/** The queue of ioredis, which is not a part of its types; `undefined` if it is another than that of ioredis 6.0. */
function dueQueueOf(client: Redis): DueQueue | undefined {
	const {commandQueue: queue} = client as unknown as {readonly commandQueue?: Partial<DueQueue>};
	const isKnown =
		typeof queue?.push === 'function' &&
		typeof queue.shift === 'function' &&
		typeof queue.peekFront === 'function' &&
		typeof queue.peekBack === 'function';
	return isKnown ? (queue as DueQueue) : undefined;
}

/** True for the kind, the channel and the message of a subscription. No command that a subscriber sends is answered like that. */
function isMessage(reply: unknown): reply is readonly unknown[] {
	if (!Array.isArray(reply) || reply.length !== 3) return false;
	const [kind] = reply as unknown[];
	return Buffer.isBuffer(kind) && kind.length === 7 && kind.toString() === 'message';
}
