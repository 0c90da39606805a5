/**
 * `scripts/`: every change is a Lua script that has no effect after its deadline. Calls of one script in a turn share a
 * command, and scripts for one key are executed in the order of the calls.
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
	/** If false, scripts have no deadline. Only in tests. */
	readonly isFencing: boolean;
	readonly onMigrating: ScriptSenderParts['onMigrating'];
};

/** Most calls in flight on one lane while Redis answers quickly: see `InFlightLimit`. */
const maxInFlight = 256;

/**
 * Most calls in one command, or in one pipeline of commands: enough to spread the cost of a round trip, few enough not to delay
 * other clients of the server.
 */
const maxBatch = 64;

/**
 * Runs write scripts. A key always takes the same lane, so its scripts are executed in the order of their calls. Consecutive
 * calls of one script in the queue are sent as one command. `ScriptSender` sends them and reports their outcomes.
 */
export class ScriptRunner {
	readonly #parts: ScriptRunnerParts;
	/** Half of the capacity of a lane: reads need the other half. */
	readonly #maxInFlight: number;
	readonly #barrier = new RoutingBarrier<ScriptCall>();
	readonly #sender: ScriptSender;
	readonly #queues = new Map<number, ScriptQueue>();
	/** 1 in a cluster, behind a sharding proxy, and for a user with rights to some keys only. */
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
			isPipelining: () => this.#maxBatch === 1,
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

	/** Like `run`, with a callback instead of a promise, for speed. */
	start(call: ScriptCall): void {
		this.#checkRouting();
		const barrier = this.#barrier.barrierFor(call.redisKey);
		if (barrier === undefined) this.#queueOf(this.#parts.pool.laneOf(call.redisKey)).add(call);
		else void barrier.then(this.#starting(call));
	}

	/**
	 * A function that starts a call later. After an outage it refuses the call, since a later change of its key may have become
	 * final meanwhile.
	 */
	#starting(call: ScriptCall): () => void {
		const {availability} = this.#parts;
		const {leftUseAt} = availability;
		return () => {
			if (call.use === 'always' || availability.leftUseAt === leftUseAt) this.start(call);
			else call.onOutcome(notSent());
		};
	}

	/** True if a script for this key may have to wait for its turn. */
	isCrowded(redisKey: string): boolean {
		return this.#queues.get(this.#parts.pool.laneOf(redisKey).id)?.isCrowded === true;
	}

	/** Rejects calls that were not sent: Redis is out of use, or the cache closes. */
	rejectQueued(): void {
		for (const queue of [...this.#queues.values()]) queue.rejectQueued();
	}

	/** Reports calls in doubt now, because the cache closes. */
	release(): void {
		this.#sender.release();
	}

	/**
	 * Loads all scripts into Redis, so that none must be sent again as text after a NOSCRIPT error, when a later write of the
	 * same key could overtake it.
	 *
	 * @param lanes One to each server.
	 */
	async prepare(lanes: readonly Lane[]): Promise<void> {
		try {
			await Promise.all(
				lanes.flatMap((lane) => allScripts.map(({text}) => lane.send('SCRIPT', ['LOAD', text], {isUpkeep: true}))),
			);
		} catch (error) {
			// The user lacks the right to load scripts: each script is then loaded by its first use.
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

	/** If the assignment of keys to lanes has changed, queues the unsent calls again; they wait for those that were sent. */
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

	/**
	 * Sends a call, and the calls behind it that can share its command (or its pipeline, if each key needs a separate command).
	 */
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
