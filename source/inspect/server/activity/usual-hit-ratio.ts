import type {NodeReading} from '../info/read-node.js';
import type {FigureHistory} from './figure-history.js';
import {hitRatioOf} from './merge-figures.js';

const usualMs = 600_000;

/** Milliseconds before now that do not count as usual: a drop has been noticed by then. */
const newMs = 30_000;

/** Lookups that a usual hit ratio is taken from, at least. */
const usualLookups = 1000;

type Lookups = {readonly hits: number; readonly misses: number};

const sumOf = (list: readonly Lookups[]): Lookups => ({
	hits: list.reduce((sum, {hits}) => sum + hits, 0),
	misses: list.reduce((sum, {misses}) => sum + misses, 0),
});

/** The hit ratio that a drop is compared with. */
export class UsualHitRatio {
	readonly #history: FigureHistory;
	/** From the server's start to the first look. */
	#before: Lookups | undefined;
	#ratio: number | undefined;

	constructor(history: FigureHistory) {
		this.#history = history;
	}

	/** 0 to 1; undefined before there were enough lookups. */
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
