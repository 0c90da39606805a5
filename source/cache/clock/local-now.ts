const origin = performance.timeOrigin;

/** Milliseconds of a clock that never jumps, counted from the Unix epoch. */
export function localNow(): number {
	return origin + performance.now();
}
