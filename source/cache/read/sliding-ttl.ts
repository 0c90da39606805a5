import {localNow} from '../clock/local-now.js';
import type {Namespace} from '../keys/namespace.js';

const maxInProgress = 1024;

/**
 * Restarts the TTL of entries that are read in the second half of their lifetime. Concurrent reads of an entry cause only one
 * restart.
 */
export class SlidingTtl {
	readonly #touch: (namespace: Namespace, key: string) => Promise<unknown>;
	readonly #inProgress = new Set<string>();

	constructor(touch: (namespace: Namespace, key: string) => Promise<unknown>) {
		this.#touch = touch;
	}

	onHit(
		namespace: Namespace,
		key: string,
		hit: {readonly kind: 'value' | 'absent'; readonly freshUntil: number; readonly ttlMs: number},
	): void {
		if (hit.kind !== 'value' || hit.freshUntil - localNow() > hit.ttlMs / 2) return;
		if (this.#inProgress.size >= maxInProgress) return;
		const redisKey = namespace.redisKey(key);
		if (this.#inProgress.has(redisKey)) return;
		this.#inProgress.add(redisKey);
		this.#touch(namespace, key)
			.catch(() => {})
			.finally(() => this.#inProgress.delete(redisKey));
	}
}
