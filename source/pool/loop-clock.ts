import {clearImmediate, clearTimeout, monotonicNow, setImmediate, setTimeout} from '../time/real-time.js';

/** Milliseconds between two readings of the event loop's lateness, while anybody waits for a deadline. */
const tickMs = 20;

/**
 * A loop that is this late, in milliseconds, is busy and not blocked: it reads its sockets often enough to notice an answer,
 * and without that limit a busy process would notice an outage late.
 */
const busyMs = 50;

/** Milliseconds that do not count, so far. */
let lostMs = 0;
/** When the next tick is due, in milliseconds of the monotonic clock; `Infinity`: nobody waits. */
let tickDue = Number.POSITIVE_INFINITY;
/** Loop time until which ticks are needed. */
let watchedUntil = 0;

/**
 * Loop time: milliseconds of a monotonic clock that stands still while the event loop of this thread is blocked, or the
 * process suspended (Ctrl-Z, a laptop lid, a frozen container). Deadlines for answers of Redis are in loop time: as long as
 * nothing can be sent or read here, it is not Redis that is late.
 *
 * It stands still only while `watchLoop` has a deadline, from one tick after the block began. When a tick turns
 * out to be so late that the loop is blocked, it steps back to when the tick was due; it never jumps ahead.
 */
export function loopNow(now = monotonicNow()): number {
	return (now - tickDue > busyMs ? tickDue : now) - lostMs;
}

/** Keeps the clock honest until loop time `until`. */
export function watchLoop(until: number): void {
	if (until > watchedUntil) watchedUntil = until;
	if (tickDue === Number.POSITIVE_INFINITY) scheduleTick();
}

function scheduleTick(): void {
	tickDue = monotonicNow() + tickMs;
	setTimeout(onTick, tickMs).unref();
}

function onTick(): void {
	const lateMs = monotonicNow() - tickDue;
	if (lateMs > busyMs) lostMs += lateMs;
	tickDue = Number.POSITIVE_INFINITY;
	if (loopNow() < watchedUntil) scheduleTick();
}

/** A timeout in loop time. Sockets are read once more between its due time and its firing. */
export class LoopTimeout {
	readonly #dueAt: number;
	readonly #callback: () => void;
	#timer: NodeJS.Timeout;
	#immediate: NodeJS.Immediate | undefined;

	/** @param ms Milliseconds of loop time. */
	constructor(callback: () => void, ms: number) {
		this.#callback = callback;
		this.#dueAt = loopNow() + ms;
		watchLoop(this.#dueAt);
		this.#timer = setTimeout(() => this.#onTimer(), ms);
	}

	/** It no longer keeps the process alive. */
	unref(): this {
		this.#timer.unref();
		return this;
	}

	clear(): void {
		clearTimeout(this.#timer);
		clearImmediate(this.#immediate);
	}

	#onTimer(): void {
		this.#immediate = setImmediate(() => this.#check());
	}

	#check(): void {
		const leftMs = this.#dueAt - loopNow();
		if (leftMs <= 0) {
			this.#callback();
			return;
		}
		watchLoop(this.#dueAt);
		const isRef = this.#timer.hasRef();
		this.#timer = setTimeout(() => this.#onTimer(), Math.max(1, leftMs));
		if (!isRef) this.#timer.unref();
	}
}
