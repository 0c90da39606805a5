import {AdmissionQueue, type AdmissionQueueOptions} from '../../admission/admission-queue.js';
import type {MgetBatch} from './mget-batch.js';

/**
 * The queues in which batches wait: in a cluster one for each node, so that a slow node does not hold up reads of the others;
 * elsewhere one.
 */
export class ReadQueues {
	readonly #options: AdmissionQueueOptions<MgetBatch>;
	readonly #areApart: boolean;
	readonly #queues = new Map<number | string, AdmissionQueue<MgetBatch>>();

	/** @param areApart True if each group has a queue of its own. */
	constructor(options: AdmissionQueueOptions<MgetBatch>, areApart: boolean) {
		this.#options = options;
		this.#areApart = areApart;
	}

	/** The queue of a group of keys. */
	of(group: number | string): AdmissionQueue<MgetBatch> {
		const name = this.#areApart ? group : 0;
		const known = this.#queues.get(name);
		if (known !== undefined) return known;
		// Nodes come and go: those of which nothing is left are forgotten when another one comes.
		for (const [other, {inFlight, waitingCalls}] of this.#queues) {
			if (inFlight === 0 && waitingCalls === 0) this.#queues.delete(other);
		}
		const queue = new AdmissionQueue(this.#options);
		this.#queues.set(name, queue);
		return queue;
	}

	/** Keys that were not asked for yet. */
	get waitingCalls(): number {
		let count = 0;
		for (const queue of this.#queues.values()) count += queue.waitingCalls;
		return count;
	}

	/** Rejects batches of nodes that have gone out of use. */
	rejectQueued(): void {
		for (const queue of [...this.#queues.values()]) queue.rejectQueued();
	}

	/** Removes all batches that were not sent. */
	takeQueued(): MgetBatch[] {
		return [...this.#queues.values()].flatMap((queue) => queue.takeQueued());
	}
}
