import type {OpenPeer} from '../peers/peer.js';

/** A peer that counts its calls in flight. */
export class WatchedPeer implements OpenPeer {
	readonly #peer: OpenPeer;
	readonly #startedAt = new Map<number, number>();
	#lastId = 0;

	constructor(peer: OpenPeer) {
		this.#peer = peer;
	}

	/** Number of calls that have been in flight for longer than `ms`. */
	pendingFor(ms: number): number {
		const before = performance.now() - ms;
		let count = 0;
		for (const startedAt of this.#startedAt.values()) if (startedAt < before) count++;
		return count;
	}

	get(key: string): Promise<unknown> {
		return this.#watch(() => this.#peer.get(key));
	}

	getOrSet(key: string, loader: () => unknown, ttlMs: number): Promise<unknown> {
		return this.#watch(() => this.#peer.getOrSet(key, loader, ttlMs));
	}

	set(key: string, value: unknown, ttlMs: number): Promise<unknown> {
		return this.#watch(() => this.#peer.set(key, value, ttlMs));
	}

	delete(key: string): Promise<unknown> {
		return this.#watch(() => this.#peer.delete(key));
	}

	close(): Promise<unknown> {
		return this.#peer.close();
	}

	async #watch(call: () => Promise<unknown>): Promise<unknown> {
		this.#lastId++;
		const id = this.#lastId;
		this.#startedAt.set(id, performance.now());
		try {
			return await call();
		} finally {
			this.#startedAt.delete(id);
		}
	}
}
