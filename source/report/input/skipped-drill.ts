/** A drill that was requested but not started. */
export type SkippedDrill = {
	readonly drill: string;
	/** Why, in one line. */
	readonly reason: string;
};
