import {merge, type Sample} from './sample.js';
import {SampleRing} from './sample-ring.js';

/** Seconds that one sample of the coarse ring buffer covers. */
const coarseSeconds = 8;
/** Spans of up to this many seconds are merged from the fine ring. */
const fineSpan = 16;
/** A little more than the windows show (15 min, 2 h), so that a chart keeps its left edge while the screen is paused. */
const fineSlots = 1200;
const coarseSlots = 1000;

/** The last two hours, bounded: one sample a second for twenty minutes, and one for each eight seconds before that. */
export class Samples {
	readonly #fine = new SampleRing(fineSlots);
	readonly #coarse = new SampleRing(coarseSlots);

	put(second: number, sample: Sample): void {
		this.#fine.set(second, sample);
		const slot = Math.floor(second / coarseSeconds);
		const before = this.#coarse.at(slot);
		this.#coarse.set(slot, before ? merge(before, sample) : sample);
	}

	/** The sample of one of the last seconds, in Unix seconds. */
	at(second: number): Sample | undefined {
		return this.#fine.at(second);
	}

	/** Everything from a time to another, in Unix seconds, merged; undefined when nothing was measured. */
	between(from: number, to: number): Sample | undefined {
		const isFine = to - from <= fineSpan && this.#fine.reaches(Math.floor(from));
		const ring = isFine ? this.#fine : this.#coarse;
		const step = isFine ? 1 : coarseSeconds;
		const first = Math.floor(from / step);
		const last = Math.max(first, Math.ceil(to / step) - 1);
		let merged: Sample | undefined;
		for (let index = first; index <= last; index++) {
			const sample = ring.at(index);
			if (sample) merged = merged ? merge(merged, sample) : sample;
		}
		return merged;
	}
}
