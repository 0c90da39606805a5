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
	/** Calls in flight, while Redis answers soon: see `InFlightLimit`. */
	readonly maxInFlight: number;
	readonly deadlineMs: number;
	readonly barrier: RoutingBarrier<ScriptCall>;
	/** Called before the queue is looked through. It may take all calls out of it. */
	readonly beforeSending: () => void;
	/** False: the call is refused instead of being sent. */
	readonly isUsable: (call: ScriptCall) => boolean;
	/** Sends the call, and others that it takes along. */
	readonly send: (queue: ScriptQueue, call: ScriptCall) => void;
};

/** Calls that may wait on one lane. */
const maxWaiting = 50_000;

/** With this many calls in progress a turn lasts until all sockets have been read. See `AdmissionQueue`. */
const busyCalls = 4;

/** The script calls of a lane, from the queue to their outcomes. It is made once, and observes all batches of the lane. */
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

	/** Hands calls to `joins` that may be sent with the one that `send` was called with, until it does not accept one. */
	takeAlong(joins: (call: ScriptCall) => boolean): void {
		this.#queue.takeAlong(joins);
	}

	/** True if no call waits to be sent. */
	get isEmpty(): boolean {
		return this.#queue.waitingCalls === 0;
	}

	/** Refuses calls that are no longer usable. */
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
		// Going out of use is not an error of each call: the mode has reported it.
		call.onOutcome(notSent(reason === 'overloaded' ? this.#overload() : undefined));
	}

	#overload(): OverloadError {
		const {inFlight, waitingCalls} = this.#queue;
		return new OverloadError(
			`${inFlight + waitingCalls} changes and requests of loads are in progress on one lane already: make fewer at once, or raise lanes`,
		);
	}
}
