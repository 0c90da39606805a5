import type {Namespace} from '../keys/namespace.js';
import {localNow} from '../support/server-clock.js';
import type {Writes} from '../write/writes.js';

const maxTouches = 1024;

/** Prolongs entries that are read in the second half of their lives. One command for all who read one meanwhile. */
export class Sliding {
	readonly #writes: Writes;
	readonly #touching = new Set<string>();

	constructor(writes: Writes) {
		this.#writes = writes;
	}

	onHit(
		space: Namespace,
		key: string,
		entry: {readonly kind: string; readonly freshUntil: number; readonly ttlMs: number},
	): void {
		if (entry.kind !== 'value' || entry.freshUntil - localNow() > entry.ttlMs / 2) return;
		if (this.#touching.size >= maxTouches) return;
		const physical = space.keys.entry(key);
		if (this.#touching.has(physical)) return;
		this.#touching.add(physical);
		this.#writes
			.expire(space, key, undefined, {strict: false})
			.catch(() => {})
			.finally(() => this.#touching.delete(physical));
	}
}
