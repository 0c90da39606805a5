import type {OutageSpan} from './history.js';
import type {StoreState} from './store.js';

/** An outage of an application, and what it did meanwhile and in the seconds after. */
export type OutageReaction = OutageSpan & {
	/** Commands without a reply. */
	readonly lost: number;
	/** Connections opened. */
	readonly reconnects: number;
	/** Milliseconds that the command waited that waited longest. */
	readonly longestWaitMs: number;
	/** Milliseconds from the end of the outage until commands were answered again, to the second; undefined if they are not yet. */
	readonly answeredAfterMs: number | undefined;
	readonly isOver: boolean;
};

/** The latest outages that are looked at. */
const shown = 20;

/** Seconds after the end of an outage that count as its aftermath, unless another one begins. */
const aftermathSeconds = 10;

/** The latest outages, newest first. */
export function outageReactions({history, outages, endSecond}: StoreState): readonly OutageReaction[] {
	if (endSecond === undefined) return [];
	return outages
		.map((outage, index) => reactionTo(outage, outages[index + 1], endSecond, history))
		.slice(-shown)
		.reverse();
}

function reactionTo(
	outage: OutageSpan,
	next: OutageSpan | undefined,
	endSecond: number,
	history: StoreState['history'],
): OutageReaction {
	const from = Math.floor(outage.from / 1000);
	const over = outage.to === undefined ? undefined : Math.floor(outage.to / 1000);
	const nextFrom = next ? Math.floor(next.from / 1000) - 1 : endSecond;
	const last = Math.min(endSecond, nextFrom, over === undefined ? endSecond : over + aftermathSeconds);
	const traffic = last < from ? undefined : history.total(last, last - from + 1)?.application;
	let answeredAfterMs: number | undefined;
	for (let second = over ?? Number.POSITIVE_INFINITY; second <= last; second++) {
		const after = history.total(second, 1)?.application;
		if (!after || after.commands - after.lost <= 0) continue;
		answeredAfterMs = Math.max(0, (second - (over ?? second)) * 1000);
		break;
	}
	return {
		...outage,
		lost: Math.round(traffic?.lost ?? 0),
		reconnects: Math.round(traffic?.opened ?? 0),
		longestWaitMs: traffic?.longestWaitMs ?? 0,
		answeredAfterMs,
		isOver: outage.to !== undefined,
	};
}
