/** The problems that the tap looks for. The ids are part of its JSON. */
export const findingIds = [
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
] as const;

/** The problem that a finding is about. */
export type FindingId = (typeof findingIds)[number];

/**
 * The weight of a finding:
 *
 * - `info`: costs something, or would under more load
 * - `warning`: makes the application slow, or will in an ordinary event such as a restart
 * - `serious`: gives wrong values, stops everybody, or keeps the application down
 */
export type FindingLevel = 'info' | 'warning' | 'serious';

/** A problem in the application's use of Redis. Names keys and commands, never the value of a key. */
export type Finding = {
	readonly id: FindingId;
	readonly level: FindingLevel;
	/** One line, without figures that change all the time. */
	readonly title: string;
	/** What was seen: counts, times, patterns of keys. */
	readonly evidence: string;
	/** Why it matters. */
	readonly why: string;
	/** What to do. */
	readonly advice: string;
	/** Keys or patterns of keys that are concerned, the worst first. */
	readonly keys: readonly string[];
	/** Unix times in milliseconds between which it was seen. */
	readonly firstSeenAt: number;
	readonly lastSeenAt: number;
};

/** What a rule has found. Its times are those of the traffic. */
export type Problem = Omit<Finding, 'id'>;

/** Most keys or patterns that a finding names. */
export const maxFindingKeys = 5;
