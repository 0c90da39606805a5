import {setTimeout as sleep} from 'node:timers/promises';

/** Calls that it answers in its usual time. */
export const capacity = 50;
/** Milliseconds of a call while no more than that are in progress. */
const usualMs = 100;
const tickMs = 5;

/**
 * A database that takes 50 calls at a time. With more it gets slower than its share, as one that swaps or waits for locks:
 * twice as many take four times as long. It does not notice that a caller has given up.
 */
export class Origin {
	readonly #calls: {progress: number; readonly done: () => void}[] = [];
	#isRunning = true;
	/** Calls made, answered in all, and in progress at most. */
	readonly counts = {calls: 0, answered: 0, peak: 0};

	constructor() {
		void this.#run();
	}

	call(): Promise<void> {
		this.counts.calls++;
		return new Promise((done) => {
			this.#calls.push({progress: 0, done});
			this.counts.peak = Math.max(this.counts.peak, this.#calls.length);
		});
	}

	stop(): void {
		this.#isRunning = false;
	}

	async #run(): Promise<void> {
		for (let last = performance.now(); this.#isRunning; ) {
			await sleep(tickMs);
			const now = performance.now();
			const speed = Math.min(1, (capacity / this.#calls.length) ** 2);
			for (const call of this.#calls) call.progress += ((now - last) / usualMs) * speed;
			last = now;
			for (let index = this.#calls.length - 1; index >= 0; index--) {
				const call = this.#calls[index];
				if (call === undefined || call.progress < 1) continue;
				this.#calls.splice(index, 1);
				this.counts.answered++;
				call.done();
			}
		}
	}
}
