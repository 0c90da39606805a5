import {OverloadError} from '../../../pool/errors.js';
import {loopNow} from '../../../pool/loop-clock.js';
import type {AdmissionQueueOptions} from '../../admission/admission-queue.js';
import {localNow} from '../../clock/local-now.js';
import {callContext} from '../../observe/call-context.js';
import type {Marker} from '../../tags/marker.js';
import {type AcceptParts, acceptReply, type ReplyInfo} from '../accept-reply.js';
import {acceptScriptReply, type ScriptRead} from '../accept-script-reply.js';
import {answerWithoutRedis, type EntryRead} from '../look-up.js';
import {BatchGroups} from './batch-groups.js';
import {maxKeys} from './batch-size.js';
import {type DistributeParts, failReads} from './distribute-reply.js';
import {MgetBatch} from './mget-batch.js';
import {MgetSender, type MgetSenderParts} from './mget-sender.js';
import {ReadQueues} from './read-queues.js';

export type MgetBatcherParts = Omit<AcceptParts, 'readMarker'> &
	Pick<
		MgetSenderParts,
		'pool' | 'clocks' | 'deadlineMs' | 'mayRead' | 'onMigrating' | 'onCommand' | 'onCommandFailure'
	>;

/** With this many batches in flight, a turn lasts until all sockets have been read: see `AdmissionQueue`. */
const busyBatches = 2;

/** Most batches in flight on all lanes together; in a cluster, on the lanes to one node. */
const maxInFlight = {standalone: 8, cluster: 2};

/** Most keys in a batch if each slot needs a separate command. */
const maxKeysApart = 128;

/** Most keys in the queue. */
const maxWaiting = 200_000;

/**
 * Reads entries and markers. All reads of one turn of the event loop are sent as one MGET (or a few, if there are many keys),
 * which includes the generations of the namespaces, so that an entry and its generation are read atomically. In a cluster they
 * are sent as one pipeline to each node, with one MGET for each slot. A read can join a command only until that is sent, so
 * that no read gets a reply older than its call.
 */
export class MgetBatcher {
	readonly #parts: MgetBatcherParts;
	readonly #distribution: DistributeParts;
	readonly #sender: MgetSender;
	readonly #groups: BatchGroups;
	readonly #queues: ReadQueues;
	readonly #maxKeysApart: number;
	/** The batch of each group that reads can still join. */
	readonly #open = new Map<number | string, MgetBatch>();
	/**
	 * The open batch of group 0, the only group without a cluster. Kept outside the map, whose table would be reallocated
	 * repeatedly as batches come and go.
	 */
	#openOfAll: MgetBatch | undefined;

	constructor(parts: MgetBatcherParts) {
		this.#parts = parts;
		const {pool, deadlineMs, markers} = parts;
		const readMarker = (markerKey: string) => this.readMarker(markerKey);
		const accepting: AcceptParts = {...parts, readMarker};
		this.#distribution = {
			availability: parts.availability,
			markers,
			readMarker,
			onReply: (read, entry, generation, reply) => acceptReply(accepting, read, entry, generation, reply),
			onFailure: (read, error) => answerWithoutRedis(parts, read, error),
			onMalformed: (error) => parts.onCommandFailure(error, 0, 1),
		};
		this.#groups = new BatchGroups(pool);
		// Half of the capacity of one lane: writes need the other half, and all other lanes may be lost.
		const isCluster = pool.topology === 'cluster';
		const capacity = pool.snapshot().lanes[0]?.capacity ?? 1;
		const most = maxInFlight[pool.topology];
		this.#maxKeysApart = Math.max(1, Math.min(maxKeysApart, Math.floor(capacity / (2 * most))));
		const inFlight = Math.max(1, Math.min(most, Math.floor(capacity / 2)));
		const admission: AdmissionQueueOptions<MgetBatch> = {
			now: () => loopNow(),
			deadlineMs,
			maxInFlight: () => inFlight,
			minInFlight: inFlight,
			maxWaiting,
			isBusy: () => this.#sender.inFlight >= busyBatches,
			beforeSending: () => {},
			isUsable: (batch) => this.#isUsable(batch),
			send: (batch, now) => {
				this.#close(batch);
				this.#sender.send(batch, now);
			},
			reject: (batch, reason) => this.#reject(batch, reason),
		};
		this.#queues = new ReadQueues(admission, isCluster);
		this.#sender = new MgetSender({
			...parts,
			maxInFlight: inFlight,
			groups: this.#groups,
			queues: this.#queues,
			distribution: this.#distribution,
			regroup: (batch) => this.#regroup(batch),
		});
	}

	/** Number of commands sent, and of keys in them. */
	get counts(): MgetSender['counts'] {
		return this.#sender.counts;
	}

	/** Keys waiting in the queue. */
	get waiting(): number {
		return this.#queues.waitingCalls;
	}

	/**
	 * Most keys that one call should request at a time: more would only wait in the queue, and too long if their values are
	 * large.
	 */
	get maxReads(): number {
		return this.#queues.maxReads;
	}

	read(read: EntryRead): void {
		const {recorder, coder} = this.#parts;
		// A read that is repeated keeps the context of its call.
		if (coder.isCustom || recorder.events.wantsReads) read.context ??= callContext();
		const {generationKey, counterKey} = read.namespace;
		const batch = this.#batchFor(read.redisKey, generationKey);
		if (batch === undefined) {
			answerWithoutRedis(this.#parts, read, this.#refuse());
			return;
		}
		const {size} = batch;
		if (this.#groups.areSlotsApart) batch.addEntry(read, undefined);
		else if (batch.addEntry(read, generationKey) && this.#parts.markers.current(counterKey) === undefined)
			batch.readAlong(counterKey);
		this.#added(batch, size);
	}

	/** Settles a read that a script has executed. */
	acceptFromScript(read: EntryRead, found: ScriptRead, reply: ReplyInfo): void {
		acceptScriptReply(this.#distribution, read, found, reply);
	}

	/** Reads the current state of a marker from Redis; `undefined` if it does not exist. Rejects if it cannot be read. */
	readMarker(markerKey: string): Promise<Marker | undefined> {
		return new Promise((resolve, reject) => {
			const {availability} = this.#parts;
			if (availability.isLost?.(markerKey) === true) {
				reject(availability.unavailable());
				return;
			}
			const batch = this.#batchFor(markerKey, markerKey);
			if (batch === undefined) {
				reject(this.#refuse());
				return;
			}
			const {size} = batch;
			batch.addMarker({markerKey, resolve, reject});
			this.#added(batch, size);
		});
	}

	/** Fails every read in progress, because Redis is out of use. */
	failAll(error: Error): void {
		const batches = [...this.#sender.takeSent(), ...this.#queues.takeQueued()];
		this.#open.clear();
		this.#openOfAll = undefined;
		for (const batch of batches) failReads(this.#distribution, batch, error);
	}

	/** Fails the reads in progress on nodes of a cluster that are out of use. */
	failLost(): void {
		const {availability} = this.#parts;
		const lost = this.#sender.takeSent((batch) => !this.#isUsable(batch));
		for (const batch of lost) failReads(this.#distribution, batch, availability.unavailable());
		this.#queues.rejectQueued();
	}

	#isUsable({keys}: MgetBatch): boolean {
		return this.#parts.availability.isLost?.(keys[0] ?? '') !== true;
	}

	/** @returns `undefined` if too many reads are waiting. */
	#batchFor(redisKey: string, markerKey: string): MgetBatch | undefined {
		const {changes, markers} = this.#parts;
		const group = this.#groups.groupOf(redisKey, markerKey);
		const open = group === 0 ? this.#openOfAll : this.#open.get(group);
		if (open !== undefined) return open;
		const queue = this.#queues.of(group);
		if (!queue.hasRoom) return undefined;
		const {expectedBytes} = this.#queues.sizeOf(group);
		const batch = new MgetBatch(group, localNow(), changes.now, markers.epoch, expectedBytes);
		if (group === 0) this.#openOfAll = batch;
		else this.#open.set(group, batch);
		queue.add(batch);
		return batch;
	}

	#added(batch: MgetBatch, sizeBefore: number): void {
		if (batch.size > sizeBefore) this.#queues.of(batch.group).joined();
		const most = this.#groups.areSlotsApart ? this.#maxKeysApart : maxKeys;
		if (batch.keys.length >= most) this.#close(batch);
	}

	/** Reads can no longer join the batch. */
	#close(batch: MgetBatch): void {
		if (this.#openOfAll === batch) this.#openOfAll = undefined;
		else if (this.#open.get(batch.group) === batch) this.#open.delete(batch.group);
	}

	#regroup(batch: MgetBatch): void {
		for (const read of batch.entries) this.read(read);
		for (const read of batch.markers) this.readMarker(read.markerKey).then(read.resolve, read.reject);
	}

	#reject(batch: MgetBatch, reason: 'overloaded' | 'unavailable'): void {
		this.#close(batch);
		if (reason === 'unavailable') failReads(this.#distribution, batch, this.#parts.availability.unavailable());
		else this.#sender.fail(batch, this.#overload());
	}

	/** @returns The error of a read for which there is no room. */
	#refuse(): OverloadError {
		const error = this.#overload();
		this.#parts.onCommandFailure(error, 0, 1);
		return error;
	}

	#overload(): OverloadError {
		return new OverloadError(
			`${this.#queues.waitingCalls} reads wait for their turn: Redis does not keep up; read less at once`,
		);
	}
}
