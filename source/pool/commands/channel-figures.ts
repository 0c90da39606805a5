import {LatencyWindow} from '../../metrics/latency-window.js';
import {RateMeter} from '../../metrics/rate-meter.js';
import {monotonicNow} from '../../time/real-time.js';
import type {PendingCommand} from './pending-command.js';

/** Counts and times of the commands of a channel. */
export class ChannelFigures {
	readonly latency = new LatencyWindow();
	readonly rate = new RateMeter();
	/** Commands sent. */
	commands = 0;
	/** Commands that failed while a caller waited for them, missed deadlines not included. */
	failures = 0;
	/** Commands that missed their deadline while a caller waited for them. */
	timeouts = 0;
	/**
	 * Milliseconds from sending to the reply, for the latest reply that came after its deadline; `undefined` if there was none.
	 */
	lateMs: number | undefined;
	/**
	 * Time of the replies that are read in this turn of the event loop, so that the clock is read once a turn. 0 before the
	 * first reply.
	 */
	#readAt = 0;

	/**
	 * @param isLast True if no other reply is due.
	 * @returns The time at which the reply was read.
	 */
	answered({phase, sentAt}: PendingCommand, isLast: boolean): number {
		if (phase !== 'pending') {
			const now = monotonicNow();
			this.lateMs = now - sentAt;
			return now;
		}
		let readAt = this.#readAt;
		if (readAt === 0) {
			readAt = monotonicNow();
			if (!isLast) {
				this.#readAt = readAt;
				process.nextTick(forgetReadTime, this);
			}
		} else if (isLast) this.#readAt = 0;
		this.latency.record(readAt - sentAt, readAt);
		return readAt;
	}

	/** @param count Of a pipeline, the number of its commands that have failed. */
	failed({phase}: PendingCommand, count: number): void {
		if (phase === 'pending') this.failures += count;
	}

	missed({phase, missing}: PendingCommand): void {
		if (phase === 'pending') this.timeouts += missing;
	}

	/** @internal */
	forgetReadTime(): void {
		this.#readAt = 0;
	}
}

/** A function that takes the figures as an argument, instead of a closure for each turn. */
function forgetReadTime(figures: ChannelFigures): void {
	figures.forgetReadTime();
}
