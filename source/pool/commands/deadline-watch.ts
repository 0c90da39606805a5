import {clearTimeout, monotonicNow, setImmediate, setTimeout} from '../../time/real-time.js';
import {DeadlineError} from '../errors.js';
import {loopNow, watchLoop} from '../loop-clock.js';
import type {PendingCommand} from './pending-command.js';

/** The longest delay that `setTimeout` takes. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Loop time hardly advances in a process that blocks its event loop in every turn. So a deadline that has passed by the
 * monotonic clock also counts once the timer has fired this many times after it. Sockets are read after each firing, so an
 * unresponsive Redis is noticed within a few turns.
 */
const maxReadsInVain = 2;

/** Shorter blocks, in milliseconds, are not mentioned in the message. */
const mentionedMs = 50;

/**
 * The timer of the deadlines of one channel. At most one timer runs, and it fires no later than the earliest deadline. Unread
 * data in the sockets is read first, so that a reply that has arrived never counts as late.
 */
export class DeadlineWatch {
	/** Called when deadlines may have been missed. It must arm the timer again. */
	readonly #onDue: () => void;
	#timer: NodeJS.Timeout | undefined;
	#timerAt = Number.POSITIVE_INFINITY;
	/** Loop time at which the timer last fired. The sockets are read after that. */
	#readFrom = 0;
	/** The same moment by the monotonic clock. */
	#firedAt = 0;

	constructor(onDue: () => void) {
		this.#onDue = onDue;
	}

	/** @param at The earliest deadline, in loop time. */
	arm(at: number, now: number): void {
		watchLoop(at);
		if (this.#timer !== undefined && this.#timerAt <= at) return;
		this.clear();
		this.#timerAt = at;
		this.#timer = setTimeout(onTimer, Math.min(Math.max(1, at - now), maxTimerMs), this).unref();
	}

	clear(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#timerAt = Number.POSITIVE_INFINITY;
	}

	/** Call only from `onDue`: the sockets have been read since the timer fired. */
	isMissed(command: PendingCommand): boolean {
		if (command.deadlineAt <= this.#readFrom) return true;
		if (command.deadlineAt === Number.POSITIVE_INFINITY) return false;
		const isPast = this.#firedAt - command.sentAt >= command.deadlineMs;
		return isPast && ++command.readsInVain >= maxReadsInVain;
	}

	/** @internal */
	onTimer(): void {
		this.#firedAt = monotonicNow();
		this.#readFrom = loopNow(this.#firedAt);
		setImmediate(onSocketsRead, this);
	}

	/** @internal */
	onSocketsRead(): void {
		this.clear();
		this.#onDue();
	}
}

/** @param elapsedMs Time since the command was sent; more than its deadline if this process was blocked meanwhile. */
export function deadlineError(
	{name, deadlineMs}: PendingCommand,
	elapsedMs: number,
	receivedBytes: number,
): DeadlineError {
	const blockedMs = Math.round(elapsedMs - deadlineMs);
	return new DeadlineError(name.toUpperCase(), deadlineMs, blockedMs >= mentionedMs ? blockedMs : 0, receivedBytes);
}

// Functions that take the watch as an argument, instead of a closure for each timer.
function onTimer(watch: DeadlineWatch): void {
	watch.onTimer();
}

function onSocketsRead(watch: DeadlineWatch): void {
	watch.onSocketsRead();
}
