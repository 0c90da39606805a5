import {UnorderedSet, type UnorderedSetItem} from '../support/unordered-set.js';

type Keyed = UnorderedSetItem & {readonly redisKey: string};

type Change<T extends Keyed> = {
	/** Writes that were in progress when the routing changed, and still are. */
	readonly left: Set<T>;
	/** Keys that have to wait. */
	readonly redisKeys: Set<string>;
	/** Resolves when the outcome of all of them is known. */
	readonly over: Promise<void>;
	readonly end: () => void;
};

/**
 * Keeps the order of writes when keys move to other lanes: the next write of a key that has one in progress waits until
 * the outcome of all that were in progress at that time is known. Rare, and over within a deadline or two.
 */
export class RoutingBarrier<T extends Keyed> {
	/** Writes whose outcome is not known. */
	readonly inProgress = new UnorderedSet<T>();
	#change: Change<T> | undefined;

	started(write: T): void {
		this.inProgress.add(write);
	}

	/** Its outcome is known. */
	finished(write: T): void {
		this.inProgress.delete(write);
		const change = this.#change;
		if (change?.left.delete(write) === true && change.left.size === 0) change.end();
	}

	/**
	 * The routing has changed.
	 *
	 * @param unsent Writes in progress that were not sent: they wait, too.
	 * @param starting Returns a function that starts one of them again.
	 */
	begin(unsent: readonly T[], starting: (write: T) => () => void): void {
		if (this.#change === undefined || this.#change.left.size === 0) this.#change = this.#newChange();
		const change = this.#change;
		for (const {redisKey} of this.inProgress) change.redisKeys.add(redisKey);
		for (const write of unsent) this.inProgress.delete(write);
		for (const write of this.inProgress) change.left.add(write);
		for (const write of unsent) void change.over.then(starting(write));
		if (change.left.size === 0) change.end();
	}

	/** The promise that a write of this key has to wait for before it is sent. */
	barrierFor(redisKey: string): Promise<void> | undefined {
		return this.#change?.redisKeys.has(redisKey) === true ? this.#change.over : undefined;
	}

	#newChange(): Change<T> {
		let end: () => void = () => {};
		const over = new Promise<void>((resolve) => {
			end = resolve;
		});
		const change: Change<T> = {left: new Set(), redisKeys: new Set(), over, end};
		// The first reaction to the promise: waiting writes are started in their order, before any later ones.
		void over.then(() => {
			if (this.#change === change) this.#change = undefined;
		});
		return change;
	}
}
