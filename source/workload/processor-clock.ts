import {openSync, readSync} from 'node:fs';
import {performance} from 'node:perf_hooks';
import {monotonicNow} from '../time/real-time.js';

/** Milliseconds from one reading to the next. */
const everyMs = 10;

/** Size of the read buffer: more than the three numbers take. */
const maxBytes = 128;

/** Share of time waiting for a CPU above which a thread counts as slowed down by others. */
const slowShare = 0.2;

/** How a thread has spent a span of time, in milliseconds. */
type Span = {
	readonly passed: number;
	/** Time in which it was runnable, but waited for a CPU. */
	readonly waited: number;
	/** Time in which its event loop was idle, including the wait for a CPU to notice new work. */
	readonly idle: number;
};

/**
 * The part of a span in which a thread would have noticed a reply. If other processes slow it down, that is only its idle time:
 * otherwise it may be busy with work that accumulated while it had no CPU.
 */
export function countedMs({passed, waited, idle}: Span): number {
	if (waited <= slowShare * passed) return passed - waited;
	return Math.max(0, idle - waited);
}

/**
 * The *processor clock*: a clock that stands still while other processes keep a thread from a CPU. Only Linux reports that; on
 * other systems, and if `/proc` is not readable, it is an ordinary clock.
 */
export class ProcessorClock {
	readonly #account: SchedulerAccount;
	#readAt = monotonicNow();
	#waited: number;
	#idle = performance.eventLoopUtilization().idle;
	#counted = 0;

	/** @param path File with the scheduler statistics of the calling thread. */
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

/** Statistics of the Linux scheduler about a thread. */
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

	/** Milliseconds for which the thread has waited for a CPU. 0 if unknown. */
	waitedMs(): number {
		if (this.#file === undefined) return 0;
		try {
			// Nanoseconds on a CPU, nanoseconds of waiting for one, and the number of time slices.
			const length = readSync(this.#file, this.#buffer, 0, maxBytes, 0);
			const [, waited] = this.#buffer.toString('latin1', 0, length).split(' ');
			this.#waitedMs = Math.max(this.#waitedMs, (Number(waited) || 0) / 1e6);
		} catch {
			// The last known values are kept.
		}
		return this.#waitedMs;
	}
}

/** One for each thread: the file stays open as long as the thread runs. */
export const processorClock = new ProcessorClock();
