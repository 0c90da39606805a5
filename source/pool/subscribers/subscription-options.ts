import type {ErrorReplies} from '../commands/error-replies.js';
import type {Backoff} from '../connection/backoff.js';
import type {ConnectionHandlers} from '../connection/connection.js';
import type {CredentialSource} from '../connection/credentials.js';
import type {NodeConnection} from '../connection/node-connection.js';
import type {Argument} from '../types.js';

export type SubscriptionOptions = {
	/** For error messages. */
	readonly redactedUrl: string;
	/** Opens a RESP2 connection. */
	readonly open: (handlers: ConnectionHandlers) => NodeConnection;
	/** Default: those that it was opened with. */
	readonly credentials?: CredentialSource | undefined;
	readonly backoff: Backoff;
	/** Shared by all connections of the pool to the same server. Default: those of a sentinel are not counted. */
	readonly errorReplies?: ErrorReplies;
	/** For each command that sets it up, and for each ping. */
	readonly deadlineMs: number;
	readonly pingMs: number;
	/** True while a fifth of the pings is enough. Default: never. */
	readonly isIdle?: (() => boolean) | undefined;
	readonly topic: string;
	readonly survey?: Survey;
	/** True if the server is asked which data it has before it is subscribed to. */
	readonly asksDataSet?: boolean;
	/** Makes Redis announce every change of a key with this prefix on this connection (`CLIENT TRACKING … BCAST`). */
	readonly trackPrefix?: string | undefined;
	/** Called when it is subscribed, and again after every reconnect. For `dataSet` see `dataSetOf`. */
	readonly onReady: (clientId: number, dataSet: string | undefined) => void;
	/** Redis has refused the subscription. It is asked again after a reconnect, and if a right is missing now and then. */
	readonly onRefused?: (reason: string) => void;
	/** It was subscribed, and the connection is gone: from now on messages may be missed. */
	readonly onLost: (reason: string) => void;
	/** A bulk string; for invalidations, a list of keys or null. */
	readonly onMessage: (message: unknown) => void;
};

/** The question to the server before it is subscribed to, repeated in place of each ping. */
export type Survey = {
	readonly commands: readonly (readonly [name: string, args: readonly Argument[]])[];
	/** Not called if the user may not ask. */
	readonly onReplies: (replies: readonly unknown[]) => void;
};
