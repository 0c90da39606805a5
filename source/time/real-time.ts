/**
 * Timers and clocks, as they are when this package is imported. Tests of applications replace the global ones
 * (`vi.useFakeTimers()`): with those, deadlines and reconnects would never come, while Redis goes on in real time.
 */
export const {setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate} = globalThis;

const {performance} = globalThis;
const {now} = Date;

/** Milliseconds of a clock that never jumps. */
export function monotonicNow(): number {
	return performance.now();
}

/** Unix time in milliseconds at which that clock was 0. */
export const {timeOrigin} = performance;

/** Unix time in milliseconds. */
export function unixNow(): number {
	return now();
}
