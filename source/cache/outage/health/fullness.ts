import {localNow} from '../../clock/local-now.js';

/** Pause between attempts to set after a server replied that its memory is full, in milliseconds. */
const pauseMs = 250;

/** Whether a server has no room for values: one that has replied so is not sent more for a moment. */
export class Fullness {
	/** Local time until which sets are not tried. */
	until = 0;
	/** The reply with which it last refused a value. */
	error: Error | undefined;

	note(error: Error): void {
		this.until = localNow() + pauseMs;
		this.error = error;
	}
}
