import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {localNow} from '../clock/local-now.js';

/**
 * Writes whose connection was lost, which may still be executed until their deadlines. Neither these nor later writes of the
 * same key are settled before that.
 */
export class InDoubtWrites {
	readonly #byKey = new Map<string, Promise<void>>();
	readonly #wakers = new Set<() => void>();
	#isReleased = false;

	/** The promise that a later write of the key must wait for before it is settled. */
	of(redisKey: string): Promise<void> | undefined {
		return this.#byKey.size === 0 ? undefined : this.#byKey.get(redisKey);
	}

	/** Resolves at local time `finalAt`, from which the writes can no longer be executed. Until then the keys are in doubt. */
	async wait(redisKeys: readonly string[], finalAt: number): Promise<void> {
		if (this.#isReleased) return;
		const final = new Promise<void>((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#wakers.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, Math.max(0, finalAt - localNow()));
			this.#wakers.add(wake);
		});
		for (const redisKey of redisKeys) this.#byKey.set(redisKey, final);
		await final;
		for (const redisKey of redisKeys) if (this.#byKey.get(redisKey) === final) this.#byKey.delete(redisKey);
	}

	/** Ends all waits, because the cache closes. */
	release(): void {
		this.#isReleased = true;
		for (const wake of this.#wakers) wake();
	}
}
