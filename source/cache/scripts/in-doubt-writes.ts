import {localNow} from '../support/server-clock.js';

/**
 * Changes whose connection was lost: they may still be carried out until their deadlines. Nothing is told of them, nor of a
 * later change of the same key, before that.
 */
export class InDoubtWrites {
	readonly #byKey = new Map<string, Promise<void>>();
	readonly #waiting = new Set<() => void>();
	#released = false;

	/** What a later change of the key has to wait for. */
	of(key: string): Promise<void> | undefined {
		return this.#byKey.size === 0 ? undefined : this.#byKey.get(key);
	}

	/** Resolves when nothing sent before `settledAt` can be carried out any more, for all of the keys. */
	async wait(keys: readonly string[], settledAt: number): Promise<void> {
		if (this.#released) return;
		const settled = new Promise<void>((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#waiting.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, Math.max(0, settledAt - localNow()));
			this.#waiting.add(wake);
		});
		for (const key of keys) this.#byKey.set(key, settled);
		await settled;
		for (const key of keys) if (this.#byKey.get(key) === settled) this.#byKey.delete(key);
	}

	/** Nobody waits any longer: the cache closes. */
	release(): void {
		this.#released = true;
		for (const wake of this.#waiting) wake();
	}
}
