import {LatencyMeter} from '../../metrics/latency-meter.js';
import type {CheckoutSnapshot, CheckoutsSnapshot} from '../../metrics/pool-snapshot.js';
import {clearInterval, clearTimeout, setInterval, setTimeout, unixNow} from '../../time/real-time.js';
import type {Backoff} from '../connection/backoff.js';
import type {CredentialSource} from '../connection/credentials.js';
import {AcquireTimeoutError, ClosedError, OverloadError, type RedisCacheError} from '../errors.js';
import type {PoolOptions} from '../pool-options.js';
import type {AcquireOptions, Checkout} from '../types.js';
import {ExclusiveConnection, type ExclusiveOptions} from './exclusive-connection.js';
import {WaiterQueue} from './waiter-queue.js';

export type CheckoutsOptions = Required<NonNullable<PoolOptions['checkouts']>> & {
	/** For error messages. */
	readonly redactedUrl: string;
	readonly deadlineMs: number;
	/** Opens a connection to one server. */
	readonly open: ExclusiveOptions['open'];
	readonly credentials: CredentialSource | undefined;
	readonly errorReplies: ExclusiveOptions['errorReplies'];
	readonly backoff: Backoff;
};

/**
 * Exclusive connections: each is lent to one caller at a time, first come, first served.
 *
 * Invariants: at most `max` connections are open or opening. While a caller waits, no connection is idle, and either
 * one is opening for each waiting caller, or `max` is reached, or a timer for the next attempt runs.
 */
export class Checkouts {
	readonly #options: CheckoutsOptions;
	readonly #connections = new Set<ExclusiveConnection>();
	readonly #waiters = new WaiterQueue();
	/** Waiting times of callers, in milliseconds. */
	readonly #waitTimes = new LatencyMeter();
	readonly #sweepTimer: NodeJS.Timeout;
	#nextId = 0;
	#acquired = 0;
	#acquireTimeouts = 0;
	#refused = 0;
	/** Why the latest attempt to connect failed; `undefined` after a success. */
	#connectError: RedisCacheError | undefined;
	#retryTimer: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: CheckoutsOptions) {
		this.#options = options;
		const sweepMs = Math.max(10, Math.min(options.idleMs, options.maxLifetimeMs, 20_000) / 2);
		this.#sweepTimer = setInterval(() => this.#closeExpired(), sweepMs).unref();
		this.#fill();
	}

	acquire(options: AcquireOptions = {}): Promise<Checkout> {
		const {purpose = 'unnamed', timeoutMs = this.#options.acquireMs, signal} = options;
		if (this.#closed) return Promise.reject(new ClosedError('The pool'));
		if (signal?.aborted) return Promise.reject(signal.reason);
		const idle = this.#takeIdle();
		if (idle !== undefined) return Promise.resolve(this.#lend(idle, purpose, unixNow()));
		const {length} = this.#waiters;
		if (length >= this.#options.maxWaiters) {
			this.#refused++;
			return Promise.reject(
				new OverloadError(
					`${length} callers wait for a connection already; raise checkouts.max or checkouts.maxWaiters`,
				),
			);
		}
		const promise = this.#waiters.add({
			purpose,
			timeoutMs,
			signal,
			onTimeout: () => this.#acquireTimeout(purpose, timeoutMs),
		});
		this.#fill();
		return promise;
	}

	/** Closes the idle connections, since they may not work any more after an outage. */
	dropIdle(reason: string): void {
		for (const connection of [...this.#connections]) if (connection.state === 'idle') connection.destroy(reason);
	}

	/** Closes all connections, lent ones included. */
	dropAll(reason: string): void {
		for (const connection of [...this.#connections]) connection.destroy(reason);
	}

	/** Rejects waiting callers and everything in flight. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		clearInterval(this.#sweepTimer);
		clearTimeout(this.#retryTimer);
		this.#waiters.rejectAll(new ClosedError('The pool'));
		this.dropAll('the pool was closed');
	}

	snapshot(): CheckoutsSnapshot {
		const connections: CheckoutSnapshot[] = [];
		for (const connection of this.#connections) {
			const snapshot = connection.snapshot();
			if (snapshot !== undefined) connections.push(snapshot);
		}
		return {
			min: this.#options.min,
			max: this.#options.max,
			open: connections.filter(({state}) => state !== 'connecting').length,
			busy: connections.filter(({state}) => state === 'busy').length,
			maxWaiters: this.#options.maxWaiters,
			acquired: this.#acquired,
			acquireTimeouts: this.#acquireTimeouts,
			refused: this.#refused,
			wait: this.#waitTimes.summary(),
			waits: this.#waitTimes.histogram(),
			connections,
			waiting: this.#waiters.snapshot(),
		};
	}

	#lend(connection: ExclusiveConnection, purpose: string, since: number): Checkout {
		this.#acquired++;
		this.#waitTimes.record(unixNow() - since);
		return connection.lend(purpose);
	}

	/** Takes the connection that was used last: it is the most likely to work, and the others can reach their idle timeout. */
	#takeIdle(): ExclusiveConnection | undefined {
		let newest: ExclusiveConnection | undefined;
		for (const connection of [...this.#connections]) {
			if (connection.idleSince === undefined) continue;
			if (this.#isOld(connection)) connection.destroy('maximum lifetime reached');
			else if (newest?.idleSince === undefined || connection.idleSince >= newest.idleSince) newest = connection;
		}
		return newest;
	}

	/** Lends a free connection to the caller that has waited longest, or keeps it idle. */
	#offer(connection: ExclusiveConnection): void {
		if (this.#waiters.length === 0) connection.makeIdle();
		else this.#waiters.serve((purpose, since) => this.#lend(connection, purpose, since));
	}

	#onReady(connection: ExclusiveConnection): void {
		this.#connectError = undefined;
		this.#options.backoff.reset();
		this.#offer(connection);
	}

	#onReleased(connection: ExclusiveConnection): void {
		const {unusableReason} = connection;
		if (unusableReason !== undefined) connection.destroy(`given back while ${unusableReason}`);
		else if (this.#isOld(connection)) connection.destroy('maximum lifetime reached');
		else this.#offer(connection);
	}

	#onGone(connection: ExclusiveConnection, was: 'connecting' | 'idle' | 'busy', reason: RedisCacheError): void {
		this.#connections.delete(connection);
		if (this.#closed) return;
		if (was === 'connecting') {
			this.#connectError = reason;
			this.#retryTimer ??= setTimeout(() => {
				this.#retryTimer = undefined;
				this.#fill();
			}, this.#options.backoff.next());
		}
		this.#fill();
	}

	/** Opens connections until the invariants hold. */
	#fill(): void {
		if (this.#closed || this.#retryTimer !== undefined) return;
		let opening = 0;
		for (const {state} of this.#connections) if (state === 'connecting') opening++;
		const {min, max} = this.#options;
		while (this.#connections.size < max && (opening < this.#waiters.length || this.#connections.size < min)) {
			this.#open();
			opening++;
		}
	}

	#open(): void {
		this.#connections.add(
			new ExclusiveConnection({
				id: this.#nextId++,
				redactedUrl: this.#options.redactedUrl,
				deadlineMs: this.#options.deadlineMs,
				open: this.#options.open,
				credentials: this.#options.credentials,
				errorReplies: this.#options.errorReplies,
				onReady: (connection) => this.#onReady(connection),
				onGone: (connection, was, reason) => this.#onGone(connection, was, reason),
				onReleased: (connection) => this.#onReleased(connection),
			}),
		);
	}

	#isOld(connection: ExclusiveConnection): boolean {
		return unixNow() - connection.openedAt >= this.#options.maxLifetimeMs;
	}

	#closeExpired(): void {
		for (const connection of [...this.#connections]) {
			const {idleSince} = connection;
			if (idleSince === undefined) continue;
			if (this.#isOld(connection)) connection.destroy('maximum lifetime reached');
			else if (unixNow() - idleSince >= this.#options.idleMs && this.#connections.size > this.#options.min) {
				connection.destroy('idle for too long');
			}
		}
	}

	#acquireTimeout(purpose: string, timeoutMs: number): AcquireTimeoutError {
		this.#acquireTimeouts++;
		const why =
			this.#connectError === undefined
				? `all ${this.#options.max} are in use or connecting; give them back sooner or raise checkouts.max`
				: this.#connectError.message;
		return new AcquireTimeoutError(`No connection for "${purpose}" within ${timeoutMs} ms: ${why}`);
	}
}
