/**
 * The timers and clocks of Node.js, captured when this package is imported. Tests of applications may replace the global ones
 * (`vi.useFakeTimers()`). With fake timers, deadlines would never expire and connections never be reopened, while Redis runs in
 * real time.
 */
export const {setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate} = globalThis;

const {performance} = globalThis;
const {now} = Date;

/** Milliseconds of the monotonic clock. */
export function monotonicNow(): number {
	return performance.now();
}

/** Unix time in milliseconds at which the monotonic clock was 0. */
export const {timeOrigin} = performance;

/** Unix time in milliseconds. */
export function unixNow(): number {
	return now();
}
