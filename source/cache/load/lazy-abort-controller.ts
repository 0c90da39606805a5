/**
 * Aborts a load. The AbortSignal is created only if the loader reads it: creating one takes longer than most of the rest of a
 * load.
 */
export class LazyAbortController {
	#controller: AbortController | undefined;
	#aborted: {readonly reason: unknown} | undefined;
	#listener: ((reason: unknown) => void) | undefined;

	get signal(): AbortSignal {
		if (this.#controller === undefined) {
			this.#controller = new AbortController();
			if (this.#aborted !== undefined) this.#controller.abort(this.#aborted.reason);
		}
		return this.#controller.signal;
	}

	/** Only the first reason counts. */
	abort(reason: unknown): void {
		if (this.#aborted !== undefined) return;
		this.#aborted = {reason};
		this.#controller?.abort(reason);
		this.#listener?.(reason);
	}

	/** Called once with the reason; immediately if already aborted. One listener at a time; `undefined`: none. */
	set listener(listener: ((reason: unknown) => void) | undefined) {
		this.#listener = listener;
		if (this.#aborted !== undefined) listener?.(this.#aborted.reason);
	}
}
