/**
 * The end of a load before its time. A signal is made only for a loader that asks for one: that takes longer than most of
 * what a load needs.
 */
export class LazyAbortController {
	#controller: AbortController | undefined;
	#cause: {readonly reason: unknown} | undefined;
	#listener: ((reason: unknown) => void) | undefined;

	get signal(): AbortSignal {
		if (this.#controller === undefined) {
			this.#controller = new AbortController();
			if (this.#cause !== undefined) this.#controller.abort(this.#cause.reason);
		}
		return this.#controller.signal;
	}

	/** Ends the load; only the first reason counts. */
	end(reason: unknown): void {
		if (this.#cause !== undefined) return;
		this.#cause = {reason};
		this.#controller?.abort(reason);
		this.#listener?.(reason);
	}

	/** Tells of the end once, at once if it has come already. One listener at a time; `undefined`: none. */
	set listener(listener: ((reason: unknown) => void) | undefined) {
		this.#listener = listener;
		if (this.#cause !== undefined) listener?.(this.#cause.reason);
	}
}
