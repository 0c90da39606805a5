import {performance} from 'node:perf_hooks';

const SLOTS = 10;

/** Events a second, over the last full second in steps of a tenth. */
export class RateMeter {
	readonly #counts = new Float64Array(SLOTS + 1);
	readonly #now: () => number;
	#slot: number;

	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
		this.#slot = Math.floor(now() / 100);
	}

	/** @param at The time now, if the caller has it already. */
	add(count = 1, at: number = this.#now()): void {
		this.#advance(at);
		this.#counts[this.#slot % (SLOTS + 1)] = (this.#counts[this.#slot % (SLOTS + 1)] ?? 0) + count;
	}

	perSecond(): number {
		this.#advance(this.#now());
		let sum = 0;
		// The slot that is not over yet would make the figure waver.
		for (let index = 0; index <= SLOTS; index++) {
			if (index !== this.#slot % (SLOTS + 1)) sum += this.#counts[index] ?? 0;
		}
		return sum;
	}

	#advance(at: number): void {
		const slot = Math.floor(at / 100);
		if (slot <= this.#slot) return;
		const passed = Math.min(slot - this.#slot, SLOTS + 1);
		for (let back = 0; back < passed; back++) this.#counts[(slot - back) % (SLOTS + 1)] = 0;
		this.#slot = slot;
	}
}
