import {monotonicNow, timeOrigin} from '../../time/real-time.js';

const origin = timeOrigin;

/** Milliseconds of a clock that never jumps, counted from the Unix epoch. */
export function localNow(): number {
	return origin + monotonicNow();
}

/** Local time at time `at` of the monotonic clock, in milliseconds. */
export function localAt(at: number): number {
	return origin + at;
}

/** The time of the monotonic clock, in milliseconds, at local time `at`. */
export function monotonic(at: number): number {
	return at - origin;
}
