import type {QueuedCommand} from '../admission/admission-queue.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {EntryRead} from './read-types.js';

/** A read of an invalidation time by itself. */
export type TimeRead = {
	readonly timeKey: string;
	readonly resolve: (time: number) => void;
	readonly reject: (error: Error) => void;
};

/** Reads that share one MGET. Each key, and each invalidation time, is in the command once, however many reads need it. */
export class MgetBatch implements QueuedCommand, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** One command in flight. */
	readonly weight = 1;
	/** The command's arguments. */
	readonly keys: string[] = [];
	readonly entries: EntryRead[] = [];
	readonly times: TimeRead[] = [];
	readonly #positions = new Map<string, number>();
	/** Positions of invalidation times. */
	readonly #timePositions = new Map<string, number>();

	constructor(
		/** Slot of a cluster; 0 elsewhere. */
		readonly group: number,
		/** Local time at which its first read was asked for. */
		readonly askedAt: number,
		/** State of the change clock then. A change made here after that may reach Redis before the read or after it. */
		readonly sequence: number,
		/** Epoch of the invalidation times then. */
		readonly timesEpoch: number,
	) {}

	/** Number of keys to read, without the invalidation times that are read along with them. */
	get size(): number {
		return this.#positions.size;
	}

	/** @param timeKey Its invalidation time is read in the same command; `undefined`: it is in another slot of the cluster. */
	addEntry(read: EntryRead, timeKey: string | undefined): void {
		this.entries.push(read);
		if (timeKey !== undefined) read.timePosition = this.#timePosition(timeKey);
		read.position = this.#position(read.redisKey);
	}

	addTime(read: TimeRead): void {
		this.#positions.set(read.timeKey, this.#timePosition(read.timeKey));
		this.times.push(read);
	}

	/** The invalidation times that the command reads, each with its position. */
	get timeEntries(): Iterable<readonly [timeKey: string, position: number]> {
		return this.#timePositions;
	}

	/** -1 if the command does not read it. */
	positionOfTime(timeKey: string): number {
		return this.#timePositions.get(timeKey) ?? -1;
	}

	#position(redisKey: string): number {
		let position = this.#positions.get(redisKey);
		if (position === undefined) {
			position = this.keys.push(redisKey) - 1;
			this.#positions.set(redisKey, position);
		}
		return position;
	}

	#timePosition(timeKey: string): number {
		let position = this.#timePositions.get(timeKey);
		if (position === undefined) {
			position = this.keys.push(timeKey) - 1;
			this.#timePositions.set(timeKey, position);
		}
		return position;
	}
}
