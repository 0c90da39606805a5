import {isHarmlessError} from '../statistics/harmless-errors.js';
import {LatencyHistogram} from '../statistics/latency-histogram.js';
import type {CommandEvent, ConnectionEvent, OpenConnection, TrafficObserver} from '../traffic.js';
import {mergeSlots, type TrafficSlot} from './traffic-slot.js';

/** Most slots that are kept. Beyond that, each two are merged into one. */
const maxSlots = 600;

/** The course of the traffic since the start of the tap, oldest first, in a bounded number of slots. Serializable. */
export type TrafficCourse = {
	/** Unix time in milliseconds at which the first slot began. */
	readonly startedAt: number;
	readonly slots: readonly TrafficSlot[];
};

const nothing = {
	commands: 0,
	errors: 0,
	lost: 0,
	hits: 0,
	misses: 0,
	writes: 0,
	requestBytes: 0,
	replyBytes: 0,
	opened: 0,
};

/** Divides the traffic into slots of a second, or longer ones once there are many. */
export class TrafficTimeline implements TrafficObserver {
	readonly #startedAt: number;
	#slots: TrafficSlot[] = [];
	#lastSecond: TrafficSlot | undefined;
	/** Seconds of a complete slot. */
	#width = 1;
	/** Seconds in the last slot so far. */
	#filled = 0;
	#counts = {...nothing};
	#latency = new LatencyHistogram();
	#since: number;

	/** @param now Time at which the tap starts, by the clock of `CommandEvent`. */
	constructor(now: number) {
		this.#since = now;
		this.#startedAt = unixTime(now);
	}

	/** The last complete second; undefined before the first. The same object until the next one is complete. */
	get lastSecond(): TrafficSlot | undefined {
		return this.#lastSecond;
	}

	/** The course so far, without the current second. */
	course(): TrafficCourse {
		return {startedAt: this.#startedAt, slots: [...this.#slots]};
	}

	onCommand(event: CommandEvent): void {
		const counts = this.#counts;
		counts.commands++;
		counts.hits += event.hits;
		counts.misses += event.misses;
		counts.requestBytes += event.requestBytes;
		counts.replyBytes += event.replyBytes;
		if (event.result === 'lost') counts.lost++;
		else if (event.result === 'error') counts.errors += isHarmlessError(event) ? 0 : 1;
		else if (event.effect === 'write') counts.writes += event.keyCount;
		if (event.repliedAt !== undefined && !event.isBlocking) this.#latency.record(event.repliedAt - event.sentAt);
	}

	onConnection({type}: ConnectionEvent): void {
		if (type === 'opened') this.#counts.opened++;
	}

	onTick(now: number, connections: readonly OpenConnection[]): void {
		const waits = connections.map(({oldest}) => (oldest === undefined || oldest.isBlocking ? 0 : now - oldest.sentAt));
		const slot: TrafficSlot = {
			...this.#counts,
			at: unixTime(now),
			seconds: (now - this.#since) / 1000,
			open: connections.length,
			busy: connections.filter(({waiting}) => waiting > 0).length,
			p50Ms: this.#latency.quantile(0.5),
			p99Ms: this.#latency.quantile(0.99),
			maxMs: this.#latency.max,
			longestWaitMs: waits.reduce((longest, wait) => Math.max(longest, wait), 0),
		};
		this.#lastSecond = slot;
		this.#add(slot);
		this.#since = now;
		this.#counts = {...nothing};
		this.#latency = new LatencyHistogram();
	}

	#add(slot: TrafficSlot): void {
		const last = this.#filled < this.#width ? this.#slots.pop() : undefined;
		this.#slots.push(last === undefined ? slot : mergeSlots(last, slot));
		this.#filled = last === undefined ? 1 : this.#filled + 1;
		if (this.#slots.length <= maxSlots) return;
		// An odd last slot has no partner to be merged with: the next seconds are added to it.
		this.#slots = halved(this.#slots);
		this.#width *= 2;
	}
}

/** Merges each two slots. An odd last one stays. */
function halved(slots: readonly TrafficSlot[]): TrafficSlot[] {
	return slots.flatMap((slot, index) => {
		if (index % 2 === 1) return [];
		const next = slots[index + 1];
		return [next === undefined ? slot : mergeSlots(slot, next)];
	});
}

function unixTime(at: number): number {
	return Math.round(performance.timeOrigin + at);
}
