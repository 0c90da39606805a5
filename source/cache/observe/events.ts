import {InvalidArgumentError} from '../../pool/errors.js';
import type {CacheEvents} from '../api/cache-events.js';
import {checkFunction} from '../options/checks.js';

type Listener<E extends keyof CacheEvents> = (payload: CacheEvents[E]) => void;
type Listeners = {[E in keyof CacheEvents]: Set<Listener<E>>};

/**
 * The events of a cache. An event without listeners costs one check of a size; a listener that throws affects nothing else.
 */
export class CacheEmitter {
	/** `wants('hit')` as a plain field, since every memory hit reads it. */
	wantsHit = false;
	/** True if reads have listeners. */
	wantsReads = false;
	readonly #warned = new Set<keyof CacheEvents>();
	readonly #listeners: Listeners = {
		hit: new Set(),
		miss: new Set(),
		set: new Set(),
		delete: new Set(),
		evict: new Set(),
		load: new Set(),
		error: new Set(),
		mode: new Set(),
		restriction: new Set(),
		reconcile: new Set(),
		coherence: new Set(),
		clockStep: new Set(),
		node: new Set(),
		pool: new Set(),
	};

	/**
	 * @returns A function that removes the listener.
	 * @throws {InvalidArgumentError} there is no such event, or the listener is not a function.
	 */
	on<E extends keyof CacheEvents>(event: E, listener: Listener<E>): () => void {
		if (!Object.hasOwn(this.#listeners, event))
			throw new InvalidArgumentError(
				`there is no event ${JSON.stringify(event)}: there are ${Object.keys(this.#listeners).join(', ')}`,
			);
		checkFunction(listener, 'the listener');
		const listeners = this.#listeners[event];
		listeners.add(listener);
		this.#listenersChanged();
		return () => {
			listeners.delete(listener);
			this.#listenersChanged();
		};
	}

	#listenersChanged(): void {
		this.wantsHit = this.wants('hit');
		this.wantsReads = this.wantsHit || this.wants('miss') || this.wants('error');
	}

	/** True if the event has listeners: payloads need not be built otherwise. */
	wants(event: keyof CacheEvents): boolean {
		return this.#listeners[event].size > 0;
	}

	emit<E extends keyof CacheEvents>(event: E, payload: CacheEvents[E]): void {
		const listeners = this.#listeners[event];
		if (listeners.size === 0) return;
		// Iterates over a copy: a listener that removes and adds itself must be called only once for this event.
		for (const listener of [...listeners]) {
			try {
				const result: unknown = listener(payload);
				if (result instanceof Promise) result.catch((error: unknown) => this.#warn(event, error));
			} catch (error) {
				this.#warn(event, error);
			}
		}
	}

	/**
	 * Warns once for each event, since a listener that throws usually throws each time. Omits the error's message, which may
	 * hold keys or values.
	 */
	#warn(event: keyof CacheEvents, error: unknown): void {
		if (this.#warned.has(event)) return;
		this.#warned.add(event);
		const name = error instanceof Error ? error.name : typeof error;
		process.emitWarning(
			`a listener of the cache's ${event} event threw (${name}): handle errors in the listener`,
			'RedisCacheWarning',
		);
	}
}
