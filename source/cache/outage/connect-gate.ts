/** The time before the first connection, or before its deadline: calls wait for its end. */
export class ConnectGate {
	/** Resolves when the first connection is there, or its deadline has passed. */
	readonly over: Promise<void>;
	/** Whether it is over. */
	isOver = false;
	/** Whether it is still waited for. Until this says no, nobody may go ahead of those who wait. */
	isWaitedFor = true;
	readonly #timer: NodeJS.Timeout;
	#resolve: () => void = () => {};

	/** @param onLate The deadline has passed. */
	constructor(deadlineMs: number, onLate: () => void) {
		this.over = new Promise((resolve) => {
			this.#resolve = resolve;
		});
		// The first of those who wait: whoever calls in the turn in which it is over comes after all that have waited.
		void this.over.then(() => {
			this.isWaitedFor = false;
		});
		this.#timer = setTimeout(() => {
			if (!this.isOver) onLate();
		}, deadlineMs);
	}

	end(): void {
		this.isOver = true;
		clearTimeout(this.#timer);
		this.#resolve();
	}
}
