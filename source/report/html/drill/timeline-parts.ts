import type {DrillRecording, TimeSlot} from '../../../drills/recording/drill-recording.js';

/** Several slots of a recording taken together. */
export type TimelinePart = Omit<TimeSlot, 'p50Ms'> & {
	readonly fromMs: number;
	readonly toMs: number;
	/** Calls a second. */
	readonly rate: number;
	/** Median of the slot with the most calls, about that of all. */
	readonly p50Ms: number | undefined;
	readonly hitRatio: number | undefined;
};

/**
 * Divides a recording into at most so many parts of equal length. The last one ends with the drill.
 *
 * @param totalMs Length of the drill.
 */
export function timelineParts({slots, slotMs}: DrillRecording, totalMs: number, most: number): readonly TimelinePart[] {
	// After its end a drill waits for the last calls, but no more are due.
	const count = Math.min(slots.length, Math.ceil(totalMs / slotMs));
	const size = Math.max(1, Math.ceil(count / most));
	return Array.from({length: Math.ceil(count / size)}, (_, index) => {
		const fromMs = index * size * slotMs;
		const toMs = Math.min(totalMs, fromMs + size * slotMs);
		const isLast = (index + 1) * size >= count;
		return partOf(slots.slice(index * size, isLast ? slots.length : (index + 1) * size), fromMs, toMs);
	});
}

function partOf(slots: readonly TimeSlot[], fromMs: number, toMs: number): TimelinePart {
	const sum = (field: 'calls' | 'failedCalls' | 'hungCalls' | 'wrongReads' | 'hits' | 'misses') =>
		slots.reduce((total, slot) => total + slot[field], 0);
	const [calls, hits, misses] = [sum('calls'), sum('hits'), sum('misses')];
	const slowest = Math.max(...slots.map(({maxMs = -1}) => maxMs));
	const busiest = slots.reduce((left, right) => (right.calls > left.calls ? right : left));
	return {
		fromMs,
		toMs,
		calls,
		failedCalls: sum('failedCalls'),
		hungCalls: sum('hungCalls'),
		wrongReads: sum('wrongReads'),
		hits,
		misses,
		journal: Math.max(...slots.map(({journal}) => journal)),
		rate: (calls * 1000) / (toMs - fromMs),
		p50Ms: busiest.p50Ms,
		maxMs: slowest < 0 ? undefined : slowest,
		hitRatio: hits + misses === 0 ? undefined : hits / (hits + misses),
	};
}
