import {AdmissionQueue, type AdmissionQueueOptions} from '../../admission/admission-queue.js';
import {BatchSize} from './batch-size.js';
import type {MgetBatch} from './mget-batch.js';

/** Most empty queues that are kept. */
const maxKnown = 64;

/** A queue, and the estimated size of the entries that its batches read. */
type Known = {readonly queue: AdmissionQueue<MgetBatch>; readonly size: BatchSize};

/**
 * The queues in which batches wait: in a cluster one for each node, so that a slow node does not delay reads from the others;
 * otherwise one. Each has its own estimate of the best command size, so that a slow node does not affect the others.
 */
export class ReadQueues {
	readonly #options: AdmissionQueueOptions<MgetBatch>;
	readonly #areApart: boolean;
	readonly #queues = new Map<number | string, Known>();
	/** The queue of the last requested group, which is mostly requested again. */
	#last: Known | undefined;
	#lastName: number | string = 0;

	/** @param areApart True if each group has its own queue. */
	constructor(options: AdmissionQueueOptions<MgetBatch>, areApart: boolean) {
		this.#options = options;
		this.#areApart = areApart;
	}

	/** The queue of a group of keys. */
	of(group: number | string): AdmissionQueue<MgetBatch> {
		return this.#knownOf(group).queue;
	}

	/** The size limits of commands of the group. */
	sizeOf(group: number | string): BatchSize {
		return this.#knownOf(group).size;
	}

	/**
	 * Most keys that one call should request at a time: the largest limit of any queue. The queue of a slow node has a lower
	 * one.
	 */
	get maxReads(): number {
		const each = [...this.#queues.values()].map(({size}) => size.maxReads);
		return each.length === 0 ? new BatchSize().maxReads : Math.max(...each);
	}

	/** Keys waiting in the queue. */
	get waitingCalls(): number {
		let count = 0;
		for (const {queue} of this.#queues.values()) count += queue.waitingCalls;
		return count;
	}

	/** Rejects batches of nodes that are out of use. */
	rejectQueued(): void {
		for (const {queue} of [...this.#queues.values()]) queue.rejectQueued();
	}

	/** Removes all batches that were not sent. */
	takeQueued(): MgetBatch[] {
		return [...this.#queues.values()].flatMap(({queue}) => queue.takeQueued());
	}

	#knownOf(group: number | string): Known {
		const name = this.#areApart ? group : 0;
		if (this.#last !== undefined && name === this.#lastName) return this.#last;
		const known = this.#queues.get(name) ?? this.#add(name);
		this.#last = known;
		this.#lastName = name;
		return known;
	}

	#add(name: number | string): Known {
		// Removes the clocks of nodes that have left, so that the map does not grow with every new address.
		for (const [other, {queue}] of this.#queues) {
			if (this.#queues.size < maxKnown) break;
			if (queue.inFlight === 0 && queue.waitingCalls === 0) this.#queues.delete(other);
		}
		const added = {queue: new AdmissionQueue(this.#options), size: new BatchSize()};
		this.#queues.set(name, added);
		return added;
	}
}
