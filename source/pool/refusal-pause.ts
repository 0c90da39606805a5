import {monotonicNow} from '../time/real-time.js';

const firstMs = 1000;
const maxMs = 60_000;

/** Pause before a command that was refused for want of a right is sent again, since rights may be granted. Doubles with each refusal. */
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
