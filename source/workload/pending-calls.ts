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
	/** The same in time of the processor clock (see `ProcessorClock`). */
	readonly startedOnProcessor: number;
	/** Number of checks that were made before it was started. */
	readonly startedTurn: number;
	readonly duringFault: boolean;
	/** The counting period that it belongs to: a call started before a reset is not counted after it. */
	readonly epoch: number;
	state: 'pending' | 'hung' | 'settled';
};

/** Milliseconds for which each check keeps loop time running. */
const watchedMs = 1000;

/**
 * Minimum number of checks until a call counts as hung. There is one in each turn of the event loop, and a call needs several
 * turns: if each turn takes as long as a deadline, this process is late, and not the cache.
 */
const minTurns = 40;

/**
 * Multiple of the limit in loop time after which a call counts as hung in any case, because the processor clock may stand
 * still: a cache that keeps this thread busy on a busy machine leaves no idle time.
 */
const maxLimits = 10;

/**
 * Finds calls that do not settle in time, with one queue, oldest first, instead of a timer for each call.
 *
 * Their age is in loop time, like the deadlines of the cache: while the event loop is blocked, even an answered call cannot
 * settle. Neither can it while other processes keep this thread from a CPU. Loop time counts that as a busy loop, so the
 * processor clock, which stands still then, is used as well.
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

	/** Number of calls that have not settled, including hung ones. */
	get unsettled(): number {
		return this.#unsettled;
	}

	/** Number of calls that have neither settled nor been found to hang. */
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
	 * A call has settled. Returns true if it was late: older than `limitMs` but not counted as hung, because this process was
	 * late.
	 */
	settled(call: PendingCall, limitMs: number): boolean {
		this.#unsettled--;
		const wasHung = call.state === 'hung';
		if (wasHung) this.#hung--;
		call.state = 'settled';
		return !wasHung && monotonicNow() - call.beganAt > limitMs;
	}

	/**
	 * Calls `onHung` once for each call that is older than `limitMs`, not counting delays of this process (up to a multiple of
	 * the limit), and has had the minimum number of turns. Call it once in each turn of the event loop.
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
