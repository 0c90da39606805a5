type Waiter = {readonly resolve: () => void; readonly reject: (error: Error) => void; readonly timer: NodeJS.Timeout};

/** Callers that wait until the pool is ready, each with its own patience. */
export class ReadyWaiters {
	readonly #waiters = new Set<Waiter>();

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

	resolve(): void {
		for (const waiter of this.#take()) waiter.resolve();
	}

	reject(error: Error): void {
		for (const waiter of this.#take()) waiter.reject(error);
	}

	#take(): readonly Waiter[] {
		const waiters = [...this.#waiters];
		this.#waiters.clear();
		for (const waiter of waiters) clearTimeout(waiter.timer);
		return waiters;
	}
}
