/** Settings of CLIENT TRACKING for a client. */
export type TrackingState = {
	readonly bcast: boolean;
	readonly prefixes: Set<string>;
	/** Id of the client that gets the invalidations; 0 for the client itself. */
	readonly redirect: number;
	readonly option: 'none' | 'optin' | 'optout';
	readonly noLoop: boolean;
	/** True if CLIENT CACHING was sent for the next command. */
	caching: boolean;
	/** True if the client that gets the invalidations is gone. */
	brokenRedirect: boolean;
};
