import {UnorderedSet, type UnorderedSetItem} from '../support/unordered-set.js';

type Keyed = UnorderedSetItem & {readonly key: string};

type Move<T extends Keyed> = {
	/** Writes that were under way when it began, and have not settled. */
	readonly left: Set<T>;
	readonly keys: Set<string>;
	readonly over: Promise<void>;
	readonly end: () => void;
};

/**
 * Keeps the order of writes when keys take other lanes: a key with a write under way has its next one wait until all that
 * were under way at that time have settled. Rare, and over within a deadline or two.
 */
export class RoutingBarrier<T extends Keyed> {
	/** Writes that have not settled. */
	readonly underWay = new UnorderedSet<T>();
	#move: Move<T> | undefined;

	started(write: T): void {
		this.underWay.add(write);
	}

	settled(write: T): void {
		this.underWay.delete(write);
		const move = this.#move;
		if (move?.left.delete(write) === true && move.left.size === 0) move.end();
	}

	/**
	 * Lanes have changed.
	 *
	 * @param unsent Writes under way that were not sent: they wait, too.
	 * @param again Starts one of them anew.
	 */
	begin(unsent: readonly T[], again: (write: T) => void): void {
		if (this.#move === undefined || this.#move.left.size === 0) this.#move = this.#newMove();
		const move = this.#move;
		for (const {key} of this.underWay) move.keys.add(key);
		for (const write of unsent) this.underWay.delete(write);
		for (const write of this.underWay) move.left.add(write);
		for (const write of unsent) void move.over.then(() => again(write));
		if (move.left.size === 0) move.end();
	}

	/** What a write of this key has to wait for. */
	inTheWayOf(key: string): Promise<void> | undefined {
		return this.#move?.keys.has(key) === true ? this.#move.over : undefined;
	}

	#newMove(): Move<T> {
		let end: () => void = () => {};
		const over = new Promise<void>((resolve) => {
			end = resolve;
		});
		const move: Move<T> = {left: new Set(), keys: new Set(), over, end};
		// The first to hear of it: those that have waited go in the order of their calls, before any that come now.
		void over.then(() => {
			if (this.#move === move) this.#move = undefined;
		});
		return move;
	}
}
