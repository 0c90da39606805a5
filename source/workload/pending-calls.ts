import {loopNow, watchLoop} from '../pool/loop-clock.js';
import {monotonicNow} from '../time/real-time.js';
import {type ProcessorClock, processorClock} from './processor-clock.js';

/** A call that has been started. */
export type PendingCall = {
	/** When it was due, by `performance.now()`. */
	readonly dueAt: number;
	/** When it was started, by `performance.now()`. */
	readonly beganAt: number;
	/** The same in loop time. */
	readonly startedAt: number;
	/** The same by the processor clock. */
	readonly startedOnProcessor: number;
	/** Checks that were made before it was started. */
	readonly startedTurn: number;
	readonly duringFault: boolean;
	/** The counting period that it belongs to: a call started before a reset is not counted after it. */
	readonly epoch: number;
	state: 'pending' | 'hung' | 'settled';
};

/** Milliseconds for which loop time is kept for a call, again with each check. */
const watchedMs = 1000;

/**
 * Checks that a call has to outlast as well. There is one for each turn of the event loop, and a call needs several turns: where
 * each takes as long as a deadline, it is this process that is late.
 */
const minTurns = 40;

/**
 * Multiple of the limit that a call may last in loop time, whatever the processor clock says. That clock may stand still:
 * a cache that keeps this thread busy on a busy machine leaves no idle time.
 */
const maxLimits = 10;

/**
 * Finds calls that do not settle in time, with one queue, oldest first, instead of a timer for each call.
 *
 * Their age is in loop time, as the deadlines of the cache are: while the event loop is blocked, a call that was answered
 * cannot settle either. Nor can it while others on this machine keep this thread from its work, which loop time takes for a
 * busy loop: the processor clock stands still then.
 */
export class PendingCalls {
	readonly #queue: PendingCall[] = [];
	#first = 0;
	#unsettled = 0;
	#hung = 0;
	#turns = 0;
	readonly #clock: Pick<ProcessorClock, 'now'>;

	constructor(clock: Pick<ProcessorClock, 'now'> = processorClock) {
		this.#clock = clock;
	}

	/** Calls that have not settled, hung ones included. */
	get unsettled(): number {
		return this.#unsettled;
	}

	/** Calls that have neither settled nor been found to hang. */
	get undecided(): number {
		return this.#unsettled - this.#hung;
	}

	/** A call has been started. */
	add(dueAt: number, duringFault: boolean, epoch: number): PendingCall {
		const call: PendingCall = {
			dueAt,
			beganAt: monotonicNow(),
			startedAt: loopNow(),
			startedOnProcessor: this.#clock.now(),
			startedTurn: this.#turns,
			duringFault,
			epoch,
			state: 'pending',
		};
		watchLoop(call.startedAt + watchedMs);
		this.#queue.push(call);
		this.#unsettled++;
		return call;
	}

	/**
	 * A call has settled. Returns true if it was late, which is older than `limitMs`, and did not hang: it is this process that
	 * was late.
	 */
	settled(call: PendingCall, limitMs: number): boolean {
		this.#unsettled--;
		const wasHung = call.state === 'hung';
		if (wasHung) this.#hung--;
		call.state = 'settled';
		return !wasHung && monotonicNow() - call.beganAt > limitMs;
	}

	/**
	 * Calls `onHung` once for each call that is older than `limitMs`, this process apart, and has had its turns. To be called
	 * once a turn. What this process is late by is left out up to a multiple of the limit.
	 */
	check(limitMs: number, onHung: (call: PendingCall) => void): void {
		const now = loopNow();
		const onProcessor = this.#clock.now();
		this.#turns++;
		if (this.#unsettled > 0) watchLoop(now + watchedMs);
		for (let call = this.#queue[this.#first]; call !== undefined; call = this.#queue[this.#first]) {
			if (call.state === 'pending') {
				const loopMs = now - call.startedAt;
				const isYoung = onProcessor - call.startedOnProcessor <= limitMs && loopMs <= maxLimits * limitMs;
				if (loopMs <= limitMs || isYoung || this.#turns - call.startedTurn < minTurns) break;
				call.state = 'hung';
				this.#hung++;
				onHung(call);
			}
			this.#first++;
		}
		if (this.#first < 1024 && this.#first < this.#queue.length) return;
		this.#queue.splice(0, this.#first);
		this.#first = 0;
	}
}
