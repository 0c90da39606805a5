import type {ApplicationSnapshot, TrafficSlot} from '../../engine/protocol.js';
import {mergeSlots} from '../../tap/timeline/traffic-slot.js';

/** The traffic of the application in a sample. */
export type ApplicationSample = TrafficSlot & {
	/** Error replies by code. */
	readonly errorsByCode: Readonly<Record<string, number>>;
};

/**
 * The traffic of the application between two snapshots. Counts are differences of totals, so that they are of the same
 * time as all other figures of a sample; latencies are those of the engine's last second. Undefined without a tap.
 */
export function applicationBetween(
	before: ApplicationSnapshot | undefined,
	after: ApplicationSnapshot | undefined,
): ApplicationSample | undefined {
	if (!before || !after) return undefined;
	const {reads, commands, writes, bytes, connections, live, seconds} = after;
	const last = live.lastSecond;
	return {
		at: last?.at ?? 0,
		seconds: seconds - before.seconds,
		commands: commands.total - before.commands.total,
		errors: commands.errors - before.commands.errors,
		errorsByCode: mapValues(after.errors, (count, code) => count - (before.errors[code] ?? 0)),
		lost: commands.lost - before.commands.lost,
		hits: reads.hits - before.reads.hits,
		misses: reads.misses - before.reads.misses,
		writes: writes.total - before.writes.total,
		requestBytes: bytes.in - before.bytes.in,
		replyBytes: bytes.out - before.bytes.out,
		opened: connections.opened - before.connections.opened,
		open: connections.open,
		busy: connections.busy,
		p50Ms: last?.p50Ms ?? null,
		p99Ms: last?.p99Ms ?? null,
		maxMs: last?.maxMs ?? null,
		longestWaitMs: connections.longestWaitMs,
	};
}

/** Merges two consecutive samples. */
export function mergeApplication(
	a: ApplicationSample | undefined,
	b: ApplicationSample | undefined,
): ApplicationSample | undefined {
	if (!a || !b) return a ?? b;
	const errorsByCode = {
		...a.errorsByCode,
		...mapValues(b.errorsByCode, (count, code) => count + (a.errorsByCode[code] ?? 0)),
	};
	return {...mergeSlots(a, b), errorsByCode};
}

/** Merges two samples with the same beginning: the later one has the counts. */
export function grownApplication(
	before: ApplicationSample | undefined,
	after: ApplicationSample | undefined,
): ApplicationSample | undefined {
	if (!before || !after) return after ?? before;
	const {p50Ms, p99Ms, maxMs, busy, longestWaitMs} = mergeSlots(before, after);
	return {...after, p50Ms, p99Ms, maxMs, busy, longestWaitMs};
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
			commands: sample.commands / parts,
			errors: sample.errors / parts,
			errorsByCode: mapValues(sample.errorsByCode, (count) => count / parts),
			lost: sample.lost / parts,
			hits: sample.hits / parts,
			misses: sample.misses / parts,
			writes: sample.writes / parts,
			requestBytes: sample.requestBytes / parts,
			replyBytes: sample.replyBytes / parts,
			opened: sample.opened / parts,
		}
	);
}

/** The share of keys that were there, 0 to 1; undefined without reads. */
export const hitRatioOfTraffic = ({hits, misses}: TrafficSlot): number | undefined =>
	hits + misses > 0 ? hits / (hits + misses) : undefined;

/** A count as its rate in a second. */
export const rateOf = (count: number, {seconds}: TrafficSlot): number => (seconds > 0 ? count / seconds : 0);

function mapValues(
	counts: Readonly<Record<string, number>>,
	map: (count: number, code: string) => number,
): Readonly<Record<string, number>> {
	return Object.fromEntries(Object.entries(counts).map(([code, count]) => [code, map(count, code)]));
}
