import type {DrillRecording, TimeSlot} from '../../../drills/recording/drill-recording.js';

/** Several slots of a recording, merged. */
export type TimelinePart = Omit<TimeSlot, 'p50Ms'> & {
	readonly fromMs: number;
	readonly toMs: number;
	/** Calls a second. */
	readonly rate: number;
	/** Median of the slot with the most calls, as an approximation of the median of all. */
	readonly p50Ms: number | undefined;
	readonly hitRatio: number | undefined;
};

/**
 * Divides a recording into at most `most` parts of equal length. The last one ends with the drill.
 *
 * @param totalMs Length of the drill in milliseconds.
 */
export function timelineParts({slots, slotMs}: DrillRecording, totalMs: number, most: number): readonly TimelinePart[] {
	const size = Math.max(1, Math.ceil(totalMs / slotMs / most));
	// The last part includes the remaining time: a rate over a millisecond is meaningless.
	const count = Math.max(1, Math.round(totalMs / slotMs / size));
	return Array.from({length: count}, (_, index) => {
		const [from, to] = [index * size, (index + 1) * size];
		const isLast = index === count - 1;
		return partOf(slots.slice(from, isLast ? undefined : to), from * slotMs, isLast ? totalMs : to * slotMs);
	});
}

function partOf(slots: readonly TimeSlot[], fromMs: number, toMs: number): TimelinePart {
	const sum = (field: 'calls' | 'failedCalls' | 'hungCalls' | 'wrongReads' | 'hits' | 'misses') =>
		slots.reduce((total, slot) => total + slot[field], 0);
	const [calls, hits, misses] = [sum('calls'), sum('hits'), sum('misses')];
	const slowest = Math.max(-1, ...slots.map(({maxMs = -1}) => maxMs));
	const busiest = slots.find(({calls}) => calls === Math.max(...slots.map((slot) => slot.calls)));
	return {
		fromMs,
		toMs,
		calls,
		failedCalls: sum('failedCalls'),
		hungCalls: sum('hungCalls'),
		wrongReads: sum('wrongReads'),
		hits,
		misses,
		journal: Math.max(0, ...slots.map(({journal}) => journal)),
		rate: (calls * 1000) / (toMs - fromMs),
		p50Ms: busiest?.p50Ms,
		maxMs: slowest < 0 ? undefined : slowest,
		hitRatio: hits + misses === 0 ? undefined : hits / (hits + misses),
	};
}
