import {formatCountOf, formatPercent} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import {type PatternRecord, spanMs} from './pattern-record.js';
import type {PatternRecords} from './pattern-records.js';

export const lowHitRatioThresholds = {
	/** Below this ratio, most reads pay for both the cache and the source. */
	hitRatio: 0.5,
	/**
	 * Number of consecutive spans of 5 seconds that must all be below it: a simultaneous expiry of many keys is over sooner.
	 */
	spans: 3,
	/** Minimum reads in each span. */
	readsInSpan: 50,
	/** Rise of the hit ratio from the first to the last span that shows that the cache is still warming up. */
	rise: 0.1,
	/**
	 * Share of the missed keys that are set afterwards. Keys that are mostly not set are no cached values, but locks or
	 * blocklists, for instance.
	 */
	filledShare: 0.3,
} as const;

type Judgment = {readonly record: PatternRecord; readonly reads: number; readonly hits: number; readonly from: number};

/** Patterns whose reads mostly miss although the misses are filled, without improvement. */
export class LowHitRatioRule implements FindingRule {
	readonly #records: PatternRecords;

	constructor(records: PatternRecords) {
		this.#records = records;
	}

	find(now: number, print: KeyPrinter): Problem | undefined {
		const poor = this.#records.all().flatMap((record) => judge(record, now) ?? []);
		poor.sort((left, right) => right.reads - right.hits - (left.reads - left.hits));
		const [worst] = poor;
		if (worst === undefined) return undefined;
		const patterns = poor.map(({record}) => record.pattern);
		return {
			level: 'warning',
			title: 'Most reads miss',
			evidence: `Of ${formatCountOf(worst.reads, 'read')} of ${listed([worst.record.pattern], print)} in the last ${(spanMs * lowHitRatioThresholds.spans) / 1000} s, ${formatPercent(worst.hits / worst.reads, 0)} were hits.${poor.length > 1 ? ` Below ${formatPercent(lowHitRatioThresholds.hitRatio, 0)} as well: ${listed(patterns.slice(1), print)}.` : ''}`,
			why: 'A miss costs a round trip, the load from the source and another round trip to store the value: with so few hits the cache makes the application slower.',
			advice:
				'Check for a TTL that is shorter than the time between two reads, for deletes of more keys than have changed, for evictions, and for key parts that make each key unique, such as a time or a request id. Do not cache values that are read only once.',
			keys: findingKeys(patterns, print),
			firstSeenAt: Math.min(...poor.map(({from}) => from)),
			lastSeenAt: Math.max(...poor.map(({record}) => record.lastReadAt)),
		};
	}
}

function judge(record: PatternRecord, now: number): Judgment | undefined {
	const limits = lowHitRatioThresholds;
	const complete = record.spans.filter(({from}) => now - from >= spanMs).slice(-limits.spans);
	const [first] = complete;
	const last = complete.at(-1);
	if (first === undefined || last === undefined || complete.length < limits.spans) return undefined;
	if (complete.some(({reads, hits}) => reads < limits.readsInSpan || hits >= reads * limits.hitRatio)) return undefined;
	if (last.hits / last.reads - first.hits / first.reads >= limits.rise || record.others > 0) return undefined;
	let missed = 0;
	let filled = 0;
	for (const key of record.sample.keys()) {
		if (key.reads > key.hits) missed++;
		if (key.fills > 0) filled++;
	}
	if (filled < missed * limits.filledShare) return undefined;
	let reads = 0;
	let hits = 0;
	for (const span of complete) {
		reads += span.reads;
		hits += span.hits;
	}
	return {record, reads, hits, from: first.from};
}
