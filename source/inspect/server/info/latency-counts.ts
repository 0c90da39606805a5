import {listOf, numberOf, textOf} from '../../sender.js';

/** Cumulative histogram of the execution times of calls: bounds in microseconds, with the number of calls up to each. */
export type LatencyCounts = readonly (readonly [upToUs: number, calls: number])[];

/** The reply to LATENCY HISTOGRAM: the counts of each command since the server's start. */
export function parseLatencyHistogram(reply: unknown): ReadonlyMap<string, LatencyCounts> {
	return new Map(
		pairsOf(listOf(reply)).map(([name, details]) => {
			const fields = new Map(pairsOf(listOf(details)).map(([field, value]) => [textOf(field), value]));
			const counts = pairsOf(listOf(fields.get('histogram_usec')));
			return [
				textOf(name).toLowerCase(),
				counts.map(([upTo, calls]) => [numberOf(upTo) ?? 0, numberOf(calls) ?? 0] as const),
			];
		}),
	);
}

function pairsOf(list: readonly unknown[]): (readonly [unknown, unknown])[] {
	return Array.from(
		{length: Math.floor(list.length / 2)},
		(_, index) => [list[2 * index], list[2 * index + 1]] as const,
	);
}

/** Number of calls in each bucket, without those of lower buckets. */
function perBucket(counts: LatencyCounts): ReadonlyMap<number, number> {
	let before = 0;
	return new Map(
		counts.map(([upToUs, calls]) => {
			const own = calls - before;
			before = calls;
			return [upToUs, own];
		}),
	);
}

/** Collects the execution times of several commands between two snapshots of their counts. */
export class LatencySpan {
	readonly #buckets = new Map<number, number>();

	/** Adds the calls of one command. The bounds are the same powers of two for all commands; the server omits empty buckets. */
	add(before: LatencyCounts | undefined, after: LatencyCounts): void {
		const earlier = perBucket(before ?? []);
		for (const [upToUs, calls] of perBucket(after)) {
			const added = calls - (earlier.get(upToUs) ?? 0);
			if (added > 0) this.#buckets.set(upToUs, (this.#buckets.get(upToUs) ?? 0) + added);
		}
	}

	/**
	 * A quantile of the execution times in milliseconds, by linear interpolation in its bucket. Undefined without calls.
	 */
	quantile(share: number): number | undefined {
		const buckets = [...this.#buckets].sort(([a], [b]) => a - b);
		const total = buckets.reduce((sum, [, calls]) => sum + calls, 0);
		if (total === 0) return undefined;
		const wanted = share * total;
		let below = 0;
		for (const [upToUs, calls] of buckets) {
			if (below + calls >= wanted) return (upToUs * (0.5 + (0.5 * (wanted - below)) / calls)) / 1000;
			below += calls;
		}
		return undefined;
	}
}
