import {clearTimeout, setTimeout, unixNow} from '../../time/real-time.js';
import {onAbort} from '../on-abort.js';
import type {Checkout} from '../types.js';

export type WaiterOptions = {
	readonly purpose: string;
	readonly timeoutMs: number;
	readonly signal: AbortSignal | undefined;
	readonly onTimeout: () => Error;
};

type Waiter = {
	readonly purpose: string;
	readonly since: number;
	readonly resolve: (checkout: Checkout) => void;
	readonly reject: (reason: unknown) => void;
	/** Removes the waiter from the queue, with its timer and its abort listener. */
	readonly leave: () => void;
};

/**
 * Callers that wait for a connection, first come, first served. Each leaves when it is served, times out, or is
 * aborted.
 */
export class WaiterQueue {
	// A Set keeps the order of insertion and lets a waiter in the middle leave in constant time.
	readonly #waiters = new Set<Waiter>();

	get length(): number {
		return this.#waiters.size;
	}

	add(options: WaiterOptions): Promise<Checkout> {
		const {purpose, timeoutMs, signal, onTimeout} = options;
		return new Promise((resolve, reject) => {
			const giveUp = (reason: unknown): void => {
				waiter.leave();
				reject(reason);
			};
			const timer = setTimeout(() => giveUp(onTimeout()), timeoutMs);
			const leave = (): void => {
				clearTimeout(timer);
				removeCallback?.();
				this.#waiters.delete(waiter);
			};
			const waiter: Waiter = {purpose, since: unixNow(), resolve, reject, leave};
			const removeCallback = signal && onAbort(signal, () => giveUp(signal.reason));
			this.#waiters.add(waiter);
		});
	}

	/** Serves the caller that has waited longest. */
	serve(lend: (purpose: string, since: number) => Checkout): void {
		for (const waiter of this.#waiters) {
			waiter.leave();
			waiter.resolve(lend(waiter.purpose, waiter.since));
			return;
		}
	}

	rejectAll(reason: Error): void {
		for (const waiter of [...this.#waiters]) {
			waiter.leave();
			waiter.reject(reason);
		}
	}

	snapshot(): readonly {readonly purpose: string; readonly since: number}[] {
		return [...this.#waiters].map(({purpose, since}) => ({purpose, since}));
	}
}
