import type {TapSnapshot} from '../../engine/protocol.js';

/** Counted from one snapshot to another. */
type Counts = {
	readonly seconds: number;
	/** Keys asked for that were there, and that were not. */
	readonly hits: number;
	readonly misses: number;
	readonly commands: number;
	readonly errors: number;
	/** Commands without a reply, because their connection closed. */
	readonly lost: number;
	/** Connections opened. */
	readonly opened: number;
	/** Bytes from the application, and to it. */
	readonly bytesIn: number;
	readonly bytesOut: number;
};

/** Of what is counted, none of these adds up. */
type Extremes = {
	/** Latency on the wire, in milliseconds. Undefined without commands. */
	readonly p50: number | undefined;
	readonly p99: number | undefined;
	/** The most connections that were open, and that waited for a reply. */
	readonly open: number;
	readonly busy: number;
	/** Milliseconds that a command has waited for its reply, the longest one. */
	readonly longestWaitMs: number;
};

/** The traffic of an application behind the tap, in one second or in several, merged. */
export type ApplicationSample = Counts & Extremes;

const countsBetween = (before: TapSnapshot, after: TapSnapshot): Counts => ({
	seconds: after.seconds - before.seconds,
	hits: after.reads.hits - before.reads.hits,
	misses: after.reads.misses - before.reads.misses,
	commands: after.commands.total - before.commands.total,
	errors: after.commands.errors - before.commands.errors,
	lost: after.commands.lost - before.commands.lost,
	opened: after.connections.opened - before.connections.opened,
	bytesIn: after.bytes.in - before.bytes.in,
	bytesOut: after.bytes.out - before.bytes.out,
});

/** The traffic between two snapshots. Undefined without a tap. */
export function applicationBetween(
	before: TapSnapshot | undefined,
	after: TapSnapshot | undefined,
): ApplicationSample | undefined {
	if (!before || !after) return undefined;
	const counts = countsBetween(before, after);
	const {open, busy, longestWaitMs} = after.connections;
	const {p50, p99} = counts.commands > 0 ? after.latencyMs : {p50: null, p99: null};
	return {...counts, p50: p50 ?? undefined, p99: p99 ?? undefined, open, busy, longestWaitMs};
}

const highest = (a: number | undefined, b: number | undefined): number | undefined =>
	a === undefined ? b : b === undefined ? a : Math.max(a, b);

/** A median of medians, weighted by their commands. */
function median(a: ApplicationSample, b: ApplicationSample): number | undefined {
	if (a.p50 === undefined || b.p50 === undefined) return a.p50 ?? b.p50;
	const weight = a.commands + b.commands;
	return weight === 0 ? (a.p50 + b.p50) / 2 : (a.p50 * a.commands + b.p50 * b.commands) / weight;
}

const mergedExtremes = (a: ApplicationSample, b: ApplicationSample): Extremes => ({
	p50: median(a, b),
	p99: highest(a.p99, b.p99),
	open: Math.max(a.open, b.open),
	busy: Math.max(a.busy, b.busy),
	longestWaitMs: Math.max(a.longestWaitMs, b.longestWaitMs),
});

/** Two samples of the same beginning: the counts are those of the later one. */
export function grownApplication(
	before: ApplicationSample | undefined,
	after: ApplicationSample | undefined,
): ApplicationSample | undefined {
	return before && after ? {...after, ...mergedExtremes(before, after)} : (after ?? before);
}

/** Two samples, one after the other. */
export function mergeApplication(
	a: ApplicationSample | undefined,
	b: ApplicationSample | undefined,
): ApplicationSample | undefined {
	if (!a || !b) return a ?? b;
	return {
		seconds: a.seconds + b.seconds,
		hits: a.hits + b.hits,
		misses: a.misses + b.misses,
		commands: a.commands + b.commands,
		errors: a.errors + b.errors,
		lost: a.lost + b.lost,
		opened: a.opened + b.opened,
		bytesIn: a.bytesIn + b.bytesIn,
		bytesOut: a.bytesOut + b.bytesOut,
		...mergedExtremes(a, b),
	};
}

/** One of the equal parts of a sample that covers several seconds. */
export function shareOfApplication(
	sample: ApplicationSample | undefined,
	parts: number,
): ApplicationSample | undefined {
	return (
		sample && {
			...sample,
			seconds: sample.seconds / parts,
			hits: sample.hits / parts,
			misses: sample.misses / parts,
			commands: sample.commands / parts,
			errors: sample.errors / parts,
			lost: sample.lost / parts,
			opened: sample.opened / parts,
			bytesIn: sample.bytesIn / parts,
			bytesOut: sample.bytesOut / parts,
		}
	);
}

/** The share of keys that were there, 0 to 1; undefined without reads. */
export const hitRatioOfApplication = ({hits, misses}: ApplicationSample): number | undefined =>
	hits + misses > 0 ? hits / (hits + misses) : undefined;

/** A count as its rate in a second. */
export const rateOf = (count: number, {seconds}: ApplicationSample): number => (seconds > 0 ? count / seconds : 0);
