/**
 * `scripts/`: every change is a Lua script that does nothing after its deadline. Scripts of a turn share a command, and
 * those of one key are executed in the order of the calls.
 */
import {OverloadError, ServerError} from '../../pool/errors.js';
import type {Argument, Lane, Pool} from '../../pool/types.js';
import {AdmissionQueue} from '../admission/admission-queue.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClock} from '../clock/server-clock.js';
import type {Availability} from '../outage/availability.js';
import {allScripts} from './all-scripts.js';
import {RoutingBarrier} from './routing-barrier.js';
import type {Script} from './script.js';
import {ScriptBatch, ScriptCall, type ScriptFailed, type ScriptOutcome, type ScriptUse} from './script-call.js';
import {ScriptSender} from './script-sender.js';

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

/** The queue of a lane. */
type LaneQueue = {
	readonly lane: Lane;
	readonly queue: AdmissionQueue<ScriptBatch>;
	/** The last batch of the queue. Calls can join it until it is sent, and stay in their order. */
	open: ScriptBatch | undefined;
};

/**
 * Runs write scripts. A key keeps to its lane, so its scripts are executed in the order of their calls; calls of one script
 * in one turn of the event loop are sent as one command. `ScriptSender` sends them and reports their outcomes.
 */
export class ScriptRunner {
	readonly #parts: ScriptRunnerParts;
	/** Half of what a lane takes at a time: reads and probes need room, too. */
	readonly #maxInFlight: number;
	readonly #barrier = new RoutingBarrier<ScriptCall>();
	readonly #sender: ScriptSender;
	readonly #queues = new Map<number, LaneQueue>();
	/** 1 in a cluster, behind a proxy that shards, and for a user who may touch some keys only. */
	#maxBatch: number;
	#routing: number;

	constructor(parts: ScriptRunnerParts) {
		this.#parts = parts;
		const {pool, clock, deadlineMs, isFencing} = parts;
		this.#routing = pool.routing;
		this.#maxBatch = pool.topology === 'cluster' ? 1 : maxBatch;
		const capacity = pool.snapshot().lanes[0]?.capacity ?? 2 * maxInFlight;
		this.#maxInFlight = Math.max(1, Math.min(maxInFlight, Math.floor(capacity / 2)));
		this.#sender = new ScriptSender({
			clock,
			deadlineMs,
			isFencing,
			inProgress: this.#barrier.inProgress,
			onSingleKeysOnly: () => {
				this.#maxBatch = 1;
			},
		});
	}

	/** Runs a script for one key. Never rejects. */
	run(script: Script, redisKey: string, args: readonly Argument[], use: ScriptUse = 'in-use'): Promise<ScriptOutcome> {
		return new Promise((resolve) => {
			const call = new ScriptCall(script, redisKey, args, resolve);
			call.use = use;
			this.start(call);
		});
	}

	/** As `run`, with a callback in place of a promise, for speed. */
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

	/** The cache closes: calls in doubt are settled now. */
	release(): void {
		this.#sender.release();
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
			call.onOutcome(refused(overload(queue)));
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
		const {lane, queue} = laneQueue;
		this.#sender.send({
			lane,
			batch,
			onOutcome: (call, outcome) => {
				queue.release(1);
				this.#barrier.settled(call);
				call.onOutcome(outcome);
			},
			onSettled: (isAnswered) => queue.proceed(isAnswered),
		});
	}

	#reject(laneQueue: LaneQueue, batch: ScriptBatch, reason: 'overloaded' | 'unavailable'): void {
		if (laneQueue.open === batch) laneQueue.open = undefined;
		for (const call of batch.calls) {
			this.#barrier.settled(call);
			// Going out of use is not an error of each call: the mode has reported it.
			call.onOutcome(refused(reason === 'overloaded' ? overload(laneQueue.queue) : undefined));
		}
	}
}

function refused(error: Error | undefined): ScriptFailed {
	return {status: 'refused', error, finalAt: localNow(), calls: 1};
}

function overload({inFlight, waitingCalls}: AdmissionQueue<ScriptBatch>): OverloadError {
	return new OverloadError(
		`${inFlight + waitingCalls} writes are in progress on one lane already: write less at once, or raise lanes`,
	);
}
