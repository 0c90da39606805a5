import type {CallObserver} from '../../workload/types.js';
import type {WrongRead} from '../../workload/workload-snapshot.js';
import type {LatencyDot, RecordedWrongRead, TimeSlot} from './drill-recording.js';
import {bucketOf, latencyBuckets, medianOf, middleOf} from './latency-buckets.js';

/** Most slots of a recording; an even number. When a drill needs more, each two are merged. */
const maxSlots = 256;

/** Initial length of a slot: the interval at which the runner polls the cache. */
const firstSlotMs = 50;

/** Wrong reads that are kept; a drill that fails may have thousands of them. */
const maxWrongReads = 50;

/** Counters of a cache, and the size of its journal. */
type CacheFigures = {readonly hits: number; readonly misses: number; readonly journal: number};

type Timeline = {
	readonly slotMs: number;
	readonly slots: readonly TimeSlot[];
	readonly dots: readonly LatencyDot[];
	readonly wrongReads: readonly RecordedWrongRead[];
};

/** Records the calls of a workload by the time at which they were due, in a bounded number of slots. */
export class TimelineRecorder implements CallObserver {
	readonly #startedAt: number;
	#slotMs = firstSlotMs;
	#slots: Slot[] = [];
	#figures: CacheFigures;
	readonly #wrongReads: RecordedWrongRead[] = [];

	/**
	 * @param startedAt Beginning of the time line, by `performance.now()`.
	 * @param before Figures of the cache then.
	 */
	constructor(startedAt: number, before: CacheFigures) {
		this.#startedAt = startedAt;
		this.#figures = before;
	}

	onCall(outcome: 'done' | 'failed' | 'hung', dueAt: number, ms: number): void {
		const slot = this.#slotAt(dueAt - this.#startedAt);
		slot.calls++;
		if (outcome === 'failed') slot.failedCalls++;
		if (outcome === 'hung') slot.hungCalls++;
		slot.maxMs = Math.max(slot.maxMs, ms);
		const bucket = bucketOf(ms);
		slot.latency[bucket] = (slot.latency[bucket] ?? 0) + 1;
	}

	onWrongRead({key, got, expected}: WrongRead): void {
		const atMs = performance.now() - this.#startedAt;
		this.#slotAt(atMs).wrongReads++;
		if (this.#wrongReads.length < maxWrongReads) this.#wrongReads.push({atMs: Math.round(atMs), key, got, expected});
	}

	/** Call it often: the cache's reads since the previous call are counted for the current slot. */
	onFigures(figures: CacheFigures): void {
		const slot = this.#slotAt(performance.now() - this.#startedAt);
		slot.hits += figures.hits - this.#figures.hits;
		slot.misses += figures.misses - this.#figures.misses;
		slot.journal = Math.max(slot.journal, figures.journal);
		this.#figures = figures;
	}

	timeline(): Timeline {
		return {
			slotMs: this.#slotMs,
			slots: this.#slots.map((slot) => slot.toTimeSlot()),
			dots: this.#slots.flatMap((slot, index) => slot.toDots(index)),
			wrongReads: [...this.#wrongReads],
		};
	}

	#slotAt(atMs: number): Slot {
		let index = Math.floor(Math.max(0, atMs) / this.#slotMs);
		while (index >= maxSlots) {
			this.#slots = this.#slots.flatMap((slot, place) =>
				place % 2 === 0 ? [slot.mergedWith(this.#slots[place + 1])] : [],
			);
			this.#slotMs *= 2;
			index = Math.floor(atMs / this.#slotMs);
		}
		while (this.#slots.length <= index) this.#slots.push(new Slot());
		return this.#slots[index] as Slot;
	}
}

class Slot {
	calls = 0;
	failedCalls = 0;
	hungCalls = 0;
	wrongReads = 0;
	hits = 0;
	misses = 0;
	journal = 0;
	maxMs = 0;
	/** Calls by bucket of their time. */
	readonly latency = new Uint32Array(latencyBuckets);

	/** Adds the slot after this one to it. */
	mergedWith(next: Slot | undefined): this {
		if (next === undefined) return this;
		this.calls += next.calls;
		this.failedCalls += next.failedCalls;
		this.hungCalls += next.hungCalls;
		this.wrongReads += next.wrongReads;
		this.hits += next.hits;
		this.misses += next.misses;
		this.journal = Math.max(this.journal, next.journal);
		this.maxMs = Math.max(this.maxMs, next.maxMs);
		next.latency.forEach((count, bucket) => {
			this.latency[bucket] = (this.latency[bucket] ?? 0) + count;
		});
		return this;
	}

	toTimeSlot(): TimeSlot {
		const {calls, failedCalls, hungCalls, wrongReads, hits, misses, journal} = this;
		const maxMs = calls === 0 ? undefined : Number(this.maxMs.toPrecision(3));
		return {calls, failedCalls, hungCalls, wrongReads, hits, misses, journal, p50Ms: medianOf(this.latency), maxMs};
	}

	toDots(slot: number): LatencyDot[] {
		return Array.from(this.latency).flatMap((calls, bucket) =>
			calls === 0 ? [] : [{slot, ms: middleOf(bucket), calls}],
		);
	}
}
