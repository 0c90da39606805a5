import type {GivenTtl} from '../traffic.js';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** The buckets of the other histograms of TTLs of this program, so that they can be compared. */
const buckets = [
	{upToMs: secondMs, label: '1s'},
	{upToMs: 10 * secondMs, label: '10s'},
	{upToMs: minuteMs, label: '1m'},
	{upToMs: 10 * minuteMs, label: '10m'},
	{upToMs: hourMs, label: '1h'},
	{upToMs: 24 * hourMs, label: '1d'},
	{upToMs: Number.POSITIVE_INFINITY, label: 'more'},
] as const;

export type TtlCount = {readonly label: string; readonly count: number};

/** Counts the TTLs that writes give to keys, each key of a command once. */
export class TtlCounts {
	readonly #counts = new Array<number>(buckets.length).fill(0);
	#none = 0;
	#kept = 0;
	#unknown = 0;

	count(ttl: GivenTtl, keys: number): void {
		if (ttl === 'none') this.#none += keys;
		else if (ttl === 'kept') this.#kept += keys;
		else if (ttl === 'unknown') this.#unknown += keys;
		else {
			const index = buckets.findIndex(({upToMs}) => ttl <= upToMs);
			this.#counts[index] = (this.#counts[index] ?? 0) + keys;
		}
	}

	/** Writes after which the keys do not expire. */
	get none(): number {
		return this.#none;
	}

	list(): readonly TtlCount[] {
		const known = buckets.map(({label}, index) => ({label, count: this.#counts[index] ?? 0}));
		return [
			...known,
			{label: 'none', count: this.#none},
			{label: 'kept', count: this.#kept},
			{label: 'unknown', count: this.#unknown},
		];
	}
}
