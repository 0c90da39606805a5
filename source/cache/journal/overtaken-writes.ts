type Overtaken = {
	/** Local time at which the failed call was made. */
	readonly calledAt: number;
	/** Local time at which it failed. */
	readonly failedAt: number;
	/** Number of changes that had no outcome at that time, and have none yet. */
	left: number;
};

/**
 * Keys of which a change failed before it was sent, while earlier changes of the same key had no outcome yet. Those may still
 * be executed at any time: a process that is short of processor time sends them late, and their deadline starts then. So the
 * key stays dirty until all of them have an outcome. Changes that are made after the failure do not count: a key that is
 * written constantly always has a pending one.
 */
export class OvertakenWrites {
	readonly #byKey = new Map<string, Overtaken>();

	/**
	 * @param calledAt Local time at which the failed call was made.
	 * @param failedAt Local time.
	 * @param pending Other changes of the key that have no outcome; at least 1.
	 */
	overtake(redisKey: string, calledAt: number, failedAt: number, pending: number): void {
		const earlier = this.#byKey.get(redisKey)?.calledAt ?? calledAt;
		this.#byKey.set(redisKey, {calledAt: Math.max(calledAt, earlier), failedAt, left: pending});
	}

	/** True while changes of the key that were made before a failed one may still be executed. Hot path. */
	has(redisKey: string): boolean {
		return this.#byKey.size > 0 && this.#byKey.has(redisKey);
	}

	/** True if a change of the key that was made at this time is older than a failed one. Hot path. */
	includes(redisKey: string, calledAt: number): boolean {
		return this.#byKey.size > 0 && calledAt <= (this.#byKey.get(redisKey)?.calledAt ?? Number.NEGATIVE_INFINITY);
	}

	/**
	 * The change of the key that was made at this time now has an outcome. Hot path.
	 *
	 * @param isLast True if no other one is pending.
	 */
	ended(redisKey: string, calledAt: number, isLast: boolean): void {
		const overtaken = this.#byKey.get(redisKey);
		if (overtaken === undefined) return;
		// A change made at the very time of the failure may have been made after it.
		if (calledAt < overtaken.failedAt) overtaken.left--;
		if (isLast || overtaken.left === 0) this.#byKey.delete(redisKey);
	}
}
