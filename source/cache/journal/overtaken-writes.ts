type Overtaken = {
	/** Local time of the call that has failed. */
	readonly calledAt: number;
	/** Local time of its failure. */
	readonly failedAt: number;
	/** Changes that had no outcome at that time, and have none yet. */
	left: number;
};

/**
 * Keys of which a change has failed before it was sent, while earlier changes of the same key had no outcome yet. Those may still
 * be executed at any time: a process that gets no processor time sends them late, with a deadline that begins then. So the key
 * is dirty until all of them have their outcome. Changes that are called after the failure are not waited for: a key that is
 * written all the time has always one that is pending.
 */
export class OvertakenWrites {
	readonly #byKey = new Map<string, Overtaken>();

	/**
	 * @param calledAt Local time of the call that has failed.
	 * @param failedAt Local time.
	 * @param pending Other changes of the key that have no outcome; at least 1.
	 */
	overtake(redisKey: string, calledAt: number, failedAt: number, pending: number): void {
		const earlier = this.#byKey.get(redisKey)?.calledAt ?? calledAt;
		this.#byKey.set(redisKey, {calledAt: Math.max(calledAt, earlier), failedAt, left: pending});
	}

	/** True while changes of the key that were called before a failed one may still be executed. Hot path. */
	has(redisKey: string): boolean {
		return this.#byKey.size > 0 && this.#byKey.has(redisKey);
	}

	/** True if a change of the key that was called at this time is older than one that has failed. Hot path. */
	includes(redisKey: string, calledAt: number): boolean {
		return this.#byKey.size > 0 && calledAt <= (this.#byKey.get(redisKey)?.calledAt ?? Number.NEGATIVE_INFINITY);
	}

	/**
	 * A change of the key that was called at this time has its outcome. Hot path.
	 *
	 * @param isLast True if no other one is pending.
	 */
	ended(redisKey: string, calledAt: number, isLast: boolean): void {
		const overtaken = this.#byKey.get(redisKey);
		if (overtaken === undefined) return;
		// One that was called at the very time of the failure may have been called after it.
		if (calledAt < overtaken.failedAt) overtaken.left--;
		if (isLast || overtaken.left === 0) this.#byKey.delete(redisKey);
	}
}
