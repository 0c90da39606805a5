/** Unix time in microseconds. Follows the system's clock, and has the fraction of a millisecond from a finer one. */
export function microseconds(): number {
	const coarse = Date.now() * 1000;
	const fine = Math.floor((performance.timeOrigin + performance.now()) * 1000 + drift);
	if (fine >= coarse && fine < coarse + 1000) return fine;
	// The system's clock was set, or drifts against the other one.
	drift += coarse - fine;
	return coarse;
}

let drift = 0;
