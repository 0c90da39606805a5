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
 */
export function takeReplies(client: Redis, onBroken: (problem: string) => void): void {
	const {stream, commandQueue} = client as unknown as Inside;
	if (commandQueue.length > 0) return;
	const parser = new ReplyParser((reply) => {
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
