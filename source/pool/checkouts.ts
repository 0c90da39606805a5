import {LatencyWindow} from '../metrics/latency-window.js';
import type {CheckoutSnapshot, CheckoutsSnapshot} from '../metrics/snapshot.js';
import type {Backoff} from './backoff.js';
import type {OpenConnection} from './connection.js';
import {AcquireTimeoutError, ClosedError, OverloadError, type RedisCacheError} from './errors.js';
import {ExclusiveConnection} from './exclusive-connection.js';
import type {AcquireOptions, Checkout, PoolOptions} from './types.js';
import {WaitingLine} from './waiting-line.js';

export type CheckoutsOptions = Required<NonNullable<PoolOptions['checkouts']>> & {
	/** Redacted URL. */
	readonly where: string;
	readonly deadlineMs: number;
	readonly open: OpenConnection;
	readonly backoff: Backoff;
};

/**
 * Exclusive connections: lent to one caller at a time, first come, first served.
 *
 * Invariants: at most `max` connections are open or opening. While somebody waits, none is idle, and either as many are
 * opening as callers wait, or `max` is reached, or the next attempt to open has its timer.
 */
export class Checkouts {
	readonly #options: CheckoutsOptions;
	readonly #connections = new Set<ExclusiveConnection>();
	readonly #line = new WaitingLine();
	readonly #wait = new LatencyWindow();
	readonly #sweep: NodeJS.Timeout;
	#nextId = 0;
	#acquired = 0;
	#acquireTimeouts = 0;
	#refused = 0;
	/** Why the last attempt to connect failed; `undefined` after a success. */
	#reason: RedisCacheError | undefined;
	#retry: NodeJS.Timeout | undefined;
	#closed = false;

	constructor(options: CheckoutsOptions) {
		this.#options = options;
		const sweepMs = Math.max(10, Math.min(options.idleMs, options.maxLifetimeMs, 20_000) / 2);
		this.#sweep = setInterval(() => this.#retireOld(), sweepMs).unref();
		this.#fill();
	}

	acquire(options: AcquireOptions = {}): Promise<Checkout> {
		const {purpose = 'unnamed', timeoutMs = this.#options.acquireMs, signal} = options;
		if (this.#closed) return Promise.reject(new ClosedError('The pool'));
		if (signal?.aborted) return Promise.reject(signal.reason);
		const idle = this.#takeIdle();
		if (idle !== undefined) return Promise.resolve(this.#lend(idle, purpose, Date.now()));
		const {length} = this.#line;
		if (length >= this.#options.maxWaiters) {
			this.#refused++;
			return Promise.reject(
				new OverloadError(
					`${length} callers wait for a connection already; raise checkouts.max or checkouts.maxWaiters`,
				),
			);
		}
		const promise = this.#line.join({purpose, timeoutMs, signal, onTimeout: () => this.#timedOut(purpose, timeoutMs)});
		this.#fill();
		return promise;
	}

	/** Closes what is idle: after an outage nobody knows whether the other side is still there. */
	dropIdle(reason: string): void {
		for (const connection of [...this.#connections]) if (connection.state === 'idle') connection.destroy(reason);
	}

	/** Closes all, also those that are lent. */
	dropAll(reason: string): void {
		for (const connection of [...this.#connections]) connection.destroy(reason);
	}

	/** Waiting callers are rejected, and so is what is in flight. */
	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		clearInterval(this.#sweep);
		clearTimeout(this.#retry);
		this.#line.rejectAll(new ClosedError('The pool'));
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
			wait: this.#wait.summary(),
			connections,
			waiting: this.#line.snapshot(),
		};
	}

	#lend(connection: ExclusiveConnection, purpose: string, since: number): Checkout {
		this.#acquired++;
		this.#wait.record(Date.now() - since);
		return connection.lend(purpose);
	}

	/** The one used last is the likeliest to be alive, and the others may grow old enough to be closed. */
	#takeIdle(): ExclusiveConnection | undefined {
		let newest: ExclusiveConnection | undefined;
		for (const connection of [...this.#connections]) {
			if (connection.idleSince === undefined) continue;
			if (this.#isOld(connection)) connection.destroy('maximum lifetime reached');
			else if (newest?.idleSince === undefined || connection.idleSince >= newest.idleSince) newest = connection;
		}
		return newest;
	}

	/** It is free: for the first in line, or to rest. */
	#offer(connection: ExclusiveConnection): void {
		if (this.#line.length === 0) connection.rest();
		else this.#line.serve((purpose, since) => this.#lend(connection, purpose, since));
	}

	#onReady(connection: ExclusiveConnection): void {
		this.#reason = undefined;
		this.#options.backoff.reset();
		this.#offer(connection);
	}

	#onReleased(connection: ExclusiveConnection): void {
		const {dirt} = connection;
		if (dirt !== undefined) connection.destroy(`given back while ${dirt}`);
		else if (this.#isOld(connection)) connection.destroy('maximum lifetime reached');
		else this.#offer(connection);
	}

	#onGone(connection: ExclusiveConnection, was: 'connecting' | 'idle' | 'busy', reason: RedisCacheError): void {
		this.#connections.delete(connection);
		if (this.#closed) return;
		if (was === 'connecting') {
			this.#reason = reason;
			this.#retry ??= setTimeout(() => {
				this.#retry = undefined;
				this.#fill();
			}, this.#options.backoff.next());
		}
		this.#fill();
	}

	#fill(): void {
		if (this.#closed || this.#retry !== undefined) return;
		let opening = 0;
		for (const {state} of this.#connections) if (state === 'connecting') opening++;
		const {min, max} = this.#options;
		while (this.#connections.size < max && (opening < this.#line.length || this.#connections.size < min)) {
			this.#open();
			opening++;
		}
	}

	#open(): void {
		this.#connections.add(
			new ExclusiveConnection({
				id: this.#nextId++,
				where: this.#options.where,
				deadlineMs: this.#options.deadlineMs,
				open: this.#options.open,
				onReady: (connection) => this.#onReady(connection),
				onGone: (connection, was, reason) => this.#onGone(connection, was, reason),
				onReleased: (connection) => this.#onReleased(connection),
			}),
		);
	}

	#isOld(connection: ExclusiveConnection): boolean {
		return Date.now() - connection.openedAt >= this.#options.maxLifetimeMs;
	}

	#retireOld(): void {
		for (const connection of [...this.#connections]) {
			const {idleSince} = connection;
			if (idleSince === undefined) continue;
			if (this.#isOld(connection)) connection.destroy('maximum lifetime reached');
			else if (Date.now() - idleSince >= this.#options.idleMs && this.#connections.size > this.#options.min) {
				connection.destroy('idle for too long');
			}
		}
	}

	#timedOut(purpose: string, timeoutMs: number): AcquireTimeoutError {
		this.#acquireTimeouts++;
		const why =
			this.#reason === undefined
				? `all ${this.#options.max} are in use or connecting; give them back sooner or raise checkouts.max`
				: this.#reason.message;
		return new AcquireTimeoutError(`No connection for "${purpose}" within ${timeoutMs} ms: ${why}`);
	}
}
