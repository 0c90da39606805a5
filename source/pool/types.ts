import type {LaneState, PoolSnapshot} from '../metrics/snapshot.js';

export type Argument = string | Buffer | number;

export type SendOptions = {
	/** Deadline of this command in milliseconds; default: the pool's. */
	readonly deadlineMs?: number;
};

/**
 * One long-lived connection (or cluster client) that many callers share, first in, first out.
 *
 * Replies keep bulk strings as `Buffer`s; errors are always one of `errors.ts`. Every promise settles by its deadline,
 * whatever the socket does.
 */
export type Lane = {
	readonly id: number;
	readonly state: LaneState;
	readonly inFlight: number;
	/**
	 * Sends one command.
	 *
	 * All commands of one turn of the event loop leave together at its end, in one system call for each lane, and their
	 * deadlines count from then. Replies have the shapes of RESP2 (HGETALL gives a flat list).
	 *
	 * @throws {NotConnectedError} the lane is not ready; nothing was sent.
	 * @throws {OverloadError} the lane is at capacity; nothing was sent.
	 * @throws {DeadlineError | ConnectionLostError} the outcome is unknown.
	 * @throws {ServerError} Redis answered with an error.
	 */
	send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown>;
	/** Settles everything in flight now: each promise rejects with `reason`. What is in the socket may still be carried out. */
	abandon(reason: Error): void;
	/** Destroys the socket and opens a new one. Everything in flight rejects with `ConnectionLostError`. */
	reset(reason: string): void;
};

/** An exclusive connection, for MULTI/WATCH, blocking commands, subscriptions and long scans. */
export type Checkout = {
	readonly id: number;
	send(command: string, args: readonly Argument[], options?: SendOptions): Promise<unknown>;
	/** Gives it back. A connection whose state cannot be trusted is `destroy`ed instead. */
	release(): void;
	destroy(reason: string): void;
};

export type AcquireOptions = {
	/** In the snapshot's list of waiters: `scan`, `transaction`. */
	readonly purpose?: string;
	/** Milliseconds; default: the pool's acquire time-out. */
	readonly timeoutMs?: number;
	readonly signal?: AbortSignal;
};

export type LaneEvent =
	| {readonly type: 'ready'; readonly lane: Lane}
	/** It was ready and is no more. Attempts to connect that fail are not told; `ready()` and `send` say why they do. */
	| {readonly type: 'lost'; readonly lane: Lane; readonly reason: string}
	/** The same, but destroyed on purpose: by `reset`, or after too many missed deadlines. */
	| {readonly type: 'reset'; readonly lane: Lane; readonly reason: string};

/** Connections to one Redis. Made by `createPool(options)`; connects at once, never rejects because Redis is away. */
export type Pool = {
	readonly lanes: readonly Lane[];
	/** `standalone` includes Sentinel: all keys live on one server. */
	readonly topology: 'standalone' | 'cluster';
	/** Without credentials. */
	readonly url: string;
	/** The lane of a key: always the same one, until `routing` changes. */
	laneOf(key: string): Lane;
	/** Another number once keys may have taken another lane: after `resize`, and when the lanes it added are ready. */
	readonly routing: number;
	/** Keys of one group may share an MGET: 0 everywhere but in a cluster, where it is the slot. */
	groupOf(key: string): number;
	/**
	 * Borrows an exclusive connection; in a cluster, to one of its nodes.
	 *
	 * @throws {AcquireTimeoutError} none became free in time, or Redis cannot be reached.
	 * @throws {OverloadError} the line is full.
	 */
	acquire(options?: AcquireOptions): Promise<Checkout>;
	/** Opens a dedicated RESP2 connection of its own, outside lanes and checkouts, for pub/sub: reconnects by itself. In a cluster it hears of one node only. */
	subscriber(handlers: SubscriberHandlers): Subscriber;
	/** Resolves once every lane is ready, or rejects with `NotConnectedError` after `timeoutMs`. */
	ready(timeoutMs: number): Promise<void>;
	onLane(listener: (event: LaneEvent) => void): () => void;
	snapshot(): PoolSnapshot;
	/**
	 * Changes the number of lanes while running. Keys take the lanes that are left at once, and new ones when all are ready;
	 * resolves once lanes that go have drained or their deadlines passed.
	 */
	resize(lanes: number): Promise<void>;
	/** Settles what is in flight (by deadline), closes every socket, clears every timer. */
	close(): Promise<void>;
};

export type SubscriberHandlers = {
	/** Has Redis tell of every change of a key that begins so, on the subscriber's own connection (`BCAST`). */
	readonly trackPrefix?: string;
	/**
	 * Connected, tracking and subscribed; `clientId` is what `CLIENT TRACKING … REDIRECT` of others wants. Called again after
	 * every reconnect.
	 *
	 * @param dataSet Where it leads to, as `dataSetOf` says; `undefined`: the server does not let us look.
	 */
	readonly onReady: (clientId: number, dataSet: string | undefined) => void;
	/** Redis cannot, or may not, tell of changes. Tried again only after the connection was lost. */
	readonly onRefused?: (reason: string) => void;
	/** From here on messages may be missed. */
	readonly onLost: (reason: string) => void;
	/** `undefined`: everything (FLUSHALL). */
	readonly onInvalidate: (keys: readonly Buffer[] | undefined) => void;
};

/** A RESP2 connection subscribed to `__redis__:invalidate`. It pings; when a ping is not answered it is destroyed and opened again. */
export type Subscriber = {
	/** Destroys the socket and opens a new one. */
	reset(reason: string): void;
	close(): void;
};

/** Connections to Redis. Numbers out of range are an `InvalidArgumentError` that names the option. */
export type PoolOptions = {
	/** `redis://`, `rediss://`, `unix://`, `redis+sentinel://`, `redis+cluster://`. Default `redis://127.0.0.1:6379`. */
	readonly url?: string;
	/** Connections that all calls share. Default 2, 1 to 64. */
	readonly lanes?: number;
	/** Milliseconds in which a command has to be answered: what a call takes at most. Default 200, 1 to 60,000 in a cache. */
	readonly deadlineMs?: number;
	/** Commands in flight for each lane before calls are answered without Redis. Default 1024, 1 to 1,000,000. */
	readonly capacity?: number;
	/** Deadlines missed in a row before a lane's socket is destroyed and reopened. Default 3. */
	readonly missedDeadlines?: number;
	/** Pause between attempts to connect; it doubles, with jitter. */
	readonly reconnect?: {
		/** Milliseconds. Default 50. */
		readonly minMs?: number;
		/** Milliseconds. Default 400. */
		readonly maxMs?: number;
	};
	/** Milliseconds for TCP, TLS and handshake together. Default 500. */
	readonly connectMs?: number;
	/** Connections lent to one caller at a time, for transactions and long scans. The calls of a cache need none. */
	readonly checkouts?: {
		/** How many are kept open. Default 0. */
		readonly min?: number;
		/** How many there may be. Default 8, at most 1024. */
		readonly max?: number;
		/** Milliseconds an idle one is kept. Default 30,000. */
		readonly idleMs?: number;
		/** Milliseconds after which one is not lent again. Default 30 minutes. */
		readonly maxLifetimeMs?: number;
		/** Callers in line before `acquire` rejects with `OverloadError`. Default 256. */
		readonly maxWaiters?: number;
		/** Milliseconds a caller waits for one. Default 1000. */
		readonly acquireMs?: number;
	};
	/** Options for `node:tls`, with `rediss://`: a certificate authority of your own, a client certificate. */
	readonly tls?: import('node:tls').ConnectionOptions;
	/** Shown in `CLIENT LIST`; printable ASCII without spaces. Default `redis-cache-tui`. */
	readonly clientName?: string;
};
