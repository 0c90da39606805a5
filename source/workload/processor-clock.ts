import {openSync, readSync} from 'node:fs';
import {performance} from 'node:perf_hooks';
import {monotonicNow} from '../time/real-time.js';

/** Milliseconds from one reading to the next. */
const everyMs = 10;

/** More than the three numbers take. */
const maxBytes = 128;

/** A thread that waits for a processor for more than this share of the time is slowed down by others. */
const slowShare = 0.2;

/** Use of a span of time by a thread, in milliseconds. */
type Span = {
	readonly passed: number;
	/** It had work to do, and no processor. */
	readonly waited: number;
	/** Its event loop had nothing to do, or did not know yet: it waited for a processor to find out. */
	readonly idle: number;
};

/**
 * The part of a span in which a thread would have noticed what it waits for. Where others slow it down that is only the time
 * in which it had nothing to do: the rest it may be busy with what piled up while it had no processor.
 */
export function countedMs({passed, waited, idle}: Span): number {
	if (waited <= slowShare * passed) return passed - waited;
	return Math.max(0, idle - waited);
}

/**
 * A clock that stands still while others on this machine keep a thread from its work. Linux alone reports that; elsewhere,
 * and where it is hidden, it goes like any other.
 */
export class ProcessorClock {
	readonly #account: SchedulerAccount;
	#readAt = monotonicNow();
	#waited: number;
	#idle = performance.eventLoopUtilization().idle;
	#counted = 0;

	/** @param path The scheduler's account of the calling thread. */
	constructor(path = '/proc/thread-self/schedstat') {
		this.#account = new SchedulerAccount(path);
		this.#waited = this.#account.waitedMs();
	}

	/** Milliseconds, as of at most ten milliseconds ago. */
	now(): number {
		const now = monotonicNow();
		if (now - this.#readAt < everyMs) return this.#counted;
		const waited = this.#account.waitedMs();
		const {idle} = performance.eventLoopUtilization();
		this.#counted += countedMs({
			passed: now - this.#readAt,
			waited: waited - this.#waited,
			idle: idle - this.#idle,
		});
		this.#readAt = now;
		this.#waited = waited;
		this.#idle = idle;
		return this.#counted;
	}
}

/** The account that the scheduler of Linux has of a thread. */
class SchedulerAccount {
	readonly #file: number | undefined;
	readonly #buffer = Buffer.alloc(maxBytes);
	#waitedMs = 0;

	constructor(path: string) {
		try {
			this.#file = openSync(path, 'r');
		} catch {
			this.#file = undefined;
		}
	}

	/** Milliseconds for which the thread has waited for a processor. 0 if that is not known. */
	waitedMs(): number {
		if (this.#file === undefined) return 0;
		try {
			// Nanoseconds on a processor, nanoseconds of waiting for one, and how often it got one.
			const length = readSync(this.#file, this.#buffer, 0, maxBytes, 0);
			const [, waited] = this.#buffer.toString('latin1', 0, length).split(' ');
			this.#waitedMs = Math.max(this.#waitedMs, (Number(waited) || 0) / 1e6);
		} catch {
			// The last known values stay.
		}
		return this.#waitedMs;
	}
}

/** One for a thread: the account stays open as long as it runs. */
export const processorClock = new ProcessorClock();
