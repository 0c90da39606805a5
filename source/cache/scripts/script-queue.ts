import {OverloadError} from '../../pool/errors.js';
import {loopNow} from '../../pool/loop-clock.js';
import type {Lane} from '../../pool/types.js';
import {AdmissionQueue} from '../admission/admission-queue.js';
import {InFlightLimit} from '../admission/in-flight-limit.js';
import type {RoutingBarrier} from './routing-barrier.js';
import type {BatchObserver} from './script-batch.js';
import {notSent, type ScriptCall, type ScriptOutcome} from './script-call.js';

export type ScriptQueueParts = {
	readonly lane: Lane;
	/** Most calls in flight while Redis answers quickly: see `InFlightLimit`. */
	readonly maxInFlight: number;
	readonly deadlineMs: number;
	readonly barrier: RoutingBarrier<ScriptCall>;
	/** Called before each pass over the queue. It may remove all calls. */
	readonly beforeSending: () => void;
	/** If false, the call is refused instead of being sent. */
	readonly isUsable: (call: ScriptCall) => boolean;
	/** Sends the call, and others in the same command: see `takeAlong`. */
	readonly send: (queue: ScriptQueue, call: ScriptCall) => void;
};

/** Most calls that wait on one lane. */
const maxWaiting = 50_000;

/** With this many calls in progress, a turn lasts until all sockets have been read: see `AdmissionQueue`. */
const busyCalls = 4;

/**
 * The script calls of a lane, from the queue to their outcomes. There is one for each lane, which observes all batches of the
 * lane.
 */
export class ScriptQueue implements BatchObserver {
	readonly lane: Lane;
	readonly #barrier: RoutingBarrier<ScriptCall>;
	readonly #limit: InFlightLimit;
	readonly #queue: AdmissionQueue<ScriptCall>;

	constructor({lane, maxInFlight, deadlineMs, barrier, beforeSending, isUsable, send}: ScriptQueueParts) {
		this.lane = lane;
		this.#barrier = barrier;
		const limit = new InFlightLimit(maxInFlight, deadlineMs);
		this.#limit = limit;
		this.#queue = new AdmissionQueue<ScriptCall>({
			now: () => loopNow(),
			deadlineMs,
			maxInFlight: () => limit.current,
			minInFlight: limit.min,
			maxWaiting,
			isBusy: () => barrier.inProgress.size >= busyCalls,
			beforeSending,
			isUsable,
			send: (call) => send(this, call),
			reject: (call, reason) => this.#reject(call, reason),
		});
	}

	get inFlight(): number {
		return this.#queue.inFlight;
	}

	/** True if a call added now may have to wait. */
	get isCrowded(): boolean {
		return this.#queue.isCrowded;
	}

	/** Queues the call, or refuses it if the queue is full. */
	add(call: ScriptCall): void {
		if (!this.#queue.hasRoom) {
			call.onOutcome(notSent(this.#overload()));
			return;
		}
		this.#queue.add(call);
		this.#barrier.started(call);
	}

	/** Passes further calls to `joins`, to be sent with the one that `send` was called with, until it does not accept one. */
	takeAlong(joins: (call: ScriptCall) => boolean): void {
		this.#queue.takeAlong(joins);
	}

	/** True if no call waits to be sent. */
	get isEmpty(): boolean {
		return this.#queue.waitingCalls === 0;
	}

	/** Refuses calls that can no longer be sent. */
	rejectQueued(): void {
		this.#queue.rejectQueued();
	}

	/** Removes all calls that were not sent. */
	takeQueued(): ScriptCall[] {
		return this.#queue.takeQueued();
	}

	onOutcome(call: ScriptCall, outcome: ScriptOutcome): void {
		this.#queue.release(call);
		this.#barrier.finished(call);
		call.onOutcome(outcome);
	}

	onAnswered(calls: number, firstSentAt: number, now: number): void {
		this.#limit.answered(calls, firstSentAt, now);
	}

	onMissed(firstSentAt: number): void {
		this.#limit.missed(firstSentAt, loopNow());
	}

	onReported(isAnswered: boolean): void {
		this.#queue.proceed(isAnswered);
	}

	#reject(call: ScriptCall, reason: 'overloaded' | 'unavailable'): void {
		this.#barrier.finished(call);
		// If Redis is out of use, the call has no error of its own: the mode has reported it.
		call.onOutcome(notSent(reason === 'overloaded' ? this.#overload() : undefined));
	}

	#overload(): OverloadError {
		const {inFlight, waitingCalls} = this.#queue;
		return new OverloadError(
			`${inFlight + waitingCalls} changes and requests of loads are in progress on one lane already: make fewer at once, or raise lanes`,
		);
	}
}
