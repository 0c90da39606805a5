/** Switches for the mechanisms that keep the guarantees. Only tests turn one off, to show what it prevents. */
export type SafetySwitches = {
	/** Write scripts carry a deadline in server time, and do nothing after it. */
	readonly fencing: boolean;
	/** A loaded value is stored only if the lease granted at the miss is still in Redis. */
	readonly leases: boolean;
	/** Keys whose state in Redis is unknown are not read from Redis until they are reconciled. */
	readonly dirtyKeys: boolean;
};

export const allSafetySwitches: SafetySwitches = {fencing: true, leases: true, dirtyKeys: true};
