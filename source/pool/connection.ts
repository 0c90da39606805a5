import type {RedisCacheError} from './errors.js';
import type {PendingCommand} from './pending-command.js';

export type ConnectionHandlers = {
	readonly onReady: () => void;
	/** Called once, whether it was ever ready or not. Whatever was in flight is lost. */
	readonly onDown: (reason: RedisCacheError) => void;
};

export type ByteCounts = {readonly read: number; readonly written: number};

/**
 * One connection to Redis from its first packet to its last. It never reconnects, queues or resends: that is why a new
 * ioredis client is made for each, and nothing of a lost one can come back to life.
 */
export type Connection = {
	/** Hands the command to ioredis, which writes it to the socket at once, or rejects it. */
	write(command: PendingCommand): void;
	/** Holds written bytes back until `uncork`, so that all commands of one turn leave in one system call. */
	cork(): void;
	uncork(): void;
	bytes(): ByteCounts;
	/** Gives up what is unresponsive: the socket, or in a cluster those sockets that owe replies. */
	dropUnresponsive(reason: string): void;
	/** Destroys the sockets at once. Safe to call twice. */
	destroy(reason: string): void;
};

export type OpenConnection = (handlers: ConnectionHandlers) => Connection;
