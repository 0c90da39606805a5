/** Unix time in microseconds: that of the system clock, with the fraction of a millisecond from the monotonic clock. */
export function microseconds(): number {
	const coarse = Date.now() * 1000;
	const fine = Math.floor((performance.timeOrigin + performance.now()) * 1000 + drift);
	if (fine >= coarse && fine < coarse + 1000) return fine;
	// The system clock was set, or the two clocks have drifted apart.
	drift += coarse - fine;
	return coarse;
}

let drift = 0;
