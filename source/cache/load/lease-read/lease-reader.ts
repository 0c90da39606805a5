import {isRefusalOfKeys} from '../../../pool/commands/reply-error.js';
import {ConnectionLostError, DeadlineError, ServerError} from '../../../pool/errors.js';
import type {Argument, Lane, Pool} from '../../../pool/types.js';
import {localNow} from '../../clock/local-now.js';
import type {ServerClocks} from '../../clock/server-clocks.js';
import type {ValueCoder} from '../../entry/value-coder.js';
import {callContext} from '../../observe/call-context.js';
import {answerWithoutRedis, type EntryRead, type LookUpParts, lookUp} from '../../read/look-up.js';
import type {MgetBatcher} from '../../read/mget/mget-batcher.js';
import {leaseReadScript, unreadable} from '../../scripts/lease-read-script.js';
import {PromisedCall, type ScriptDone, type ScriptFailed, type ScriptOutcome} from '../../scripts/script-call.js';
import type {KnownMarkers} from '../../tags/known-markers.js';
import {type AcquireParts, newRequestNumber, noteFailure, placeholderSlackMs} from '../lease/acquire-lease.js';
import {LeaseRead, type LeaseReadParts, type LeaseReadRequest} from './lease-read.js';
import type {ReadForLoad} from './shared-lease-reads.js';

export type LeaseReaderParts = Omit<AcquireParts, 'lookUp'> &
	LookUpParts &
	LeaseReadParts & {
		readonly pool: Pool;
		readonly clocks: ServerClocks;
		readonly markers: KnownMarkers;
		readonly coder: ValueCoder;
		readonly batcher: Pick<MgetBatcher, 'acceptFromScript'>;
		/** False for a lane that may lead to another Redis. */
		readonly mayRead: (lane: Lane) => boolean;
	};

/** State of this process when the script was sent, by which its reply is judged. */
type Asked = {
	/** Local time. */
	readonly at: number;
	readonly lane: Lane;
	readonly sequence: number;
	readonly markersEpoch: number;
	/** Requested length of the lease, in milliseconds. */
	readonly firstMs: number;
	readonly number: number;
};

/**
 * Milliseconds without lease reads after Redis has refused one (it is full, or the user lacks the right to write), or after a reply
 * was too large.
 */
const pauseMs = 1000;

/**
 * Reads keys with a script that also takes the lease if the key is a miss, so that a load begins after one round trip. If the
 * script cannot decide, or Redis refuses it, the key is read with MGET.
 */
export class LeaseReader {
	readonly #parts: LeaseReaderParts;
	/** True if the generation of a namespace may be on another server than its entries (in a cluster). */
	#areApart: boolean;
	/** Local time until which no lease read is sent, by node of a cluster; the key is `undefined` if there is no cluster. */
	readonly #pausedUntil = new Map<string | undefined, number>();
	/** Local time of the latest reply whose latency was recorded. */
	#recordedAt = Number.NaN;

	constructor(parts: LeaseReaderParts) {
		this.#parts = parts;
		this.#areApart = parts.pool.topology === 'cluster';
	}

	/** True if the lane of the key may be read, and its server has not refused a lease read recently. */
	mayReadWithLease(redisKey: string): boolean {
		const {pool, mayRead} = this.#parts;
		const lane = pool.laneOf(redisKey);
		return mayRead(lane) && (this.#pausedUntil.size === 0 || !this.#isPaused(lane));
	}

	/** Rejects, with `isStrict`, if Redis cannot be asked. */
	read(request: LeaseReadRequest): Promise<ReadForLoad> {
		const {leaseReads, scripts, recorder, coder, pool, changes, markers} = this.#parts;
		const {namespace, redisKey} = request;
		const read = new LeaseRead(this.#parts, request);
		read.memoryEpoch = namespace.tier?.epoch ?? 0;
		if (recorder.events.wantsReads || coder.isCustom) read.context = callContext();
		const asked: Asked = {
			at: localNow(),
			lane: pool.laneOf(redisKey),
			sequence: changes.now,
			markersEpoch: markers.epoch,
			firstMs: this.#parts.length.ms,
			number: newRequestNumber(),
		};
		const call = new PromisedCall(leaseReadScript, redisKey, this.#arguments(request, asked), (outcome) =>
			this.#onOutcome(read, asked, outcome),
		);
		if (!this.#areApart) call.moreKeys = [namespace.generationKey];
		read.shared.call = call;
		leaseReads.add(redisKey, read.shared);
		scripts.start(call);
		return read.shared.result;
	}

	#arguments({namespace, redisKey, hardMs, isReload}: LeaseReadRequest, {firstMs, number}: Asked): readonly Argument[] {
		const {unreleased, markers} = this.#parts;
		return [
			firstMs,
			unreleased.get(redisKey) ?? 0,
			hardMs + placeholderSlackMs,
			number,
			markers.current(namespace.generationKey)?.token ?? 0,
			isReload ? 1 : 0,
		];
	}

	#onOutcome(read: LeaseRead, asked: Asked, outcome: ScriptOutcome): void {
		const {length, unreleased, release, giveBackLost} = this.#parts;
		const {redisKey} = read;
		read.shared.call = undefined;
		length.took(localNow() - asked.at);
		if (outcome.status !== 'done') {
			if (outcome.status === 'in-doubt') {
				// After a lost connection no load repeats the request, so the lease is released here.
				if (outcome.error instanceof ConnectionLostError) giveBackLost(redisKey, asked.number);
				else read.lostRequest = asked.number;
			}
			this.#onFailure(read, outcome);
			return;
		}
		unreleased.delete(redisKey);
		const {reply} = outcome;
		if (reply === unreadable || !this.#mayUse(asked.lane, redisKey)) {
			if (reply > 0) release(redisKey, reply);
			lookUp(this.#parts, read);
			return;
		}
		if (reply > 0) read.granted = {token: reply, begunAt: asked.at, firstMs: asked.firstMs};
		this.#accept(read, asked, outcome);
	}

	/** False if the reply may come from another Redis: the lane has reconnected, or the key has moved to another lane. */
	#mayUse(lane: Lane, redisKey: string): boolean {
		const {pool, mayRead} = this.#parts;
		return mayRead(lane) && pool.laneOf(redisKey) === lane;
	}

	#accept(read: LeaseRead, {at: askedAt, sequence, markersEpoch}: Asked, {reply, more, at}: ScriptDone): void {
		const {batcher, clocks, health, recorder} = this.#parts;
		const {redisKey} = read;
		// Replies with the same time belong to one command or pipeline, whose latency is recorded once.
		if (at !== this.#recordedAt) {
			this.#recordedAt = at;
			recorder.latency.get.record(at - askedAt);
		}
		health.success(reply > 0 ? 'writes' : 'reads', redisKey);
		const [entry, generation] = more;
		const found = {entry: bytesIn(entry), generation: bytesIn(generation), markersEpoch};
		const clock = clocks.of(redisKey);
		const info = {sequence, askedAt, at, serverNow: clock.estimate(at), serverLatest: clock.notBefore(at)};
		batcher.acceptFromScript(read, found, info);
	}

	/**
	 * A script that was certainly not executed is replaced by a plain read. So is one whose reply was too large to arrive
	 * within the deadline, since an MGET can be split.
	 */
	#onFailure(read: EntryRead, outcome: ScriptFailed): void {
		const {error, status} = outcome;
		const isTransfer = error instanceof DeadlineError && error.isTransfer;
		if (status === 'in-doubt' && error !== undefined && !isTransfer) {
			noteFailure(this.#parts, 'lease', read.redisKey, outcome);
			answerWithoutRedis(this.#parts, read, error);
			return;
		}
		if (error instanceof ServerError && isRefusalOfKeys(error)) this.#areApart = true;
		if (isTransfer || error instanceof ServerError)
			this.#pausedUntil.set(this.#parts.pool.laneOf(read.redisKey).node, localNow() + pauseMs);
		lookUp(this.#parts, read);
	}

	#isPaused({node}: Lane): boolean {
		const now = localNow();
		// Removes expired pauses, including those of nodes that have left the cluster.
		for (const [each, until] of this.#pausedUntil) if (until < now) this.#pausedUntil.delete(each);
		return this.#pausedUntil.has(node);
	}
}

function bytesIn(value: unknown): Buffer | undefined {
	return value instanceof Buffer ? value : undefined;
}
