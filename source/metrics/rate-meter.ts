import {monotonicNow} from '../time/real-time.js';

/** Slots of 100 ms in the window of one second. */
const slotCount = 10;

/** Events per second, over the last second, in slots of 100 ms. */
export class RateMeter {
	readonly #counts = new Float64Array(slotCount + 1);
	readonly #now: () => number;
	#slot: number;

	constructor(now: () => number = () => monotonicNow()) {
		this.#now = now;
		this.#slot = Math.floor(now() / 100);
	}

	/** @param at The current time, if the caller has already read the clock. */
	add(count = 1, at: number = this.#now()): void {
		this.#advance(at);
		this.#counts[this.#slot % (slotCount + 1)] = (this.#counts[this.#slot % (slotCount + 1)] ?? 0) + count;
	}

	perSecond(): number {
		this.#advance(this.#now());
		let sum = 0;
		// The current slot is not complete: counting it would make the rate fluctuate.
		for (let index = 0; index <= slotCount; index++) {
			if (index !== this.#slot % (slotCount + 1)) sum += this.#counts[index] ?? 0;
		}
		return sum;
	}

	#advance(at: number): void {
		const slot = Math.floor(at / 100);
		if (slot <= this.#slot) return;
		const passed = Math.min(slot - this.#slot, slotCount + 1);
		for (let back = 0; back < passed; back++) this.#counts[(slot - back) % (slotCount + 1)] = 0;
		this.#slot = slot;
	}
}
