import {clearImmediate, clearTimeout, monotonicNow, setImmediate, setTimeout} from '../time/real-time.js';

/** Milliseconds between two measurements of the event loop delay, while a deadline is pending. */
const tickMs = 20;

/**
 * A delay of the event loop up to this many milliseconds counts as busy, not as blocked: sockets are read often enough to
 * notice a reply. Without this tolerance, a busy process would notice an outage late.
 */
const busyMs = 50;

/** Total milliseconds in which the loop was blocked, which loop time leaves out. */
let lostMs = 0;
/** Time of the next tick, in milliseconds of the monotonic clock; `Infinity` while no deadline is pending. */
let tickDue = Number.POSITIVE_INFINITY;
/** Loop time until which ticks are needed. */
let watchedUntil = 0;

/**
 * Loop time: milliseconds of a monotonic clock that stands still while the event loop of this thread is blocked, or the process
 * suspended (Ctrl-Z, a laptop lid, a frozen container). Deadlines for answers of Redis are in loop time: while this process can
 * neither send nor read, Redis is not to blame for a late reply.
 *
 * Blocks are detected only while `watchLoop` has a pending deadline, from one tick after the block began. When a tick is so
 * late that the loop must have been blocked, the clock steps back to the time at which the tick was due; it never jumps ahead.
 */
export function loopNow(now = monotonicNow()): number {
	return (now - tickDue > busyMs ? tickDue : now) - lostMs;
}

/** Detects blocks of the event loop until loop time `until`. */
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

/** A timeout in loop time. The sockets are read once more between its due time and its callback. */
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

	/** The timer no longer keeps the process alive. */
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
