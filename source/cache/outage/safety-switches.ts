/**
 * The mechanisms that keep the guarantees, as switches. Tests turn one off to show what it prevents; nothing else does.
 */
export type SafetySwitches = {
	/** Write scripts carry a deadline in server time, and do nothing after it. */
	readonly fencing: boolean;
	/** A loaded value is stored only with the lease that was granted at the miss. */
	readonly leases: boolean;
	/** Keys whose state in Redis is unknown are not read from Redis until they are reconciled. */
	readonly dirtyKeys: boolean;
};

export const allSafetySwitches: SafetySwitches = {fencing: true, leases: true, dirtyKeys: true};
