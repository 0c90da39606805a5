import type {CommandWriter} from '../commands/command-channel.js';
import type {RedisCacheError} from '../errors.js';

export type ConnectionHandlers = {
	readonly onReady: () => void;
	/** Called once, after `onReady` or instead of it. All commands in flight have failed. */
	readonly onDown: (reason: RedisCacheError) => void;
};

export type ByteCounts = {readonly read: number; readonly written: number};

/**
 * One connection to Redis, from connecting to closing. It never reconnects, queues or resends: each connection is a new ioredis
 * client, so that no command of a lost connection can take effect on the next one.
 */
export type Connection = CommandWriter & {
	/** Behind Sentinel: the address of the server that it is connected to, as a sentinel has named it. Otherwise undefined. */
	readonly master: string | undefined;
	bytes(): ByteCounts;
	/**
	 * Reads replies instead of ioredis, whose parser takes several times as long. Call it when the connection is ready, before
	 * the first command.
	 *
	 * @param onMessage For a RESP2 connection that subscribes: called with each message. Without it, messages are taken for
	 * replies.
	 */
	readReplies(onMessage?: (message: unknown) => void): void;
	/** Destroys the socket at once. Safe to call twice. */
	destroy(reason: string): void;
};

export type OpenConnection = (handlers: ConnectionHandlers) => Connection;
