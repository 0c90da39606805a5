/** `load/limits/`: the number of concurrent loaders, and the pause after a failed one. */
import type {LoadsSnapshot} from '../../../metrics/snapshot.js';
import {LoadQueueFullError} from '../../api/errors.js';

/** A place in the queue for a slot. */
export type Turn = {
	/** Resolves when the slot is taken. */
	readonly promise: Promise<void>;
	/** Leaves the queue. If the slot was taken meanwhile, gives it back. */
	cancel(): void;
};

/** Limits the loaders that run concurrently in this process, to protect the source when many values are missing at once. */
export class LoaderSlots {
	/** Requests refused since the start. */
	rejected = 0;
	readonly #max: number;
	readonly #maxWaiting: number;
	readonly #waiting = new Set<() => void>();
	#taken = 0;

	/** @param max `Infinity`: no limit. */
	constructor({max, maxWaiting}: {readonly max: number; readonly maxWaiting: number}) {
		this.#max = max;
		this.#maxWaiting = maxWaiting;
	}

	snapshot(): LoadsSnapshot {
		return {
			running: this.#taken,
			waiting: this.#waiting.size,
			maxRunning: this.#max,
			maxWaiting: this.#maxWaiting,
		};
	}

	/**
	 * Takes a slot, to be given back by `leave`.
	 *
	 * @returns `undefined` if the slot was taken at once; otherwise the place in the queue, whose slot is given back by
	 * `cancel`, or by `leave` once it was taken.
	 * @throws {LoadQueueFullError} there is neither a free slot nor room in the queue.
	 */
	enter(key: string): Turn | undefined {
		if (this.#taken < this.#max) {
			this.#taken++;
			return undefined;
		}
		if (this.#waiting.size >= this.#maxWaiting) {
			this.rejected++;
			throw new LoadQueueFullError(key, this.#taken, this.#waiting.size);
		}
		let isTaken = false;
		let take = () => {};
		const promise = new Promise<void>((resolve) => {
			take = () => {
				isTaken = true;
				resolve();
			};
		});
		this.#waiting.add(take);
		return {
			promise,
			cancel: () => {
				if (isTaken) this.leave();
				else this.#waiting.delete(take);
			},
		};
	}

	/** Gives a slot back. The request that has waited longest gets it. */
	leave(): void {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#taken--;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}
