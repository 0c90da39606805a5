/** Milliseconds by which this server's clock is ahead of the machine's. */
let offsetMs = 0;
let drift = 0;

/** Sets the clock this many milliseconds ahead of that of the machine; negative: behind. */
export function setClock(ms: number): void {
	offsetMs = ms;
}

/** Unix time in milliseconds. */
export function milliseconds(): number {
	return Date.now() + offsetMs;
}

/** Unix time in microseconds: the system clock, with the fraction of a millisecond from the monotonic clock. */
export function microseconds(): number {
	const coarse = milliseconds() * 1000;
	const fine = Math.floor((performance.timeOrigin + performance.now()) * 1000 + drift);
	if (fine >= coarse && fine < coarse + 1000) return fine;
	// A clock was set, or the two have drifted apart.
	drift += coarse - fine;
	return coarse;
}
