import {AdmissionQueue, type AdmissionQueueOptions} from '../../admission/admission-queue.js';
import {BatchSize} from './batch-size.js';
import type {MgetBatch} from './mget-batch.js';

/** Queues that are remembered although nothing waits in them. */
const maxKnown = 64;

/** A queue, and what is known of the entries that its batches read. */
type Known = {readonly queue: AdmissionQueue<MgetBatch>; readonly size: BatchSize};

/**
 * The queues in which batches wait: in a cluster one for each node, so that a slow node does not hold up reads of the others;
 * elsewhere one. Each learns by itself how large a command may be: one to a slow node says nothing of the others.
 */
export class ReadQueues {
	readonly #options: AdmissionQueueOptions<MgetBatch>;
	readonly #areApart: boolean;
	readonly #queues = new Map<number | string, Known>();
	/** That of the group that was last asked for: most times it is the same again. */
	#last: Known | undefined;
	#lastName: number | string = 0;

	/** @param areApart True if each group has a queue of its own. */
	constructor(options: AdmissionQueueOptions<MgetBatch>, areApart: boolean) {
		this.#options = options;
		this.#areApart = areApart;
	}

	/** The queue of a group of keys. */
	of(group: number | string): AdmissionQueue<MgetBatch> {
		return this.#knownOf(group).queue;
	}

	/** The size of commands of the group. */
	sizeOf(group: number | string): BatchSize {
		return this.#knownOf(group).size;
	}

	/** Keys that one call should read at the same time: the nodes that are slow have fewer at a time than others. */
	get maxReads(): number {
		const each = [...this.#queues.values()].map(({size}) => size.maxReads);
		return each.length === 0 ? new BatchSize().maxReads : Math.max(...each);
	}

	/** Keys that were not asked for yet. */
	get waitingCalls(): number {
		let count = 0;
		for (const {queue} of this.#queues.values()) count += queue.waitingCalls;
		return count;
	}

	/** Rejects batches of nodes that have gone out of use. */
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
		// Nodes come and go, with addresses that do not come back.
		for (const [other, {queue}] of this.#queues) {
			if (this.#queues.size < maxKnown) break;
			if (queue.inFlight === 0 && queue.waitingCalls === 0) this.#queues.delete(other);
		}
		const added = {queue: new AdmissionQueue(this.#options), size: new BatchSize()};
		this.#queues.set(name, added);
		return added;
	}
}
