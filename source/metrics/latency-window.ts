import {createHistogram, performance, type RecordableHistogram} from 'node:perf_hooks';
import type {LatencySummary} from './snapshot.js';

const PARTS = 4;
const MAX_MICROS = 3_600_000_000;

const newHistogram = (): RecordableHistogram => createHistogram({lowest: 1, highest: MAX_MICROS, figures: 2});

/**
 * Durations of about the last ten seconds, as quantiles.
 *
 * The window is cut into four parts; the oldest is emptied when a new one begins, so what `summary` covers is between
 * three quarters of the window and all of it. Quantiles are exact to two significant digits.
 */
export class LatencyWindow {
	readonly #parts: RecordableHistogram[] = [];
	readonly #partMs: number;
	readonly #now: () => number;
	#current: RecordableHistogram;
	/** Number of the part that `#current` belongs to: time divided by the length of a part. */
	#part: number;
	#merged: RecordableHistogram | undefined;

	/** @param windowMs Default 10,000. */
	constructor(windowMs = 10_000, now: () => number = () => performance.now()) {
		this.#partMs = windowMs / PARTS;
		this.#now = now;
		for (let index = 0; index < PARTS; index++) this.#parts.push(newHistogram());
		this.#part = Math.floor(now() / this.#partMs);
		this.#current = this.#at(this.#part);
	}

	/** @param at The time now, if the caller has it already. */
	record(ms: number, at: number = this.#now()): void {
		this.#advance(at);
		const micros = Math.round(ms * 1000);
		this.#current.record(Math.min(Math.max(micros, 1), MAX_MICROS));
	}

	summary(): LatencySummary {
		this.#advance(this.#now());
		this.#merged ??= newHistogram();
		this.#merged.reset();
		for (const part of this.#parts) this.#merged.add(part);
		const merged = this.#merged;
		if (merged.count === 0) return {count: 0, p50: undefined, p90: undefined, p99: undefined, max: undefined};
		return {
			count: merged.count,
			p50: merged.percentile(50) / 1000,
			p90: merged.percentile(90) / 1000,
			p99: merged.percentile(99) / 1000,
			max: merged.max / 1000,
		};
	}

	#advance(at: number): void {
		const part = Math.floor(at / this.#partMs);
		if (part <= this.#part) return;
		const passed = Math.min(part - this.#part, PARTS);
		for (let back = 0; back < passed; back++) this.#at(part - back).reset();
		this.#part = part;
		this.#current = this.#at(part);
	}

	#at(part: number): RecordableHistogram {
		return this.#parts[part % PARTS] as RecordableHistogram;
	}
}
