/**
 * `scripts/`: every change is a Lua script that does nothing after its deadline. Scripts of a turn share a command, and
 * those of one key are executed in the order of the calls.
 */
import {ServerError} from '../../pool/errors.js';
import type {Argument, Lane, Pool} from '../../pool/types.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import type {Availability} from '../outage/availability.js';
import {allScripts} from './all-scripts.js';
import {RoutingBarrier} from './routing-barrier.js';
import type {Script} from './script.js';
import {maxLength, ScriptBatch} from './script-batch.js';
import {notSent, PromisedCall, type ScriptCall, type ScriptOutcome, type ScriptUse} from './script-call.js';
import {ScriptQueue} from './script-queue.js';
import {ScriptSender, type ScriptSenderParts} from './script-sender.js';

export type ScriptRunnerParts = {
	readonly pool: Pool;
	readonly clocks: ServerClocks;
	readonly availability: Availability;
	readonly deadlineMs: number;
	/** False: scripts have no deadline. Only in tests. */
	readonly isFencing: boolean;
	readonly onMigrating: ScriptSenderParts['onMigrating'];
};

/** Calls in flight on one lane, while Redis answers soon: see `InFlightLimit`. */
const maxInFlight = 256;

/** Calls in one command, or in one pipeline of commands: enough to spread the cost of a round trip, few enough not to hold up others on the server. */
const maxBatch = 64;

/**
 * Runs write scripts. A key keeps to its lane, so its scripts are executed in the order of their calls; calls of one script
 * that are next to each other in the queue are sent as one command. `ScriptSender` sends them and reports their outcomes.
 */
export class ScriptRunner {
	readonly #parts: ScriptRunnerParts;
	/** Half of what a lane takes at a time: reads need room, too. */
	readonly #maxInFlight: number;
	readonly #barrier = new RoutingBarrier<ScriptCall>();
	readonly #sender: ScriptSender;
	readonly #queues = new Map<number, ScriptQueue>();
	/** 1 in a cluster, behind a proxy that shards, and for a user who may touch some keys only. */
	#maxBatch: number;
	#routing: number;

	constructor(parts: ScriptRunnerParts) {
		this.#parts = parts;
		const {pool, clocks, availability, deadlineMs, isFencing, onMigrating} = parts;
		this.#routing = pool.routing;
		this.#maxBatch = pool.topology === 'cluster' ? 1 : maxBatch;
		const capacity = pool.snapshot().lanes[0]?.capacity ?? 2 * maxInFlight;
		this.#maxInFlight = Math.max(1, Math.min(maxInFlight, Math.floor(capacity / 2)));
		this.#sender = new ScriptSender({
			clocks,
			deadlineMs,
			isFencing,
			onMigrating,
			isInUse: (redisKey) => availability.isInUse(redisKey),
			inProgress: this.#barrier.inProgress,
			laneOf: (redisKey) => pool.laneOf(redisKey),
			onSingleKeysOnly: () => {
				this.#maxBatch = 1;
			},
		});
	}

	/**
	 * Runs a script for one key, or for several that belong together and share a slot. Never rejects.
	 *
	 * @param redisKeys Several only if the script takes them as one call.
	 */
	run(
		script: Script,
		redisKeys: string | readonly [string, ...string[]],
		args: readonly Argument[],
		use: ScriptUse = 'in-use',
	): Promise<ScriptOutcome> {
		return new Promise((resolve) => {
			const [redisKey, ...moreKeys] = typeof redisKeys === 'string' ? [redisKeys] : redisKeys;
			const call = new PromisedCall(script, redisKey, args, resolve);
			call.moreKeys = moreKeys;
			call.use = use;
			this.start(call);
		});
	}

	/** As `run`, with a callback instead of a promise, for speed. */
	start(call: ScriptCall): void {
		this.#checkRouting();
		const barrier = this.#barrier.barrierFor(call.redisKey);
		if (barrier === undefined) this.#queueOf(this.#parts.pool.laneOf(call.redisKey)).add(call);
		else void barrier.then(this.#starting(call));
	}

	/** Starts a call later: not after an outage, in which a later change of its key may have been made final. */
	#starting(call: ScriptCall): () => void {
		const {availability} = this.#parts;
		const {leftUseAt} = availability;
		return () => {
			if (call.use === 'always' || availability.leftUseAt === leftUseAt) this.start(call);
			else call.onOutcome(notSent());
		};
	}

	/** A call was executed while others of its key have no outcome yet. */
	executed(call: ScriptCall): void {
		// Without pipelines the outcomes of a lane are known in the order in which its calls were sent.
		if (this.#maxBatch === 1) this.#sender.executed(call);
	}

	/** True if a script for this key may have to wait for its turn. */
	isCrowded(redisKey: string): boolean {
		return this.#queues.get(this.#parts.pool.laneOf(redisKey).id)?.isCrowded === true;
	}

	/** Redis has gone out of use, or the cache closes: rejects what was not sent. */
	rejectQueued(): void {
		for (const queue of [...this.#queues.values()]) queue.rejectQueued();
	}

	/** The cache closes: calls in doubt are reported now. */
	release(): void {
		this.#sender.release();
	}

	/**
	 * Loads all scripts into Redis, so that none has to be sent a second time as text: a later write of the same key would
	 * overtake it in the meantime.
	 *
	 * @param lanes One to each server.
	 */
	async prepare(lanes: readonly Lane[]): Promise<void> {
		try {
			await Promise.all(
				lanes.flatMap((lane) => allScripts.map(({text}) => lane.send('SCRIPT', ['LOAD', text], {isUpkeep: true}))),
			);
		} catch (error) {
			// This user may not do it: each script is loaded at its first use, too.
			if (error instanceof ServerError && error.kind !== 'unavailable') return;
			throw error;
		}
	}

	#queueOf(lane: Lane): ScriptQueue {
		const existing = this.#queues.get(lane.id);
		if (existing !== undefined) return existing;
		const {availability, deadlineMs} = this.#parts;
		const created = new ScriptQueue({
			lane,
			maxInFlight: this.#maxInFlight,
			deadlineMs,
			barrier: this.#barrier,
			beforeSending: () => this.#checkRouting(),
			isUsable: ({use, redisKey}) => use === 'always' || availability.isInUse(redisKey),
			send: (queue, call) => this.#send(queue, call),
		});
		this.#queues.set(lane.id, created);
		return created;
	}

	/** If keys may belong to other lanes than before, what was not sent is queued again, behind what was. */
	#checkRouting(): void {
		const {routing} = this.#parts.pool;
		if (routing === this.#routing) return;
		this.#routing = routing;
		const unsent: ScriptCall[] = [];
		for (const [id, queue] of this.#queues) {
			unsent.push(...queue.takeQueued());
			if (queue.inFlight === 0) this.#queues.delete(id);
		}
		this.#barrier.begin(unsent, (call) => this.#starting(call));
	}

	/** Sends a call, and those behind it that can share its command, or its pipeline where each key has a command of its own. */
	#send(queue: ScriptQueue, first: ScriptCall): void {
		const batch = new ScriptBatch(first, queue.lane, queue);
		if (queue.isEmpty) this.#sender.send(batch);
		else if (this.#maxBatch > 1) {
			queue.takeAlong((call) => batch.tryAdd(call, this.#maxBatch));
			this.#sender.send(batch);
		} else {
			const batches: [ScriptBatch, ...ScriptBatch[]] = [batch];
			queue.takeAlong((call) => addToPipeline(batches, call));
			if (batches.length === 1) this.#sender.send(batch);
			else void this.#sender.sendPipeline(batches);
		}
	}
}

/** @returns False if there is no room for the call. */
function addToPipeline(batches: [ScriptBatch, ...ScriptBatch[]], call: ScriptCall): boolean {
	let length = call.bytes;
	for (const batch of batches) length += batch.length;
	if (batches.length >= maxBatch || length > maxLength) return false;
	const [{lane, observer}] = batches;
	batches.push(new ScriptBatch(call, lane, observer));
	return true;
}
