import type {KnownKeys} from '../known-keys.js';
import type {CommandEvent} from '../traffic.js';

/** Reads and changes of the keys of one pattern. */
export type PatternCount = {
	readonly pattern: string;
	/** Keys that were read, including by commands whose reply does not show if they existed. */
	readonly reads: number;
	readonly hits: number;
	readonly misses: number;
	readonly writes: number;
	readonly deletes: number;
};

type Counts = {reads: number; hits: number; misses: number; writes: number; deletes: number};

/** Counts commands by the pattern of their keys. */
export class PatternCounts {
	readonly #keys: KnownKeys;
	readonly #counts = new Map<string, Counts>();
	/** Counts of the pattern that was counted last. */
	#lastPattern: string | undefined;
	#last: Counts = newCounts();

	constructor(keys: KnownKeys) {
		this.#keys = keys;
		keys.patterns.onMerge((from, into) => this.#merge(from, into));
	}

	count(event: CommandEvent): void {
		const {keys, effect, missedKeys, db, keyWeight} = event;
		const tells = event.hits + event.misses > 0;
		// `missedKeys` has the same order as `keys`.
		let missed = 0;
		for (const key of keys) {
			const counts = this.#of(this.#keys.of(key, db).pattern);
			if (effect === 'read') counts.reads += keyWeight;
			else if (effect === 'write') counts.writes += keyWeight;
			else if (effect === 'delete') counts.deletes += keyWeight;
			if (!tells) continue;
			if (missedKeys[missed] === key) {
				missed++;
				counts.misses += keyWeight;
			} else {
				counts.hits += keyWeight;
			}
		}
	}

	/** The patterns with the most commands first. */
	list(): readonly PatternCount[] {
		return [...this.#counts]
			.map(([pattern, counts]) => ({pattern, ...counts}))
			.sort((one, other) => total(other) - total(one));
	}

	#of(pattern: string): Counts {
		if (pattern === this.#lastPattern) return this.#last;
		const counts = this.#counts.get(pattern) ?? newCounts();
		this.#counts.set(pattern, counts);
		this.#lastPattern = pattern;
		this.#last = counts;
		return counts;
	}

	#merge(from: readonly string[], into: string): void {
		for (const pattern of from) {
			const counts = this.#counts.get(pattern);
			if (counts === undefined || pattern === into) continue;
			this.#counts.delete(pattern);
			this.#lastPattern = undefined;
			const sum = this.#of(into);
			sum.reads += counts.reads;
			sum.hits += counts.hits;
			sum.misses += counts.misses;
			sum.writes += counts.writes;
			sum.deletes += counts.deletes;
		}
	}
}

function newCounts(): Counts {
	return {reads: 0, hits: 0, misses: 0, writes: 0, deletes: 0};
}

function total({reads, writes, deletes}: PatternCount): number {
	return reads + writes + deletes;
}
