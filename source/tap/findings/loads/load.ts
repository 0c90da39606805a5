import type {CommandEvent} from '../../traffic.js';

/** A read that did not find its key. */
export type Miss = {
	readonly connection: number;
	/** Time of the first byte of its reply. */
	readonly at: number;
	/** Keys that its command asked for. */
	readonly keyCount: number;
	/** True once the connection that missed has set the key. */
	isFilled: boolean;
	/** True once the connection has read the value after the miss: a later set is then not the fill of this miss. */
	isRenewed: boolean;
};

/** A change of the key that is not a fill: the key then has a newer value, or none. */
export type Change = {
	readonly kind: 'delete' | 'set';
	readonly connection: number;
	readonly sentAt: number;
	readonly repliedAt: number;
};

/** Misses and changes that are kept for one key. */
const maxMisses = 24;
const maxChanges = 4;

/**
 * Shared, and never changed: most loads have one miss and no change, and the first `push` to an empty array allocates 17 slots.
 */
const noMisses: Miss[] = [];
const noChanges: Change[] = [];

/**
 * The traffic of one key from its first miss to the sets that follow it: one value being loaded, by one caller or by
 * several at once. A miss after a fill begins another load.
 */
export class Load {
	#misses: Miss[] = noMisses;
	#changes: Change[] = noChanges;
	/** Sets by connections that had missed the key. */
	fills = 0;
	/** Time of the latest command for the key. */
	lastAt = 0;

	/** @param place Its index in the ring of loads. */
	constructor(readonly place: number) {}

	/** Oldest first. */
	get misses(): readonly Miss[] {
		return this.#misses;
	}

	/** Oldest first. */
	get changes(): readonly Change[] {
		return this.#changes;
	}

	addMiss(event: CommandEvent): void {
		if (this.#misses.length === maxMisses) return;
		const miss: Miss = {
			connection: event.connection,
			at: event.repliedAt ?? event.sentAt,
			keyCount: event.keyCount,
			isFilled: false,
			isRenewed: false,
		};
		if (this.#misses === noMisses) this.#misses = [miss];
		else this.#misses.push(miss);
	}

	addChange(kind: Change['kind'], event: CommandEvent): void {
		const {connection, sentAt} = event;
		const change: Change = {kind, connection, sentAt, repliedAt: event.repliedAt ?? sentAt};
		if (this.#changes === noChanges) this.#changes = [change];
		else {
			if (this.#changes.length === maxChanges) this.#changes.shift();
			this.#changes.push(change);
		}
	}

	/** The oldest miss that a set on this connection may fill. */
	openMissOf(connection: number): Miss | undefined {
		return this.misses.find((miss) => miss.connection === connection && !miss.isFilled);
	}

	/** True if a set may be the fill of a miss, on this or another connection. */
	get hasOpenMiss(): boolean {
		return this.misses.some((miss) => !miss.isFilled);
	}
}
