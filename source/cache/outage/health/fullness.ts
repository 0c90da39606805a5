import {localNow} from '../../clock/local-now.js';

/** Pause between attempts to set after a server replied that its memory is full, in milliseconds. */
const pauseMs = 250;

/** Remembers that a server has replied that its memory is full: for a moment it is not sent further values. */
export class Fullness {
	/** Local time until which sets are not tried. */
	until = 0;
	/** The error reply to the last refused value. */
	error: Error | undefined;

	note(error: Error): void {
		this.until = localNow() + pauseMs;
		this.error = error;
	}
}
