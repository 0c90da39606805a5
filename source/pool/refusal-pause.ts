import {monotonicNow} from '../time/real-time.js';

const firstMs = 1000;
const maxMs = 60_000;

/**
 * The pause before a command that was refused with NOPERM is tried again, since the right may have been granted. Doubles with
 * each refusal.
 */
export class RefusalPause {
	#ms = 0;
	#until = Number.NEGATIVE_INFINITY;

	/** True if the command was not refused, or the pause since the refusal is over. */
	get isOver(): boolean {
		return monotonicNow() >= this.#until;
	}

	/** @returns Milliseconds until the command can be tried again. */
	refused(): number {
		this.#ms = Math.min(maxMs, this.#ms === 0 ? firstMs : 2 * this.#ms);
		this.#until = monotonicNow() + this.#ms;
		return this.#ms;
	}

	/** The command was accepted: resets the pause. */
	granted(): void {
		this.#ms = 0;
		this.#until = Number.NEGATIVE_INFINITY;
	}
}
