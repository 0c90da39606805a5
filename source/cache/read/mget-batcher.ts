import {OverloadError, ServerError} from '../../pool/errors.js';
import type {Lane, Pool} from '../../pool/types.js';
import type {KeyBuilder} from '../keys/key-builder.js';
import type {ChangeClock} from '../memory/change-clock.js';
import {Queue} from '../support/queue.js';
import {QueueTimeout} from '../support/queue-timeout.js';
import {localNow, type ServerClock} from '../support/server-clock.js';
import {UnorderedSet} from '../support/unordered-set.js';
import {type InvalidationTimes, parseMark} from '../tags/invalidation-times.js';
import {ReadBatch} from './read-batch.js';
import {ClusteredRead, MarkRead, type ReadRequest} from './read-request.js';

/** Told of each command, once: how long it took from the first call that waited for it, or how it failed. */
export type MgetBatcherHooks = {
	readonly onBatch: (startedAt: number, endedAt: number) => void;
	readonly onFailure: (error: Error, startedAt: number, endedAt: number, calls: number) => void;
	/** Whether what a lane says counts. There is always one whose word does while Redis is in use. */
	readonly mayRead: (lane: Lane) => boolean;
};

/** Keys in one MGET: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxKeys = 256;

/**
 * Bytes that one MGET is expected to bring, at most: an answer that takes longer than its deadline to carry would look like
 * an outage. What entries weigh is learnt from those that came.
 */
const maxBytes = 524_288;

/**
 * MGETs under way at once: enough to keep Redis, the wire and this process busy at the same time, few enough that a deadline
 * measures Redis, and not how long this process takes to read what has come. In a cluster each slot needs one of its own.
 */
const maxUnderWay = {standalone: 8, cluster: 256};

/** Keys that may wait for their turn. */
const maxWaiting = 200_000;

export type MgetBatcherCounts = {batches: number; keys: number};

/**
 * Reads entries. All reads of one turn of the event loop go to Redis as one MGET (in a cluster: one for each
 * slot), with the namespace's mark in the same command, so that an entry and its mark are seen at the same instant.
 * A read may only be joined before it is sent: whoever asks later gets a later answer.
 *
 * In a burst a few MGETs are under way and the rest waits for its turn; its deadline counts from when it is sent. How long
 * it may wait is `Patience`'s business.
 */
export class MgetBatcher {
	readonly counts: MgetBatcherCounts = {batches: 0, keys: 0};
	readonly #pool: Pool;
	readonly #clock: ServerClock;
	readonly #changes: ChangeClock;
	readonly #marks: InvalidationTimes;
	readonly #hooks: MgetBatcherHooks;
	readonly #patience: QueueTimeout;
	readonly #width: number;
	/** Batches that still take reads, by group. */
	readonly #open = new Map<number, ReadBatch>();
	/** Full ones that wait for their turn. */
	readonly #full = new Queue<ReadBatch>();
	readonly #sent = new UnorderedSet<ReadBatch>();
	/** Commands whose answers are due, also of batches that were abandoned. */
	#underWay = 0;
	/** Keys that have not been sent. */
	#waiting = 0;
	#scheduled = false;
	#turn = 0;
	#entryBytes = 256;

	constructor(
		pool: Pool,
		clock: ServerClock,
		changes: ChangeClock,
		marks: InvalidationTimes,
		deadlineMs: number,
		hooks: MgetBatcherHooks,
	) {
		this.#pool = pool;
		this.#clock = clock;
		this.#changes = changes;
		this.#marks = marks;
		this.#hooks = hooks;
		this.#patience = new QueueTimeout(deadlineMs);
		// Lanes that take few commands at a time have room for writes and probes, too.
		const {lanes} = pool.snapshot();
		const room = lanes.reduce((sum, lane) => sum + lane.capacity, 0);
		this.#width = Math.max(1, Math.min(maxUnderWay[pool.topology], Math.floor(room / 2)));
	}

	read(space: KeyBuilder, request: ReadRequest): void {
		if (this.#pool.topology === 'cluster')
			this.#enqueue(new ClusteredRead(this, space.markKey, request, this.#changes.now), request.physical);
		else this.#enqueue(request, space.markKey);
	}

	/** The value of a mark as it is in Redis now, in µs; 0: there is none. */
	readMark(markKey: string): Promise<number> {
		const epoch = this.#marks.epoch;
		return new Promise((resolve, reject) => {
			this.#enqueue(
				new MarkRead(
					markKey,
					(mark, sequence) => {
						this.#learn(markKey, mark, sequence, epoch);
						resolve(mark);
					},
					reject,
				),
				markKey,
			);
		});
	}

	newestMark(markKey: string, read: number): number {
		return this.#marks.newest(markKey, read);
	}

	/** The value of a mark if it is known to be current. */
	currentMark(markKey: string): number | undefined {
		return this.#marks.current(markKey);
	}

	/** Fails everything that is on its way: Redis was just found to be away. */
	abandon(error: Error): void {
		const batches = [...this.#sent.take(), ...this.#full.take(), ...this.#open.values()];
		this.#open.clear();
		this.#waiting = 0;
		for (const batch of batches) batch.fail(error);
	}

	#learn(markKey: string, value: number, sequence: number, epoch: number): void {
		this.#marks.learn(markKey, value, this.#changes.changedSince(markKey, sequence) ? -1 : epoch);
	}

	#enqueue(request: ReadRequest, markKey: string): void {
		const group = this.#pool.groupOf(request.physical);
		let batch = this.#open.get(group);
		if (batch === undefined) {
			const now = localNow();
			if (this.#waiting >= maxWaiting) {
				const error = this.#overloaded();
				this.#hooks.onFailure(error, now, now, 1);
				request.failed(error);
				return;
			}
			batch = new ReadBatch(now, this.#changes.now, this.#marks.epoch);
			this.#open.set(group, batch);
			this.#schedule();
		}
		const before = batch.size;
		batch.add(request, markKey);
		this.#waiting += batch.size - before;
		if (batch.keys.length >= maxKeys || batch.keys.length * this.#entryBytes >= maxBytes) {
			this.#open.delete(group);
			this.#full.push(batch);
			this.#proceed();
		}
	}

	/** When the turn ends, what was asked for in it goes, or waits and goes on taking reads. */
	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		process.nextTick(() => {
			this.#scheduled = false;
			for (const batch of this.#open.values()) batch.isDue = true;
			this.#proceed();
		});
	}

	/** Sends what may go, and lets go what has waited too long; the oldest first. */
	#proceed(): void {
		if (this.#waiting === 0) return;
		const now = localNow();
		for (let batch = this.#full.first; batch !== undefined; batch = this.#full.first) {
			const isOver = this.#patience.isOver(batch.since, now);
			if (!isOver && this.#underWay >= this.#width) return;
			this.#full.shift();
			this.#go(batch, isOver, now);
		}
		for (const [group, batch] of this.#open) {
			if (!batch.isDue) continue;
			const isOver = this.#patience.isOver(batch.since, now);
			if (!isOver && this.#underWay >= this.#width) return;
			this.#open.delete(group);
			this.#go(batch, isOver, now);
		}
	}

	#go(batch: ReadBatch, isOver: boolean, now: number): void {
		if (!isOver) {
			this.#send(batch);
			return;
		}
		const error = this.#overloaded();
		this.#waiting -= batch.size;
		this.#hooks.onFailure(error, batch.since, now, batch.size);
		batch.fail(error);
	}

	/**
	 * Any lane that is ready, in turn: reads need no lane of their own, for a key with a write of ours under way is not read.
	 */
	#nextLane(physical: string): Lane {
		const {lanes} = this.#pool;
		for (let tries = 0; tries < lanes.length; tries++) {
			this.#turn = (this.#turn + 1) % lanes.length;
			const lane = lanes[this.#turn];
			if (lane?.state === 'ready' && this.#hooks.mayRead(lane)) return lane;
		}
		return this.#pool.laneOf(physical);
	}

	#send(batch: ReadBatch): void {
		this.#waiting -= batch.size;
		this.#underWay++;
		this.#sent.add(batch);
		this.counts.batches++;
		this.counts.keys += batch.size;
		this.#nextLane(batch.keys[0] ?? '')
			.send('MGET', batch.keys)
			.then(
				(reply) => {
					this.#underWay--;
					const at = localNow();
					this.#patience.answered(at);
					if (this.#sent.delete(batch)) this.#answered(batch, reply, at);
					this.#proceed();
				},
				(error: Error) => {
					this.#underWay--;
					if (this.#sent.delete(batch)) {
						this.#hooks.onFailure(error, batch.since, localNow(), batch.size);
						batch.fail(error);
					}
					this.#proceed();
				},
			);
	}

	#answered(batch: ReadBatch, reply: unknown, at: number): void {
		const {sequence, markEpoch} = batch;
		if (!Array.isArray(reply) || reply.length !== batch.keys.length) {
			const error = new ServerError(
				'bug',
				'REPLY',
				'MGET was not answered with one value for each key: check what lies between this program and Redis',
			);
			this.#hooks.onFailure(error, batch.since, at, batch.size);
			batch.fail(error);
			return;
		}
		this.#hooks.onBatch(batch.since, at);
		const mayLearn = this.#pool.topology === 'standalone';
		const bytes = batch.distribute(
			reply as readonly (Buffer | null)[],
			(markKey, markBytes) => {
				const value = parseMark(markBytes);
				if (mayLearn) this.#learn(markKey, value, sequence, markEpoch);
				return this.#marks.newest(markKey, value);
			},
			{
				sequence,
				askedAt: batch.since,
				at,
				serverNow: this.#clock.estimate(at),
				serverLatest: this.#clock.notBefore(at),
			},
		);
		this.#entryBytes += (bytes / batch.size - this.#entryBytes) / 8;
	}

	#overloaded(): OverloadError {
		return new OverloadError(
			`${this.#waiting} reads wait for their turn: Redis does not keep up with them, read less at once`,
		);
	}
}
