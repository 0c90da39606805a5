import {UnorderedSet, type UnorderedSetItem} from '../support/unordered-set.js';

type Keyed = UnorderedSetItem & {readonly redisKey: string};

/** A key that had writes in progress when the assignment of keys to lanes changed. */
type Held<T extends Keyed> = {
	/** Those of the writes that are still in progress. */
	readonly left: Set<T>;
	/** Resolves when the outcome of all of them is known. */
	readonly over: Promise<void>;
	readonly end: () => void;
};

/**
 * Keeps the order of writes when keys move to other lanes: the next write of a key waits until all writes of that key that were
 * in progress have an outcome. This is rare, and takes one or two deadlines, however often the routing changes meanwhile.
 */
export class RoutingBarrier<T extends Keyed> {
	/** Writes whose outcome is not known. */
	readonly inProgress = new UnorderedSet<T>();
	readonly #held = new Map<string, Held<T>>();

	started(write: T): void {
		this.inProgress.add(write);
	}

	/** The outcome of the write is known. */
	finished(write: T): void {
		this.inProgress.delete(write);
		if (this.#held.size === 0) return;
		const held = this.#held.get(write.redisKey);
		if (held?.left.delete(write) === true && held.left.size === 0) held.end();
	}

	/**
	 * The routing has changed.
	 *
	 * @param unsent Writes in progress that were not sent, which wait as well.
	 * @param starting Returns a function that starts one of them again.
	 */
	begin(unsent: readonly T[], starting: (write: T) => () => void): void {
		for (const write of unsent) this.inProgress.delete(write);
		for (const write of this.inProgress) this.#hold(write.redisKey).left.add(write);
		for (const write of unsent) void this.#hold(write.redisKey).over.then(starting(write));
		for (const {left, end} of this.#held.values()) if (left.size === 0) end();
	}

	/** The promise that a write of this key must wait for before it is sent. */
	barrierFor(redisKey: string): Promise<void> | undefined {
		return this.#held.size === 0 ? undefined : this.#held.get(redisKey)?.over;
	}

	#hold(redisKey: string): Held<T> {
		const existing = this.#held.get(redisKey);
		if (existing !== undefined) return existing;
		let end: () => void = () => {};
		const over = new Promise<void>((resolve) => {
			end = resolve;
		});
		const held: Held<T> = {left: new Set(), over, end};
		this.#held.set(redisKey, held);
		// The first reaction to the promise: only then do waiting writes start, in their order, before any later ones.
		void over.then(() => this.#held.delete(redisKey));
		return held;
	}
}
