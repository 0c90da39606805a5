import {LoopTimeout} from '../../pool/loop-clock.js';

/**
 * Measures one round trip to a server. It is late if the reply has not arrived within a limit during which this process was
 * running. A reply that is unread because this process is busy, or waits for a processor, is not late.
 */
export class RoundTrip {
	readonly #startedAt = performance.now();
	readonly #timeout: LoopTimeout | undefined;
	#tookMs = 0;
	#isLate = false;

	/**
	 * Call `end` in any case, since there is a timer.
	 *
	 * @param lateMs Milliseconds after which it is late; `Infinity`: never.
	 */
	constructor(lateMs: number) {
		if (lateMs === Number.POSITIVE_INFINITY) return;
		this.#timeout = new LoopTimeout(() => {
			this.#isLate = true;
		}, lateMs).unref();
	}

	/** Milliseconds from the request to the reply, including the time in which this process was not running. */
	get tookMs(): number {
		return this.#tookMs;
	}

	get isLate(): boolean {
		return this.#isLate;
	}

	/** The reply has been read, or the request has failed. */
	end(): void {
		this.#timeout?.clear();
		this.#tookMs = performance.now() - this.#startedAt;
	}
}
