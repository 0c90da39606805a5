import type {CacheEvents} from '../../cache/api/types.js';
import type {Notice} from '../../cache/live/messages.js';

type Listener<Event extends keyof CacheEvents> = (payload: CacheEvents[Event]) => void;

/** The notices of a live process as events of a cache. */
export class NoticeEvents {
	readonly #listeners: {[Event in keyof CacheEvents]?: Set<Listener<Event>>} = {};

	on<Event extends keyof CacheEvents>(event: Event, listener: Listener<Event>): () => void {
		const listeners: Set<Listener<Event>> = this.#listeners[event] ?? new Set<Listener<Event>>();
		(this.#listeners as {[E in Event]?: Set<Listener<Event>>})[event] = listeners;
		listeners.add(listener);
		return () => listeners.delete(listener);
	}

	emit(notice: Exclude<Notice, {readonly event: 'load'}>): void {
		switch (notice.event) {
			case 'mode':
				this.#emit('mode', notice.payload);
				return;
			case 'node':
				this.#emit('node', notice.payload);
				return;
			case 'restriction':
				this.#emit('restriction', notice.payload);
				return;
			case 'reconcile':
				this.#emit('reconcile', notice.payload);
				return;
			case 'coherence':
				this.#emit('coherence', notice.payload);
				return;
			case 'clockStep':
				this.#emit('clockStep', notice.payload);
				return;
			case 'pool':
				this.#emit('pool', notice.payload);
				return;
			case 'error': {
				const {operation, code, message} = notice.payload;
				this.#emit('error', {operation, error: Object.assign(new Error(message), {code})});
				return;
			}
		}
	}

	#emit<Event extends keyof CacheEvents>(event: Event, payload: CacheEvents[Event]): void {
		for (const listener of this.#listeners[event] ?? []) listener(payload);
	}
}
