import {clearTimeout, setTimeout} from '../../time/real-time.js';

type Waiter = {readonly resolve: () => void; readonly reject: (error: Error) => void; readonly timer: NodeJS.Timeout};

/** Callers that wait until all lanes are ready, each with a time-out of its own. */
export class ReadyWaiters {
	readonly #waiters = new Set<Waiter>();

	/** @param timeoutError Makes the error to reject with after `timeoutMs`. */
	wait(timeoutMs: number, timeoutError: () => Error): Promise<void> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#waiters.delete(waiter);
				reject(timeoutError());
			}, timeoutMs);
			const waiter: Waiter = {resolve, reject, timer};
			this.#waiters.add(waiter);
		});
	}

	resolveAll(): void {
		for (const waiter of this.#takeAll()) waiter.resolve();
	}

	rejectAll(error: Error): void {
		for (const waiter of this.#takeAll()) waiter.reject(error);
	}

	#takeAll(): readonly Waiter[] {
		const waiters = [...this.#waiters];
		this.#waiters.clear();
		for (const waiter of waiters) clearTimeout(waiter.timer);
		return waiters;
	}
}
