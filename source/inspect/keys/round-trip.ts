import {LoopTimeout} from '../../pool/loop-clock.js';

/**
 * One round trip to a server. It is late if its reply had not arrived after a time in which this process was running: a
 * reply that is unread because this process is busy, or waits for a processor, does not count.
 */
export class RoundTrip {
	readonly #startedAt = performance.now();
	readonly #timeout: LoopTimeout | undefined;
	#tookMs = 0;
	#isLate = false;

	/**
	 * @param lateMs Milliseconds after which it is late; `Infinity`: never.
	 * Call `end` in any case: there is a timer.
	 */
	constructor(lateMs: number) {
		if (lateMs === Number.POSITIVE_INFINITY) return;
		this.#timeout = new LoopTimeout(() => {
			this.#isLate = true;
		}, lateMs).unref();
	}

	/** Milliseconds from the request to the reply, waiting of this process included. */
	get tookMs(): number {
		return this.#tookMs;
	}

	get isLate(): boolean {
		return this.#isLate;
	}

	/** The reply has been read, or there is none. */
	end(): void {
		this.#timeout?.clear();
		this.#tookMs = performance.now() - this.#startedAt;
	}
}
