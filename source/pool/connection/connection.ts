import type {CommandWriter} from '../commands/command-channel.js';
import type {RedisCacheError} from '../errors.js';

export type ConnectionHandlers = {
	readonly onReady: () => void;
	/** Called once, after `onReady` or instead of it. Everything in flight is lost. */
	readonly onDown: (reason: RedisCacheError) => void;
};

export type ByteCounts = {readonly read: number; readonly written: number};

/**
 * One connection to Redis, from the first packet to the last. It never reconnects, queues or resends: each connection
 * is an ioredis client of its own, so that no command of a lost connection can take effect on the next one.
 */
export type Connection = CommandWriter & {
	bytes(): ByteCounts;
	/**
	 * Reads replies from now on in the place of ioredis, which takes several times as long. Call it when the connection is ready.
	 * Not for one that may subscribe: messages are dropped.
	 */
	readReplies(): void;
	/** Destroys the socket at once. Safe to call twice. */
	destroy(reason: string): void;
};

export type OpenConnection = (handlers: ConnectionHandlers) => Connection;
