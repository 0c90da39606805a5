import {monotonicNow} from '../time/real-time.js';

const firstMs = 1000;
const maxMs = 60_000;

/** How long not to ask what was refused for want of a right: rights are given back some time. Doubles with each refusal. */
export class RefusalPause {
	#ms = 0;
	#until = Number.NEGATIVE_INFINITY;

	/** True if it was not refused, or long enough ago. */
	get isOver(): boolean {
		return monotonicNow() >= this.#until;
	}

	/** @returns Milliseconds until it may be asked again. */
	refused(): number {
		this.#ms = Math.min(maxMs, this.#ms === 0 ? firstMs : 2 * this.#ms);
		this.#until = monotonicNow() + this.#ms;
		return this.#ms;
	}

	/** It was answered. */
	granted(): void {
		this.#ms = 0;
		this.#until = Number.NEGATIVE_INFINITY;
	}
}
