import type {NodeReading} from '../info/read-node.js';
import type {FigureHistory} from './figure-history.js';
import {hitRatioOf} from './merge-figures.js';

const usualMs = 600_000;

/** The latest milliseconds, which are left out of the usual hit ratio. A drop is detected within this time. */
const newMs = 30_000;

/** Minimum number of lookups for a usual hit ratio. */
const usualLookups = 1000;

type Lookups = {readonly hits: number; readonly misses: number};

const sumOf = (list: readonly Lookups[]): Lookups => ({
	hits: list.reduce((sum, {hits}) => sum + hits, 0),
	misses: list.reduce((sum, {misses}) => sum + misses, 0),
});

/** The hit ratio that a drop is compared with. */
export class UsualHitRatio {
	readonly #history: FigureHistory;
	/** From the start of the server to the first poll. */
	#before: Lookups | undefined;
	#ratio: number | undefined;

	constructor(history: FigureHistory) {
		this.#history = history;
	}

	/** The usual hit ratio, 0 to 1; undefined before there were enough lookups. */
	get ratio(): number | undefined {
		return this.#ratio;
	}

	/** @param now Unix time in milliseconds. */
	note(readings: readonly NodeReading[], now: number): void {
		const lately = sumOf(this.#history.spans(now - usualMs, now - newMs));
		this.#before ??= sumOf(readings.map(({counters}) => counters));
		const usual = lately.hits + lately.misses >= usualLookups ? lately : this.#before;
		this.#ratio = usual.hits + usual.misses >= usualLookups ? hitRatioOf(usual) : undefined;
	}
}
