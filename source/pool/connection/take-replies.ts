import type {Socket} from 'node:net';
import type {Redis} from 'ioredis';
import type {PendingCommand} from '../commands/pending-command.js';
import {ReplyParser} from './reply-parser.js';

type Receiver = Pick<PendingCommand, 'resolve' | 'reject'>;

/** What ioredis keeps to itself in its types: the socket, and the commands whose replies are due. */
type Inside = {
	readonly stream: Socket;
	readonly commandQueue: {
		readonly length: number;
		push(due: {readonly command: Receiver}): void;
		shift(): {readonly command: Receiver} | undefined;
	};
};

/**
 * Reads the replies to a client from now on, in the place of ioredis, and gives them to its commands. The client must be ready. If
 * a reply is due already, which may have arrived in part, ioredis goes on reading.
 *
 * @param onBroken What was read is no reply, or none to a command: the connection is of no further use.
 * @param onMessage Called with the messages of a connection that subscribes, in RESP2. Without it they are taken for replies.
 */
export function takeReplies(
	client: Redis,
	onBroken: (problem: string) => void,
	onMessage?: (message: unknown) => void,
): void {
	const {stream, commandQueue} = client as unknown as Inside;
	if (commandQueue.length > 0) return;
	const parser = new ReplyParser((reply) => {
		if (onMessage !== undefined && isMessage(reply)) {
			onMessage(reply[2]);
			return;
		}
		const command = commandQueue.shift()?.command;
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
}

/** So many further replies are due to a command that was sent. */
export function expectReplies(client: Redis, command: PendingCommand, count: number): void {
	const {commandQueue} = client as unknown as Inside;
	for (let index = 0; index < count; index++) commandQueue.push({command});
}

/** True for the kind, the channel and the message of a subscription. No command that a subscriber sends is answered like that. */
function isMessage(reply: unknown): reply is readonly unknown[] {
	if (!Array.isArray(reply) || reply.length !== 3) return false;
	const [kind] = reply as unknown[];
	return Buffer.isBuffer(kind) && kind.length === 7 && kind.toString() === 'message';
}
