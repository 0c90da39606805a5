/** Something that is stored under a Redis key. */
export type Usable = {
	/** True if it was used since the key was last taken. */
	isUsed: boolean;
};

const maxKept = 4096;

/** Redis keys whose content was used by this process without Redis being asked. Bounded: further ones are noted later. */
export class UsedKeys {
	readonly #used: {readonly redisKey: string; readonly item: Usable}[] = [];

	/** Call it only if the item is not marked as used: building the key takes longer than the check. */
	note(redisKey: string, item: Usable): void {
		if (item.isUsed || this.#used.length >= maxKept) return;
		item.isUsed = true;
		this.#used.push({redisKey, item});
	}

	/** Keys noted since they were last taken, at most `limit`; the others stay for the next call. */
	take(limit: number): readonly string[] {
		return this.#used.splice(0, limit).map(({redisKey, item}) => {
			item.isUsed = false;
			return redisKey;
		});
	}
}
