import type {History, OutageSpan} from './history.js';
import type {Sample} from './sample.js';
import type {StoreState} from './store.js';

/** The time that all charts show. It moves once a second. */
export type TimeFrame = {
	readonly history: History;
	readonly outages: readonly OutageSpan[];
	readonly windowSeconds: number;
	/** Left and right edge, Unix time in milliseconds. */
	readonly from: number;
	readonly to: number;
};

export function timeFrameOf({history, outages, endSecond, snapshot}: StoreState, windowSeconds: number): TimeFrame {
	const lastSecond = endSecond ?? Math.floor((snapshot?.at ?? 0) / 1000) - 1;
	const to = (lastSecond + 1) * 1000;
	return {history, outages, windowSeconds, from: to - windowSeconds * 1000, to};
}

/** One sample for each column of a chart; undefined where nothing was measured. */
export function samplesOf({history, to, windowSeconds}: TimeFrame, columns: number): readonly (Sample | undefined)[] {
	return history.columns(to / 1000 - 1, windowSeconds, columns);
}

/** The last `seconds`, merged; undefined when nothing was measured. */
export function recent({history, endSecond}: StoreState, seconds: number): Sample | undefined {
	return endSecond === undefined ? undefined : history.total(endSecond, seconds);
}

/** Share of reads that memory or Redis answered, 0 to 1; undefined without reads. */
export function hitRatioOf(sample: Sample | undefined): number | undefined {
	if (!sample) return undefined;
	const reads = sample.memory + sample.redis + sample.misses;
	return reads > 0 ? (sample.memory + sample.redis) / reads : undefined;
}

/** Calls a second; undefined when nothing was measured. */
export const callRateOf = (sample: Sample | undefined): number | undefined =>
	sample && sample.seconds > 0 ? sample.calls / sample.seconds : undefined;
