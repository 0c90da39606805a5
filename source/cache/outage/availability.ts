import type {Mode, ModeChange, NodeCounts} from '../../metrics/snapshot.js';
import {ClosedError} from '../../pool/errors.js';
import {unixNow} from '../../time/real-time.js';
import {UnavailableError} from '../api/errors.js';
import {localNow} from '../clock/local-now.js';

const keptChanges = 64;

/**
 * The mode of the cache, and the flags that calls derive from it. Only `ModeController` and `closeCache` change it;
 * everything else reads it. The flags are plain fields because every call reads them.
 */
export class Availability {
	/** True while the mode is `connected`. */
	isConnected = false;
	/** True from the moment `close()` is called. */
	isClosed = false;
	/** True while Redis is in use: connected and not closed. */
	inUse = false;
	/**
	 * Local time at which Redis, or any node of a cluster, last went out of use. Any node, because a slot may move with its
	 * keys, and a call that was made before that time must not be sent to the new node either.
	 */
	leftUseAt = Number.NEGATIVE_INFINITY;
	/** Set while nodes of a cluster are out of use: true for a key of one of them. Set by `FailureDomains`, as `nodes`. */
	isLost: ((redisKey: string) => boolean) | undefined;
	/**
	 * Local time since which the node of a key has been in use without a break; `Infinity` if it is not. Of a cluster. Set by
	 * `FailureDomains`.
	 */
	inUseSince: ((redisKey: string) => number) | undefined;
	/** The nodes of a cluster. */
	nodes: NodeCounts | undefined;
	/** True while calls wait for the first connection. Later calls must wait, too, so that they do not overtake them. */
	isStarting = true;
	/** True once the first connection is ready, or its deadline has passed. */
	hasStarted = false;
	/** Resolves when `hasStarted` becomes true. */
	readonly started: Promise<void>;
	/** The reason why Redis cannot be used, if it is known. */
	problem: Error | undefined;
	#mode: ModeChange = {mode: 'recovering', at: unixNow(), reason: 'connecting'};
	readonly #changes: ModeChange[] = [this.#mode];
	readonly #listeners = new Set<() => void>();
	#resolveStarted: () => void = () => {};

	constructor() {
		this.started = new Promise((resolve) => {
			this.#resolveStarted = resolve;
		});
		// In a microtask, so that a call that is made in the turn of `start` queues behind the waiting ones.
		void this.started.then(() => {
			this.isStarting = false;
		});
	}

	get mode(): ModeChange {
		return this.#mode;
	}

	/** The last 64 modes. */
	get changes(): readonly ModeChange[] {
		return [...this.#changes];
	}

	/** True while the server of the key is in use, or still answers the last calls after `close`. */
	isConnectedTo(redisKey: string): boolean {
		return this.isConnected && this.isLost?.(redisKey) !== true;
	}

	/** True while the server of the key is in use. */
	isInUse(redisKey: string): boolean {
		return this.inUse && this.isLost?.(redisKey) !== true;
	}

	/**
	 * True if the server of a key has left use since this local time: its replacement may lack a change that was executed, and its
	 * rollback check may already be over. In a cluster the loss of other nodes does not count.
	 */
	hasLeftUse(redisKey: string, since: number): boolean {
		if (this.leftUseAt < since) return false;
		return (this.inUseSince?.(redisKey) ?? Number.POSITIVE_INFINITY) >= since;
	}

	/** @returns The previous mode. */
	enter(mode: Mode, reason: string): ModeChange {
		const previous = this.#mode;
		this.#mode = {mode, at: unixNow(), reason};
		this.#changes.push(this.#mode);
		if (this.#changes.length > keptChanges) this.#changes.shift();
		if (this.isConnected && mode !== 'connected') this.leftUseAt = localNow();
		this.isConnected = mode === 'connected';
		this.inUse = this.isConnected && !this.isClosed;
		this.#notify();
		return previous;
	}

	/** Calls no longer wait for the first connection. */
	start(): void {
		this.hasStarted = true;
		this.#resolveStarted();
	}

	close(): void {
		this.isClosed = true;
		this.inUse = false;
		this.#notify();
	}

	/** Adds a listener for changes of the mode and for the close. @returns A function that removes it. */
	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** @throws {ClosedError} the cache is closed. */
	assertOpen(): void {
		if (this.isClosed) throw new ClosedError('the cache');
	}

	/** @throws {UnavailableError} the server of the key is not in use. */
	assertConnectedTo(redisKey: string): void {
		if (!this.isConnectedTo(redisKey)) throw this.unavailable();
	}

	/** Error of a strict call while Redis is not in use. */
	unavailable(): UnavailableError {
		if (this.isConnected)
			return new UnavailableError(
				`the node of the cluster that has this key is not in use (${this.nodes?.inUse} of ${this.nodes?.total} are): try again later, or call without strict`,
			);
		return new UnavailableError(`Redis is not in use (${this.#mode.reason}): try again later, or call without strict`);
	}

	#notify(): void {
		for (const listener of [...this.#listeners]) listener();
	}
}
