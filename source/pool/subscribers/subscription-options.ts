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
	/** Default: the credentials that the connection was opened with. */
	readonly credentials?: CredentialSource | undefined;
	readonly backoff: Backoff;
	/** Shared by the connections of the pool. Default: error replies are not counted, as for a sentinel. */
	readonly errorReplies?: ErrorReplies;
	/** Deadline of each command that sets up the subscription, and of each ping. */
	readonly deadlineMs: number;
	readonly pingMs: number;
	/** While it returns true, only every fifth ping is sent. Default: never. */
	readonly isIdle?: (() => boolean) | undefined;
	readonly topic: string;
	readonly survey?: Survey;
	/** True to ask the server for its data set (`dataSetOf`) before subscribing. */
	readonly asksDataSet?: boolean;
	/** Makes Redis announce every change of a key with this prefix on this connection (`CLIENT TRACKING … BCAST`). */
	readonly trackPrefix?: string | undefined;
	/** Called when the connection is subscribed, and again after every reconnect. For `dataSet` see `dataSetOf`. */
	readonly onReady: (clientId: number, dataSet: string | undefined) => void;
	/** Redis has refused the subscription. It is tried again after a reconnect, and periodically if a right is missing. */
	readonly onRefused?: (reason: string) => void;
	/** The subscribed connection was lost: from now on messages may be missed. */
	readonly onLost: (reason: string) => void;
	/** A bulk string; for invalidations, a list of keys or null. */
	readonly onMessage: (message: unknown) => void;
};

/** Commands that are sent before subscribing, and again instead of each ping. */
export type Survey = {
	readonly commands: readonly (readonly [name: string, args: readonly Argument[]])[];
	/** Not called if the user lacks the right to send them. */
	readonly onReplies: (replies: readonly unknown[]) => void;
};
