import type {LaneState, PoolSnapshot} from '../metrics/pool-snapshot.js';
import type {ErrorReplies} from './commands/error-replies.js';
import type {CredentialsError} from './errors.js';

export type Argument = string | Buffer | number;

export type SendOptions = {
	/** Deadline of this command in milliseconds. Default: that of the pool. */
	readonly deadlineMs?: number;
	/**
	 * Redirections of a cluster that the lane follows by itself: `all` (the default), `ask` (only those of a slot that is being
	 * migrated), or `none`. With a redirection that it does not follow the command rejects, and the next one goes to the right
	 * node.
	 */
	readonly redirects?: 'all' | 'ask' | 'none';
	/**
	 * Called with the arguments before a command is sent to the node that a slot is being migrated to: the reply comes from a
	 * node that does not own the slot yet.
	 */
	readonly onAsk?: (args: readonly Argument[]) => void;
	/**
	 * True for a maintenance command of the cache or the pool, such as a probe. It is not rejected at the capacity of the lane,
	 * and does not count against it.
	 */
	readonly isUpkeep?: boolean;
};

/** Gets the outcome of a command. Exactly one of the two is called, once. */
export type ReplyReceiver = {
	/**
	 * Called while replies are read, one after the other. It may send further commands, and must not throw.
	 *
	 * @param at Time at which the reply was read, in milliseconds of the monotonic clock.
	 */
	onReply(reply: unknown, at: number): void;
	/**
	 * Called while commands are being sent, or while a connection is being closed. It must not throw, and must do further work
	 * in a microtask only.
	 *
	 * @param sentAt Time at which the command was written, in milliseconds of the monotonic clock; 0 if it was not.
	 */
	onError(error: Error, sentAt: number): void;
};

/**
 * A long-lived connection to one server that all callers share. Commands are answered in the order they were sent.
 *
 * Bulk strings of replies are `Buffer`s. Errors are always one of `errors.ts`. Every promise settles by its deadline, whatever
 * happens to the socket.
 */
export type Lane = {
	readonly id: number;
	/** Address of its node in a cluster: `10.0.0.7:6379`. Elsewhere undefined. */
	readonly node: string | undefined;
	readonly state: LaneState;
	readonly inFlight: number;
	/** Age in milliseconds of the oldest command that is not answered; 0 if nothing is in flight. */
	readonly waitingMs: number;
	/**
	 * Milliseconds from sending to the reply, for the latest reply that came after its deadline; `undefined` if there was none.
	 */
	readonly lateMs: number | undefined;
	/**
	 * Sends one command.
	 *
	 * All commands of one turn of the event loop are written together at its end, in one system call for each lane; their
	 * deadlines count from then. Replies have the shapes of RESP2: that of HGETALL is a flat list.
	 *
	 * @throws {NotConnectedError} the lane is not ready; nothing was sent.
	 * @throws {OverloadError} the lane is at capacity; nothing was sent.
	 * @throws {DeadlineError | ConnectionLostError} the outcome is unknown.
	 * @throws {ServerError} Redis answered with an error.
	 */
	send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown>;
	/**
	 * Like `send`, with a receiver instead of a promise, for frequent commands: it is called in the turn in which the reply is
	 * read.
	 */
	sendFor(receiver: ReplyReceiver, command: string, args: readonly Argument[], options?: SendOptions): void;
	/**
	 * Sends several commands of the same name as one unit, with one deadline: for a cluster, which refuses one command with
	 * keys of several slots. Never rejects: resolves with a reply, or one of the errors above, for each command.
	 */
	sendEach(
		command: string,
		argumentLists: readonly (readonly Argument[])[],
		options?: SendOptions,
	): Promise<readonly unknown[]>;
	/** Rejects everything in flight with `reason`, now. Redis may still execute commands that were written. */
	abandon(reason: Error): void;
	/** Destroys the socket and opens a new one. Everything in flight is rejected with a `ConnectionLostError`. */
	reset(reason: string): void;
};

/** A connection that one caller has borrowed: for MULTI and WATCH, blocking commands, subscriptions, long scans. */
export type Checkout = {
	readonly id: number;
	send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown>;
	/** Gives the connection back. If its state has changed (for instance by an open transaction), it is destroyed instead. */
	release(): void;
	destroy(reason: string): void;
};

export type AcquireOptions = {
	/** Shown in the snapshot: `scan`, `transaction`. */
	readonly purpose?: string;
	/** Milliseconds to wait for a connection. Default: `checkouts.acquireMs`. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
};

export type LaneEvent =
	| {readonly type: 'ready'; readonly lane: Lane}
	/** A ready connection was lost. A failed attempt to connect is not an event: `ready()` and `send` report the reason. */
	| {readonly type: 'lost'; readonly lane: Lane; readonly reason: string}
	/** Like `lost`, but the pool destroyed the connection: by `reset`, or after `missedDeadlines`. */
	| {readonly type: 'reset'; readonly lane: Lane; readonly reason: string}
	/** A lane was removed, by `resize` or because its node has left the cluster, and is closed. */
	| {readonly type: 'closed'; readonly lane: Lane};

/** A master of a cluster. */
export type PoolNode = {
	/** `10.0.0.7:6379`, as the cluster names it. */
	readonly address: string;
	readonly lanes: readonly Lane[];
	/** Number of its slots. */
	readonly slots: number;
	/** Addresses of its replicas. */
	readonly replicas: readonly string[];
};

/**
 * The connections to one Redis. `createPool(options)` makes it. It connects at once, and again whenever a connection is
 * lost.
 */
export type Pool = {
	/** In a cluster: the lanes to all masters. */
	readonly lanes: readonly Lane[];
	/** The masters of a cluster that have slots. Empty elsewhere, and until they are known. */
	readonly nodes: readonly PoolNode[];
	/** The node of a key in a cluster; undefined elsewhere, and for a slot that no node has. */
	nodeOf(key: string): PoolNode | undefined;
	/** Calls back when the nodes of a cluster, or their slots, have changed. */
	onNodes(listener: () => void): () => void;
	/** Asks a node of a cluster if nodes or slots have changed: without traffic, no redirection tells. */
	checkNodes(): void;
	/** `standalone` includes Sentinel: all keys live on one server. */
	readonly topology: 'standalone' | 'cluster';
	/** Without credentials. */
	readonly url: string;
	/** Counts since the pool was created, over all connections. */
	readonly errorReplies: ErrorReplies;
	/** The lane of a key: the same one until `routing` changes. */
	laneOf(key: string): Lane;
	/**
	 * Version of the assignment of keys to lanes. It changes after `resize`, and when the lanes that it added are ready.
	 */
	readonly routing: number;
	/**
	 * Borrows an exclusive connection; in a cluster, to one of its nodes.
	 *
	 * @throws {AcquireTimeoutError} none became free in time, or Redis cannot be reached.
	 * @throws {OverloadError} `checkouts.maxWaiters` callers wait already.
	 */
	acquire(options?: AcquireOptions): Promise<Checkout>;
	/**
	 * Opens a separate RESP2 connection for invalidation messages. It reconnects by itself. In a cluster it is connected to one
	 * node (`handlers.node`), and gets messages about the keys of that node only.
	 */
	subscriber(handlers: SubscriberHandlers): Subscriber;
	/**
	 * Resolves once every lane is ready, or rejects with `NotConnectedError` after `timeoutMs`. In a cluster, nodes that could
	 * not be reached are not waited for if another one is ready.
	 */
	ready(timeoutMs: number): Promise<void>;
	onLane(listener: (event: LaneEvent) => void): () => void;
	/** Calls back when credentials could not be renewed. One listener. */
	onCredentialsFailure(listener: (error: CredentialsError) => void): void;
	snapshot(): PoolSnapshot;
	/**
	 * Changes the number of lanes while running. Keys leave removed lanes at once, and take added lanes when all are
	 * ready. Resolves once removed lanes are closed.
	 */
	resize(lanes: number): Promise<void>;
	/** Waits for the commands in flight, at most until their deadlines; then closes every socket and clears every timer. */
	close(): Promise<void>;
};

export type SubscriberHandlers = {
	/** Address of the node of a cluster. Default: a node of the URL. */
	readonly node?: string | undefined;
	/** Milliseconds between pings, which detect a dead connection, on which messages are missed. Default 500. */
	readonly pingMs?: number;
	/** While it returns true, only every fifth ping is sent. Default: never. */
	readonly isIdle?: () => boolean;
	/**
	 * Makes Redis announce every change of a key with this prefix on this connection (`CLIENT TRACKING … BCAST`). Default: it
	 * gets only the messages that other connections redirect to it.
	 */
	readonly trackPrefix?: string;
	/**
	 * Called when the connection is subscribed, and again after every reconnect.
	 *
	 * @param clientId For `CLIENT TRACKING … REDIRECT` on other connections.
	 * @param dataSet Identifies the data of the server, see `dataSetOf`; `undefined` if the user has no rights to ask.
	 */
	readonly onReady: (clientId: number, dataSet: string | undefined) => void;
	/** Redis has refused to announce changes. It is asked again after a reconnect, and periodically if a right is missing. */
	readonly onRefused?: (reason: string) => void;
	/** The connection was lost: from now on messages may be missed. */
	readonly onLost: (reason: string) => void;
	/** Keys that have changed; `undefined` for all keys (FLUSHALL). */
	readonly onInvalidate: (keys: readonly Buffer[] | undefined) => void;
};

/** A RESP2 connection that is subscribed to `__redis__:invalidate`. When a ping is not answered, it is replaced. */
export type Subscriber = {
	/** Destroys the socket and opens a new one. */
	reset(reason: string): void;
	close(): void;
};
