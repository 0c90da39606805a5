/** `load/limits/`: how many loaders run at once, and how soon one that has failed is called again. */
import type {LoadsSnapshot} from '../../../metrics/snapshot.js';
import {LoadQueueFullError} from '../../api/errors.js';

/** A place in the line for a slot. */
export type Turn = {
	/** Resolves when the slot is taken. */
	readonly promise: Promise<void>;
	/** Leaves the line; a slot that was taken meanwhile is given back. */
	cancel(): void;
};

/**
 * Slots for loaders that run at the same time in this process: they protect the source from more calls than it can take when
 * many values are missing at once.
 */
export class LoaderSlots {
	/** Requests that were refused since the beginning. */
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
	 * @returns `undefined`: it is taken. Else the place in the line; its slot is to be given back by `cancel`, or by `leave`
	 * once it was taken.
	 * @throws {LoadQueueFullError} there is no slot, and no place in the line.
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

	/** Gives a slot back: to the one that has waited longest, if any. */
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
