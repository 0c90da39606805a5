import {ConnectionLostError, NotConnectedError, OverloadError, ServerError} from '../../pool/errors.js';
import type {Argument, Lane, Pool} from '../../pool/types.js';
import {AdmissionQueue} from '../admission/admission-queue.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClock} from '../clock/server-clock.js';
import type {Availability} from '../outage/availability.js';
import {allScripts} from './all-scripts.js';
import {InDoubtWrites} from './in-doubt-writes.js';
import {RoutingBarrier} from './routing-barrier.js';
import type {Script} from './script.js';
import {ScriptBatch, ScriptCall, type ScriptFailed, type ScriptOutcome, type ScriptUse} from './script-call.js';

export type ScriptRunnerParts = {
	readonly pool: Pool;
	readonly clock: ServerClock;
	readonly availability: Availability;
	readonly deadlineMs: number;
	/** False: scripts have no deadline. Only in tests. */
	readonly isFencing: boolean;
};

/** Calls in flight on one lane. */
const maxInFlight = 256;
/** Calls in one command: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxBatch = 64;
/** Calls that may wait on one lane. */
const maxWaiting = 50_000;
/** With this many calls in progress a turn lasts until all sockets have been read. See `AdmissionQueue`. */
const busyCalls = 4;
/** The server's clock never reaches this. */
const never = Number.MAX_SAFE_INTEGER;

/** The queue of a lane. */
type LaneQueue = {
	readonly lane: Lane;
	readonly queue: AdmissionQueue<ScriptBatch>;
	/** The last batch of the queue: calls can join it until it is sent, and stay in their order. */
	open: ScriptBatch | undefined;
};

/**
 * Runs write scripts. A key keeps to its lane, so its scripts are executed in the order of their calls; those of one turn of
 * the event loop are sent as one command.
 *
 * Each call is settled with an outcome that is final: an unknown one is not reported before the deadline after which the
 * script does nothing. What that deadline is counts from when the script is sent.
 */
export class ScriptRunner {
	readonly #parts: ScriptRunnerParts;
	/** Half of what a lane takes at a time: reads and probes need room, too. */
	readonly #maxInFlight: number;
	readonly #inDoubt = new InDoubtWrites();
	readonly #barrier = new RoutingBarrier<ScriptCall>();
	readonly #queues = new Map<number, LaneQueue>();
	/** 1 in a cluster, behind a proxy that shards, and for a user who may touch some keys only. */
	#maxBatch: number;
	#routing: number;
	#sentCount = 0;

	constructor(parts: ScriptRunnerParts) {
		this.#parts = parts;
		const {pool} = parts;
		this.#routing = pool.routing;
		this.#maxBatch = pool.topology === 'cluster' ? 1 : maxBatch;
		const capacity = pool.snapshot().lanes[0]?.capacity ?? 2 * maxInFlight;
		this.#maxInFlight = Math.max(1, Math.min(maxInFlight, Math.floor(capacity / 2)));
	}

	/** Runs a script for one key. Never rejects. */
	run(script: Script, redisKey: string, args: readonly Argument[], use: ScriptUse = 'in-use'): Promise<ScriptOutcome> {
		return new Promise((resolve) => {
			const call = new ScriptCall(script, redisKey, args, resolve);
			call.use = use;
			this.start(call);
		});
	}

	/** As `run`, without a promise: for the way of every set. */
	start(call: ScriptCall): void {
		if (this.#parts.pool.routing !== this.#routing) this.#reroute();
		const barrier = this.#barrier.barrierFor(call.redisKey);
		if (barrier === undefined) this.#enqueue(call);
		else void barrier.then(() => this.start(call));
	}

	/** True if a script for this key may have to wait for its turn. */
	isCrowded(redisKey: string): boolean {
		return this.#queues.get(this.#parts.pool.laneOf(redisKey).id)?.queue.isCrowded === true;
	}

	/** Redis has gone out of use, or the cache closes: rejects what was not sent. */
	rejectQueued(): void {
		for (const {queue} of [...this.#queues.values()]) queue.rejectQueued();
	}

	/** The cache closes: writes in doubt are settled now. */
	release(): void {
		this.#inDoubt.release();
	}

	/**
	 * Loads all scripts into Redis, so that none has to be sent a second time as text: a later write of the same key would
	 * overtake it in the meantime. In a cluster each node loads a script at its first use.
	 */
	async prepare(): Promise<void> {
		const {pool} = this.#parts;
		const [lane] = pool.lanes;
		if (lane === undefined || pool.topology === 'cluster') return;
		try {
			await Promise.all(allScripts.map(({text}) => lane.send('SCRIPT', ['LOAD', text])));
		} catch (error) {
			// This user may not do it, or the lane takes few commands at a time: each script is loaded at its first use, too.
			if (error instanceof OverloadError || (error instanceof ServerError && error.kind !== 'unavailable')) return;
			throw error;
		}
	}

	#enqueue(call: ScriptCall): void {
		const laneQueue = this.#queueOf(this.#parts.pool.laneOf(call.redisKey));
		const {queue, open} = laneQueue;
		if (!queue.hasRoom) {
			call.onOutcome(refused(this.#overload(laneQueue)));
			return;
		}
		if (open?.tryAdd(call, this.#maxBatch) === true) queue.joined();
		else {
			laneQueue.open = new ScriptBatch([call]);
			queue.add(laneQueue.open);
		}
		this.#barrier.started(call);
	}

	#queueOf(lane: Lane): LaneQueue {
		const existing = this.#queues.get(lane.id);
		if (existing !== undefined) return existing;
		const {availability, deadlineMs} = this.#parts;
		const created: LaneQueue = {
			lane,
			open: undefined,
			queue: new AdmissionQueue<ScriptBatch>({
				deadlineMs,
				maxInFlight: this.#maxInFlight,
				maxWaiting,
				isBusy: () => this.#barrier.inProgress.size >= busyCalls,
				isUsable: ({calls: [first]}) => availability.inUse || first?.use === 'always',
				send: (batch) => this.#send(created, batch),
				reject: (batch, reason) => this.#reject(created, batch, reason),
			}),
		};
		this.#queues.set(lane.id, created);
		return created;
	}

	/** Keys may belong to other lanes from now on. What was not sent is queued again, behind what was. */
	#reroute(): void {
		this.#routing = this.#parts.pool.routing;
		const unsent: ScriptCall[] = [];
		for (const [id, laneQueue] of this.#queues) {
			for (const batch of laneQueue.queue.takeQueued()) unsent.push(...batch.calls);
			laneQueue.open = undefined;
			if (laneQueue.queue.inFlight === 0) this.#queues.delete(id);
		}
		this.#barrier.begin(unsent, (call) => this.start(call));
	}

	#send(laneQueue: LaneQueue, batch: ScriptBatch): void {
		if (laneQueue.open === batch) laneQueue.open = undefined;
		const {clock, deadlineMs, isFencing} = this.#parts;
		for (const call of batch.calls) call.sentAs = ++this.#sentCount;
		batch.finalAt = localNow() + deadlineMs;
		batch.deadline = isFencing ? clock.notAfter(batch.finalAt) : never;
		this.#sendBySha(laneQueue, batch);
	}

	#sendBySha(laneQueue: LaneQueue, batch: ScriptBatch, options?: {readonly deadlineMs: number}): void {
		laneQueue.lane.send('EVALSHA', batch.arguments('sha'), options).then(
			(reply) => this.#onReply(laneQueue, batch, reply),
			(error: Error) => void this.#onError(laneQueue, batch, error),
		);
	}

	#onReply(laneQueue: LaneQueue, batch: ScriptBatch, reply: unknown): void {
		const outcomes = batch.outcomes(reply);
		let delayed = 0;
		for (let index = 0; index < batch.calls.length; index++) {
			const call = batch.calls[index] as ScriptCall;
			const outcome = outcomes[index] as ScriptOutcome;
			// An earlier write of the key that is in doubt may still be executed after this one: nothing is final before it is.
			const doubt = this.#inDoubt.of(call.redisKey);
			if (doubt === undefined) this.#settle(laneQueue, call, outcome);
			else {
				delayed++;
				void doubt.then(() => {
					this.#settle(laneQueue, call, outcome);
					laneQueue.queue.proceed(true);
				});
			}
		}
		if (delayed < batch.calls.length) laneQueue.queue.proceed(true);
	}

	async #onError(laneQueue: LaneQueue, batch: ScriptBatch, error: Error): Promise<void> {
		if (error instanceof ServerError && !this.#isOvertaken(batch)) {
			const remaining = {deadlineMs: Math.max(1, batch.finalAt - localNow())};
			if (error.prefix === 'NOSCRIPT') {
				laneQueue.lane.send('EVAL', batch.arguments('text'), remaining).then(
					(reply) => this.#onReply(laneQueue, batch, reply),
					(failure: Error) => void this.#fail(laneQueue, batch, failure),
				);
				return;
			}
			// One key that this user may not touch, or keys of several slots: the whole command is refused.
			if ((error.prefix === 'CROSSSLOT' || error.prefix === 'NOPERM') && batch.calls.length > 1) {
				this.#maxBatch = 1;
				for (const single of batch.split()) this.#sendBySha(laneQueue, single, remaining);
				return;
			}
		}
		await this.#fail(laneQueue, batch, error);
	}

	/** The calls of a batch were not executed, or it is not known if they were. */
	async #fail(laneQueue: LaneQueue, batch: ScriptBatch, error: Error): Promise<void> {
		const {calls, finalAt} = batch;
		if (error instanceof ConnectionLostError)
			await this.#inDoubt.wait(
				calls.map(({redisKey}) => redisKey),
				finalAt,
			);
		const status = isRefusal(error) ? 'refused' : 'in-doubt';
		for (const call of calls) this.#settle(laneQueue, call, {status, error, finalAt, calls: calls.length});
		laneQueue.queue.proceed(error instanceof ServerError);
	}

	#reject(laneQueue: LaneQueue, batch: ScriptBatch, reason: 'overloaded' | 'unavailable'): void {
		if (laneQueue.open === batch) laneQueue.open = undefined;
		for (const call of batch.calls) {
			this.#barrier.settled(call);
			// Going out of use is not an error of each call: the mode has reported it.
			call.onOutcome(refused(reason === 'overloaded' ? this.#overload(laneQueue) : undefined));
		}
	}

	#settle({queue}: LaneQueue, call: ScriptCall, outcome: ScriptOutcome): void {
		queue.release(1);
		this.#barrier.settled(call);
		call.onOutcome(outcome);
	}

	/** True if a later write of one of the keys was sent since: sent again, the batch would undo it. */
	#isOvertaken({calls}: ScriptBatch): boolean {
		const last = calls.at(-1)?.sentAs ?? 0;
		for (const other of this.#barrier.inProgress) {
			if (other.sentAs > last && calls.some(({redisKey}) => redisKey === other.redisKey)) return true;
		}
		return false;
	}

	#overload({queue}: LaneQueue): OverloadError {
		return new OverloadError(
			`${queue.inFlight + queue.waitingCalls} writes are in progress on one lane already: write less at once, or raise lanes`,
		);
	}
}

function refused(error: Error | undefined): ScriptFailed {
	return {status: 'refused', error, finalAt: localNow(), calls: 1};
}

/** True if the script was certainly not executed. */
function isRefusal(error: Error): boolean {
	return error instanceof ServerError || error instanceof NotConnectedError || error instanceof OverloadError;
}
