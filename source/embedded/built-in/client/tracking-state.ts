/** What CLIENT TRACKING has switched on for a client. */
export type TrackingState = {
	readonly bcast: boolean;
	readonly prefixes: Set<string>;
	/** Client id; 0: no redirection. */
	readonly redirect: number;
	readonly option: 'none' | 'optin' | 'optout';
	readonly noLoop: boolean;
	/** CLIENT CACHING was given for the next command. */
	caching: boolean;
	/** The client redirected to is gone. */
	brokenRedirect: boolean;
};
