import {monotonicNow, timeOrigin} from '../../time/real-time.js';

const origin = timeOrigin;

/** Milliseconds of a clock that never jumps, counted from the Unix epoch. */
export function localNow(): number {
	return origin + monotonicNow();
}
