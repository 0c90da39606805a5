import type {LimitRule} from './link-rules.js';

/** Bytes that may still pass through one connection, for each active `limit`. A limit may count both directions. */
export class ByteLimits {
	readonly #left = new Map<number, number>();

	/** Counting of a limit starts when it is first set. */
	setLimits(limits: readonly LimitRule[]): void {
		const ids = new Set(limits.map(({id}) => id));
		for (const id of this.#left.keys()) if (!ids.has(id)) this.#left.delete(id);
		for (const {id, bytes} of limits) if (!this.#left.has(id)) this.#left.set(id, bytes);
	}

	/** Bytes that may pass under these limits; infinite if there are none. */
	left(limits: readonly LimitRule[]): number {
		let least = Number.POSITIVE_INFINITY;
		for (const {id} of limits) least = Math.min(least, this.#left.get(id) ?? 0);
		return least;
	}

	/** Counts bytes that passed. Returns true if a limit is used up by them. */
	spend(limits: readonly LimitRule[], bytes: number): boolean {
		let isUsedUp = false;
		for (const {id} of limits) {
			const left = (this.#left.get(id) ?? 0) - bytes;
			this.#left.set(id, left);
			if (left <= 0) isUsedUp = true;
		}
		return isUsedUp;
	}
}
