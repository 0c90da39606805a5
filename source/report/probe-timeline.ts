import type {LatencyDot, TimeSlot} from '../drills/recording/drill-recording.js';

/** Requests to one address of an application during a drill, as a report draws them. */
export type ProbeTimeline = {
	/** `GET http://localhost:3000/users/1` */
	readonly name: string;
	/** Share of requests that were answered in time and as expected, 0 to 1. */
	readonly availability: number;
	/** Milliseconds from when the last fault was lifted until requests were answered as expected; null if they never were. */
	readonly recoveryMs: number | null;
	/** Length of a slot in milliseconds. */
	readonly slotMs: number;
	readonly slots: readonly Pick<TimeSlot, 'calls' | 'failedCalls'>[];
	readonly dots: readonly LatencyDot[];
};
