import type {Origin} from './origin.js';
import type {WorkloadCache} from './types.js';

/** Number of tags over which the keys are spread. */
const tagCount = 16;

/** The tag of a key. */
export const tagOf = (key: number): string => `tag:${key % tagCount}`;

/** Scope of an invalidation: the values of one tag, or all. */
export type InvalidationKind = 'tag' | 'clear';

/** Versions of rows that an invalidation has made outdated. */
type Changed = readonly (readonly [key: number, version: number])[];

/**
 * Invalidations of many keys at once, as an application makes them after a change of many rows. A cache without them gets
 * none.
 */
export class Invalidations {
	readonly #cache: WorkloadCache;
	readonly #origin: Origin;
	/** Number of changes in flight by key: such a change may correctly take effect after an invalidation that began later. */
	readonly #changing = new Map<number, number>();

	constructor(cache: WorkloadCache, origin: Origin) {
		this.#cache = cache;
		this.#origin = origin;
	}

	/** True if the cache knows tags. */
	get arePossible(): boolean {
		return this.#cache.invalidateTags !== undefined && this.#cache.clear !== undefined;
	}

	/** A change of one key begins. Returns a function that ends it. */
	changing(key: number): () => void {
		this.#changing.set(key, (this.#changing.get(key) ?? 0) + 1);
		return () => {
			const left = (this.#changing.get(key) ?? 1) - 1;
			if (left === 0) this.#changing.delete(key);
			else this.#changing.set(key, left);
		};
	}

	/** Changes the rows, and then invalidates. Call `confirm` once the cache has confirmed the invalidation. */
	begin(
		kind: InvalidationKind,
		key: number,
	): {readonly start: () => ReturnType<WorkloadCache['set']>; readonly confirm: () => void} {
		const isMeant = (other: number) => kind === 'clear' || other % tagCount === key % tagCount;
		const changed: Changed = [...this.#origin.used()]
			.filter((other) => isMeant(other) && !this.#changing.has(other))
			.map((other) => [other, this.#origin.change(other)]);
		const cache = this.#cache;
		return {
			async start() {
				if (cache.clear === undefined || cache.invalidateTags === undefined) throw new Error('this cache has no tags');
				return kind === 'clear' ? cache.clear() : cache.invalidateTags([tagOf(key)]);
			},
			confirm: () => {
				for (const [other, version] of changed) this.#origin.acknowledge(other, version);
			},
		};
	}
}
