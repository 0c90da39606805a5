/** A drill that was asked for and not begun. */
export type SkippedDrill = {
	readonly drill: string;
	/** One line. */
	readonly reason: string;
};
