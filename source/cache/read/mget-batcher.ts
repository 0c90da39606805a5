import {bentReply} from '../../pool/commands/reply-error.js';
import {DeadlineError, OverloadError, ServerError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {Lane, Pool, SendOptions} from '../../pool/types.js';
import {AdmissionQueue} from '../admission/admission-queue.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import {callContext} from '../observe/call-context.js';
import {UnorderedSet} from '../support/unordered-set.js';
import type {Marker} from '../tags/marker.js';
import {type AcceptParts, acceptReply} from './accept-reply.js';
import {BatchGroups} from './batch-groups.js';
import {BatchSize, maxKeys} from './batch-size.js';
import {answerWithoutRedis, type EntryRead} from './look-up.js';
import {type DistributeParts, distributeReply, MgetBatch} from './mget-batch.js';

export type MgetBatcherParts = Omit<AcceptParts, 'readMarker'> & {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly deadlineMs: number;
	/** False for a lane whose replies may be those of another Redis. */
	readonly mayRead: (lane: Lane) => boolean;
	/** A command was answered. @param ms Since the first of its reads was asked for. @param redisKey One of its keys. */
	readonly onCommand: (ms: number, redisKey: string) => void;
	/** A command has failed. @param calls Keys that it was to read. @param redisKey One of them. */
	readonly onCommandFailure: (error: Error, ms: number, calls: number, redisKey?: string) => void;
};

/** MGETs in flight on all lanes together. In a cluster each slot needs one of its own. */
const maxInFlight = {standalone: 8, cluster: 256};

/** Keys that may wait. */
const maxWaiting = 200_000;

/**
 * Reads entries and markers. All reads of one turn of the event loop are sent as one MGET (in a cluster: one for
 * each slot), together with the generations of their namespaces, so that an entry and its generation are read at the same
 * instant. A read can join a command only until it is sent: later readers get a later reply.
 */
export class MgetBatcher {
	/** Commands sent, and keys asked for in them. */
	readonly counts = {batches: 0, keys: 0};
	readonly #parts: MgetBatcherParts;
	readonly #distribution: DistributeParts;
	readonly #groups: BatchGroups;
	readonly #size = new BatchSize();
	readonly #expectedBytes = (keys: number) => this.#size.expectedBytes(keys);
	readonly #queue: AdmissionQueue<MgetBatch>;
	/** The batch of each group that reads can still join. */
	readonly #open = new Map<number | string, MgetBatch>();
	/** Batches whose reads wait for a reply. */
	readonly #sent = new UnorderedSet<MgetBatch>();
	#laneIndex = 0;
	/** When the batches were queued that the lane was last chosen for. */
	#laneChosenFor = 0;

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
			onBent: (error) => parts.onCommandFailure(error, 0, 1),
		};
		this.#groups = new BatchGroups(pool.topology);
		// Half of what the lanes take at a time: writes and probes need room, too.
		const capacity = pool.snapshot().lanes.reduce((sum, lane) => sum + lane.capacity, 0);
		const inFlight = Math.max(1, Math.min(maxInFlight[pool.topology], Math.floor(capacity / 2)));
		this.#queue = new AdmissionQueue<MgetBatch>({
			now: () => loopNow(),
			deadlineMs,
			maxInFlight: () => inFlight,
			minInFlight: inFlight,
			maxWaiting,
			isBusy: () => false,
			beforeSending: () => {},
			isUsable: ({keys}) => parts.availability.isLost?.(keys[0] ?? '') !== true,
			send: (batch) => this.#send(batch),
			reject: (batch, reason) => this.#reject(batch, reason),
		});
	}

	/** Keys that were not asked for yet. */
	get waiting(): number {
		return this.#queue.waitingCalls;
	}

	/** Keys that one call should read at the same time: more would only wait, and too long if their values are large. */
	get maxReads(): number {
		return this.#size.maxReads;
	}

	read(read: EntryRead): void {
		const {recorder, coder} = this.#parts;
		if (recorder.events.wantsReads || coder.isCustom) read.context = callContext();
		const {generationKey, counterKey} = read.namespace;
		const batch = this.#batchFor(read.redisKey, generationKey);
		if (batch === undefined) {
			answerWithoutRedis(this.#parts, read, this.#refuse());
			return;
		}
		const {size} = batch;
		if (this.#groups.areSlotsApart) batch.addEntry(read, undefined);
		else {
			batch.addEntry(read, generationKey);
			if (this.#parts.markers.current(counterKey) === undefined) batch.readAlong(counterKey);
		}
		this.#added(batch, size);
	}

	/** A marker as it is in Redis now; `undefined`: it does not exist. Rejects if it cannot be read. */
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

	/** Fails every read in progress: Redis has gone out of use. */
	failAll(error: Error): void {
		const batches = [...this.#sent.take(), ...this.#queue.takeQueued()];
		this.#open.clear();
		for (const batch of batches) this.#fail(batch, error);
	}

	/** @returns `undefined` if too many reads are waiting. */
	#batchFor(redisKey: string, markerKey: string): MgetBatch | undefined {
		const {changes, markers} = this.#parts;
		const group = this.#groups.groupOf(redisKey, markerKey);
		const open = this.#open.get(group);
		if (open !== undefined) return open;
		if (!this.#queue.hasRoom) return undefined;
		const batch = new MgetBatch(group, localNow(), changes.now, markers.epoch, this.#expectedBytes);
		this.#open.set(group, batch);
		this.#queue.add(batch);
		return batch;
	}

	#added(batch: MgetBatch, sizeBefore: number): void {
		if (batch.size > sizeBefore) this.#queue.joined();
		if (batch.keys.length >= maxKeys) this.#close(batch);
	}

	/** Reads can no longer join the batch. */
	#close(batch: MgetBatch): void {
		if (this.#open.get(batch.group) === batch) this.#open.delete(batch.group);
	}

	#send(batch: MgetBatch): void {
		this.#close(batch);
		if (batch.entryKeys > this.#size.maxKeys && this.#putBackHalves(batch)) {
			this.#queue.release(batch);
			return;
		}
		batch.sentBytes = batch.bytes;
		this.#sent.add(batch);
		this.counts.batches++;
		this.counts.keys += batch.size;
		this.#nextLane(batch)
			.send('MGET', batch.keys, this.#sendOptions(batch))
			.then(
				(reply) => {
					this.#queue.release(batch);
					if (this.#sent.delete(batch)) this.#onReply(batch, reply);
					this.#queue.proceed(true);
				},
				(error: Error) => {
					this.#queue.release(batch);
					if (this.#sent.delete(batch) && !this.#sendAgain(batch, error)) this.#failCommand(batch, error);
					this.#queue.proceed(error instanceof ServerError || isTransfer(error));
				},
			);
	}

	/** The parts of a refused batch share its deadline. */
	#sendOptions(batch: MgetBatch): SendOptions | undefined {
		const now = loopNow();
		if (batch.expiresAt > 0) return {deadlineMs: Math.max(1, batch.expiresAt - now)};
		batch.expiresAt = now + this.#parts.deadlineMs;
		return undefined;
	}

	/**
	 * Asks again, with fewer keys in a command: for what was refused because of some of its keys, until only these fail; and for
	 * what was too large to be transferred within a deadline.
	 *
	 * @returns False if it cannot be asked for with fewer keys.
	 */
	#sendAgain(batch: MgetBatch, error: Error): boolean {
		if (error instanceof DeadlineError) this.#size.missed(batch.entryKeys, error.receivedBytes);
		if (isTransfer(error)) {
			batch.expiresAt = 0;
			return this.#putBackHalves(batch) || this.#putBackOnce(batch);
		}
		const refusal = this.#groups.refused(error);
		if (refusal === undefined) return false;
		batch.refusal ??= error;
		if (refusal === 'slots') {
			for (const read of batch.entries) this.read(read);
			for (const read of batch.markers) this.readMarker(read.markerKey).then(read.resolve, read.reject);
			return true;
		}
		return this.#putBackHalves(batch);
	}

	/** Puts the two halves of a batch into its place in the queue. @returns False if it has one read. */
	#putBackHalves(batch: MgetBatch): boolean {
		const halves = batch.halves();
		if (halves === undefined) return false;
		this.#queue.putBack(halves[1]);
		this.#queue.putBack(halves[0]);
		return true;
	}

	/** One value, that was on its way: another deadline may do, on a busy machine. @returns False if it has had that. */
	#putBackOnce(batch: MgetBatch): boolean {
		if (batch.isRepeated) return false;
		batch.isRepeated = true;
		this.#queue.putBack(batch);
		return true;
	}

	/**
	 * Any lane that is ready, in turn. Unlike writes, reads need no lane of their own: a key with a pending write is not read
	 * from Redis. The batches of one turn take the same lane, so that in a cluster one write for each node carries them all.
	 */
	#nextLane(batch: MgetBatch): Lane {
		const {pool, mayRead} = this.#parts;
		const lanes = pool.nodeOf(batch.keys[0] ?? '')?.lanes ?? pool.lanes;
		if (batch.queuedAt !== this.#laneChosenFor) this.#laneIndex++;
		this.#laneChosenFor = batch.queuedAt;
		for (let tries = 0; tries < lanes.length; tries++) {
			const lane = lanes[this.#laneIndex % lanes.length];
			if (lane?.state === 'ready' && mayRead(lane)) return lane;
			this.#laneIndex++;
		}
		return pool.laneOf(batch.keys[0] ?? '');
	}

	#onReply(batch: MgetBatch, values: unknown): void {
		const {clocks, onCommand} = this.#parts;
		if (!Array.isArray(values) || values.length !== batch.keys.length) {
			this.#failCommand(batch, bentReply('MGET was not answered with one value for each key'));
			return;
		}
		const {sequence, askedAt} = batch;
		const at = localNow();
		const clock = clocks.of(batch.keys[0] ?? '');
		onCommand(at - askedAt, batch.keys[0] ?? '');
		const reply = {sequence, askedAt, at, serverNow: clock.estimate(at), serverLatest: clock.notBefore(at)};
		const bytes = distributeReply(this.#distribution, batch, values, reply);
		this.#size.answered(batch.entryKeys, bytes);
	}

	#reject(batch: MgetBatch, reason: 'overloaded' | 'unavailable'): void {
		this.#close(batch);
		if (reason === 'unavailable') this.#fail(batch, this.#parts.availability.unavailable());
		else this.#failCommand(batch, this.#overload());
	}

	/** All parts of a refused batch count as one failure. */
	#failCommand(batch: MgetBatch, error: Error): void {
		this.#parts.onCommandFailure(batch.refusal ?? error, localNow() - batch.askedAt, batch.size, batch.keys[0]);
		this.#fail(batch, error);
	}

	#fail(batch: MgetBatch, error: Error): void {
		for (const read of batch.entries) answerWithoutRedis(this.#parts, read, error);
		for (const read of batch.markers) read.reject(error);
	}

	/** @returns The error of a read for which there is no room. */
	#refuse(): OverloadError {
		const error = this.#overload();
		this.#parts.onCommandFailure(error, 0, 1);
		return error;
	}

	#overload(): OverloadError {
		return new OverloadError(
			`${this.#queue.waitingCalls} reads wait for their turn: Redis does not keep up; read less at once`,
		);
	}
}

function isTransfer(error: Error): boolean {
	return error instanceof DeadlineError && error.isTransfer;
}
