import {OverloadError, ServerError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';
import {AdmissionQueue} from '../admission/admission-queue.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClock} from '../clock/server-clock.js';
import {UnorderedSet} from '../support/unordered-set.js';
import type {Marker} from '../tags/marker.js';
import {type AcceptParts, acceptReply} from './accept-reply.js';
import {answerWithoutRedis, type EntryRead} from './look-up.js';
import {type DistributeParts, distributeReply, MgetBatch} from './mget-batch.js';

export type MgetBatcherParts = Omit<AcceptParts, 'readMarker'> & {
	readonly pool: Pool;
	readonly clock: ServerClock;
	readonly deadlineMs: number;
	/** False for a lane whose replies may be those of another Redis. */
	readonly mayRead: (lane: Lane) => boolean;
	/** A command was answered. @param ms Since the first of its reads was asked for. */
	readonly onCommand: (ms: number) => void;
	/** A command has failed. @param calls Keys that it was to read. */
	readonly onCommandFailure: (error: Error, ms: number, calls: number) => void;
};

/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxKeys = 256;

/**
 * Expected bytes of one reply: one that takes longer than the deadline to transfer would look like an outage. The size of
 * entries is learned from the replies.
 */
const maxBytes = 524_288;

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
	readonly #queue: AdmissionQueue<MgetBatch>;
	/** The batch of each group that reads can still join. */
	readonly #open = new Map<number, MgetBatch>();
	/** Batches whose reads wait for a reply. */
	readonly #sent = new UnorderedSet<MgetBatch>();
	#laneIndex = 0;
	/** Running average of the bytes of an entry. */
	#entryBytes = 256;

	constructor(parts: MgetBatcherParts) {
		this.#parts = parts;
		const {pool, deadlineMs, markers} = parts;
		const readMarker = (markerKey: string) => this.readMarker(markerKey);
		const accepting: AcceptParts = {...parts, readMarker};
		this.#distribution = {
			markers,
			isCluster: pool.topology === 'cluster',
			readMarker,
			onReply: (read, entry, generation, reply) => acceptReply(accepting, read, entry, generation, reply),
			onFailure: (read, error) => answerWithoutRedis(parts, read, error),
		};
		// Half of what the lanes take at a time: writes and probes need room, too.
		const capacity = pool.snapshot().lanes.reduce((sum, lane) => sum + lane.capacity, 0);
		this.#queue = new AdmissionQueue<MgetBatch>({
			deadlineMs,
			maxInFlight: Math.max(1, Math.min(maxInFlight[pool.topology], Math.floor(capacity / 2))),
			maxWaiting,
			isBusy: () => false,
			beforeSending: () => {},
			isUsable: () => true,
			send: (batch) => this.#send(batch),
			reject: (batch) => this.#reject(batch),
		});
	}

	read(read: EntryRead): void {
		const batch = this.#batchFor(read.redisKey);
		if (batch === undefined) {
			answerWithoutRedis(this.#parts, read, this.#refuse());
			return;
		}
		const {size} = batch;
		const {generationKey, counterKey} = read.namespace;
		if (this.#distribution.isCluster) batch.addEntry(read, undefined);
		else {
			batch.addEntry(read, generationKey);
			if (this.#parts.markers.current(counterKey) === undefined) batch.readAlong(counterKey);
		}
		this.#added(batch, size);
	}

	/** A marker as it is in Redis now; `undefined`: it does not exist. Rejects if it cannot be read. */
	readMarker(markerKey: string): Promise<Marker | undefined> {
		return new Promise((resolve, reject) => {
			const batch = this.#batchFor(markerKey);
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
	#batchFor(redisKey: string): MgetBatch | undefined {
		const {pool, changes, markers} = this.#parts;
		const group = pool.groupOf(redisKey);
		const open = this.#open.get(group);
		if (open !== undefined) return open;
		if (!this.#queue.hasRoom) return undefined;
		const batch = new MgetBatch(group, localNow(), changes.now, markers.epoch);
		this.#open.set(group, batch);
		this.#queue.add(batch);
		return batch;
	}

	#added(batch: MgetBatch, sizeBefore: number): void {
		if (batch.size > sizeBefore) this.#queue.joined();
		const {length} = batch.keys;
		if (length >= maxKeys || length * this.#entryBytes >= maxBytes) this.#close(batch);
	}

	/** Reads can no longer join the batch. */
	#close(batch: MgetBatch): void {
		if (this.#open.get(batch.group) === batch) this.#open.delete(batch.group);
	}

	#send(batch: MgetBatch): void {
		this.#close(batch);
		this.#sent.add(batch);
		this.counts.batches++;
		this.counts.keys += batch.size;
		this.#nextLane(batch)
			.send('MGET', batch.keys)
			.then(
				(reply) => {
					this.#queue.release();
					if (this.#sent.delete(batch)) this.#onReply(batch, reply);
					this.#queue.proceed(true);
				},
				(error: Error) => {
					this.#queue.release();
					if (this.#sent.delete(batch)) this.#failCommand(batch, error);
					this.#queue.proceed(false);
				},
			);
	}

	/**
	 * Any lane that is ready, in turn. Unlike writes, reads need no lane of their own: a key with a pending write is not read
	 * from Redis.
	 */
	#nextLane(batch: MgetBatch): Lane {
		const {pool, mayRead} = this.#parts;
		const {lanes} = pool;
		for (let tries = 0; tries < lanes.length; tries++) {
			this.#laneIndex = (this.#laneIndex + 1) % lanes.length;
			const lane = lanes[this.#laneIndex];
			if (lane?.state === 'ready' && mayRead(lane)) return lane;
		}
		return pool.laneOf(batch.keys[0] ?? '');
	}

	#onReply(batch: MgetBatch, values: unknown): void {
		const {clock, onCommand} = this.#parts;
		if (!Array.isArray(values) || values.length !== batch.keys.length) {
			const problem = 'MGET was not answered with one value for each key: check what is between this program and Redis';
			this.#failCommand(batch, new ServerError('bug', 'REPLY', problem));
			return;
		}
		const {sequence, askedAt} = batch;
		const at = localNow();
		onCommand(at - askedAt);
		const reply = {sequence, askedAt, at, serverNow: clock.estimate(at), serverLatest: clock.notBefore(at)};
		const bytes = distributeReply(this.#distribution, batch, values, reply);
		this.#entryBytes += (bytes / batch.size - this.#entryBytes) / 8;
	}

	#reject(batch: MgetBatch): void {
		this.#close(batch);
		this.#failCommand(batch, this.#overload());
	}

	#failCommand(batch: MgetBatch, error: Error): void {
		this.#parts.onCommandFailure(error, localNow() - batch.askedAt, batch.size);
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
