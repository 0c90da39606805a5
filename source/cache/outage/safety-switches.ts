/**
 * The three mechanisms that keep the guarantees. They exist as switches only so that tests can show what each of them
 * prevents; nothing outside the tests turns one off.
 */
export type SafetySwitches = {
	/** Deadlines in server time inside the write scripts. */
	readonly fencing: boolean;
	/** Fills only with the lease that was granted at the miss. */
	readonly leases: boolean;
	/** Keys of unknown state are not read from Redis, and are reconciled. */
	readonly dirtyKeys: boolean;
};

export const allSafetySwitches: SafetySwitches = {fencing: true, leases: true, dirtyKeys: true};
