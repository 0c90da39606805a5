/** The application's traffic in one slot of time, a second or more. Serializable. */
export type TrafficSlot = {
	/** Unix time in milliseconds at which it ended. */
	readonly at: number;
	/** Its length. */
	readonly seconds: number;
	/** Commands that ended in it, with any outcome. */
	readonly commands: number;
	readonly errors: number;
	/** Commands that got no reply because their connection closed. */
	readonly lost: number;
	/** Hits and misses, as far as replies show them. */
	readonly hits: number;
	readonly misses: number;
	/** Keys written. */
	readonly writes: number;
	/** Bytes of these commands and of their replies. */
	readonly requestBytes: number;
	readonly replyBytes: number;
	/** Connections that opened. */
	readonly opened: number;
	/** Connections that were open, and that waited for a reply, at its end. */
	readonly open: number;
	readonly busy: number;
	/**
	 * From the last byte of a request to the first of the reply, in milliseconds; blocking commands are left out. Null
	 * without any.
	 */
	readonly p50Ms: number | null;
	readonly p99Ms: number | null;
	readonly maxMs: number | null;
	/** Longest current wait of a command at its end, in milliseconds; 0 if none waited. Blocking commands are left out. */
	readonly longestWaitMs: number;
};

/**
 * Merges two consecutive slots: counts are added; of p99, maximum and waits the higher one is kept, so that no spike
 * disappears; the median is the mean of both, weighted by the number of commands.
 */
export function mergeSlots(first: TrafficSlot, second: TrafficSlot): TrafficSlot {
	return {
		at: second.at,
		seconds: first.seconds + second.seconds,
		commands: first.commands + second.commands,
		errors: first.errors + second.errors,
		lost: first.lost + second.lost,
		hits: first.hits + second.hits,
		misses: first.misses + second.misses,
		writes: first.writes + second.writes,
		requestBytes: first.requestBytes + second.requestBytes,
		replyBytes: first.replyBytes + second.replyBytes,
		opened: first.opened + second.opened,
		open: second.open,
		busy: Math.max(first.busy, second.busy),
		p50Ms: meanOf(first, second),
		p99Ms: highest(first.p99Ms, second.p99Ms),
		maxMs: highest(first.maxMs, second.maxMs),
		longestWaitMs: Math.max(first.longestWaitMs, second.longestWaitMs),
	};
}

function meanOf(first: TrafficSlot, second: TrafficSlot): number | null {
	if (first.p50Ms === null || second.p50Ms === null) return first.p50Ms ?? second.p50Ms;
	const commands = first.commands + second.commands;
	if (commands === 0) return (first.p50Ms + second.p50Ms) / 2;
	return (first.p50Ms * first.commands + second.p50Ms * second.commands) / commands;
}

function highest(one: number | null, other: number | null): number | null {
	if (one === null || other === null) return one ?? other;
	return Math.max(one, other);
}
