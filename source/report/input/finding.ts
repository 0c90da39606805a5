/** A problem of an application, as a report shows it. */
export type Finding = {
	/** Name of the rule: `no-ttl`. */
	readonly id: string;
	readonly level: 'info' | 'warn' | 'error';
	readonly title: string;
	/** Counts and patterns of keys, never values. */
	readonly evidence: string;
	/** The reason why it matters, and what to do. */
	readonly advice: string;
	/** Names or patterns of the keys that it is about. */
	readonly keys: readonly string[];
};
