/** An entry or marker, whose uses are recorded. */
export type Usable = {
	/** True if it was used since its key was last taken. */
	isUsed: boolean;
};

const maxKept = 4096;

/**
 * Redis keys whose content this process has used without asking Redis. Bounded: when full, further keys are recorded at a later
 * use.
 */
export class UsedKeys {
	readonly #used: {readonly redisKey: string; readonly item: Usable}[] = [];

	/** Check `isUsed` before the call: building the key takes longer than that. */
	note(redisKey: string, item: Usable): void {
		if (item.isUsed || this.#used.length >= maxKept) return;
		item.isUsed = true;
		this.#used.push({redisKey, item});
	}

	/** Removes and returns at most `limit` keys; the others stay for the next call. */
	take(limit: number): readonly string[] {
		return this.#used.splice(0, limit).map(({redisKey, item}) => {
			item.isUsed = false;
			return redisKey;
		});
	}
}
