/** The problem that a finding is about. The ids are part of the tap's JSON. */
export type FindingId =
	| 'stampede'
	| 'stale-fill'
	| 'no-ttl'
	| 'same-ttl'
	| 'hot-key'
	| 'big-value'
	| 'blocking-command'
	| 'round-trips'
	| 'connection-churn'
	| 'never-read'
	| 'low-hit-ratio'
	| 'repeated-miss'
	| 'retry-storm'
	| 'no-timeout'
	| 'server-settings';

/** The problems that the tap looks for, in the order of its report. */
export const findingIds: readonly FindingId[] = [
	'stampede',
	'stale-fill',
	'no-ttl',
	'same-ttl',
	'hot-key',
	'big-value',
	'blocking-command',
	'round-trips',
	'connection-churn',
	'never-read',
	'low-hit-ratio',
	'repeated-miss',
	'retry-storm',
	'no-timeout',
	'server-settings',
];

/**
 * The weight of a finding:
 *
 * - `info`: costs something, or would under more load
 * - `warning`: makes the application slow, or will in an ordinary event such as a restart
 * - `serious`: returns wrong values, stops all callers, or keeps the application down
 */
export type FindingLevel = 'info' | 'warning' | 'serious';

/** A problem in the application's use of Redis. Names keys and commands, never the value of a key. */
export type Finding = {
	/** The problem: a section of the guide to findings. */
	readonly id: FindingId;
	/** Its weight. */
	readonly level: FindingLevel;
	/** One line, without figures that change all the time. */
	readonly title: string;
	/** The observation: counts, times, patterns of keys. */
	readonly evidence: string;
	/** Why it matters. */
	readonly why: string;
	/** The remedy, as a sentence. */
	readonly advice: string;
	/** Affected keys or patterns of keys, the worst first. */
	readonly keys: readonly string[];
	/** Unix time in milliseconds at which it was first seen. */
	readonly firstSeenAt: number;
	/** Unix time in milliseconds at which it was last seen. */
	readonly lastSeenAt: number;
};

/** A finding of one rule, without the id of the rule. Its times are those of the traffic. */
export type Problem = Omit<Finding, 'id'>;

/** Most keys or patterns that a finding names. */
export const maxFindingKeys = 5;
