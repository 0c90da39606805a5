import type {CacheEvents} from './types.js';

type Listener<E extends keyof CacheEvents> = (payload: CacheEvents[E]) => void;
type Listeners = {[E in keyof CacheEvents]: Set<Listener<E>>};

/** Typed events. Nobody listening costs one look at a set's size; a listener that throws breaks nothing. */
export class CacheEmitter {
	readonly #listeners: Listeners = {
		hit: new Set(),
		miss: new Set(),
		set: new Set(),
		delete: new Set(),
		evict: new Set(),
		load: new Set(),
		error: new Set(),
		mode: new Set(),
		reconcile: new Set(),
		pool: new Set(),
	};

	/** @returns What removes the listener. */
	on<E extends keyof CacheEvents>(event: E, listener: Listener<E>): () => void {
		const listeners = this.#listeners[event];
		listeners.add(listener);
		return () => {
			listeners.delete(listener);
		};
	}

	wants(event: keyof CacheEvents): boolean {
		return this.#listeners[event].size > 0;
	}

	emit<E extends keyof CacheEvents>(event: E, payload: CacheEvents[E]): void {
		for (const listener of this.#listeners[event]) {
			try {
				listener(payload);
			} catch (error) {
				process.emitWarning(
					`a listener of the cache's ${event} event threw: ${error instanceof Error ? error.message : String(error)}`,
					'RedisCacheWarning',
				);
			}
		}
	}

	clear(): void {
		for (const listeners of Object.values(this.#listeners)) listeners.clear();
	}
}
