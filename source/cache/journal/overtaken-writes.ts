/**
 * Keys of which a change has failed before it was sent, while earlier changes of the same key had no outcome yet. Those may still
 * be executed at any time: a process that gets no processor time sends them late, with a deadline that begins then. So the key
 * is dirty until all of them have their outcome.
 */
export class OvertakenWrites {
	/** By Redis key, the local time of the call that has failed. */
	readonly #failedCalls = new Map<string, number>();

	/** @param calledAt Local time of the call that has failed. */
	overtake(redisKey: string, calledAt: number): void {
		this.#failedCalls.set(redisKey, Math.max(calledAt, this.#failedCalls.get(redisKey) ?? calledAt));
	}

	/** True while changes of the key that were called before a failed one may still be executed. Hot path. */
	has(redisKey: string): boolean {
		return this.#failedCalls.size > 0 && this.#failedCalls.has(redisKey);
	}

	/** True if a change of the key that was called at this time is older than one that has failed. Hot path. */
	includes(redisKey: string, calledAt: number): boolean {
		return this.#failedCalls.size > 0 && calledAt <= (this.#failedCalls.get(redisKey) ?? Number.NEGATIVE_INFINITY);
	}

	/** All changes of the key have their outcome. */
	settled(redisKey: string): void {
		this.#failedCalls.delete(redisKey);
	}
}
