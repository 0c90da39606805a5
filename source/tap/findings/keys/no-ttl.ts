import {formatCountOf, formatPercent} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import type {PatternRecord} from './pattern-record.js';
import type {PatternRecords} from './pattern-records.js';

export const noTtlThresholds = {
	/** Keys of a pattern without a TTL. Fewer may be a fixed set, such as settings. */
	keys: 50,
	/** Share of the written keys that have no TTL and still exist. If most are deleted, the application cleans up itself. */
	share: 0.5,
	/** Share of these that were set after a miss, which indicates a cache: a data store is not filled on a miss. */
	filledShare: 0.5,
	/** Sets with a TTL in the same pattern indicate a cache as well: some code sets the TTL, and some forgets it. */
	setsWithTtl: 10,
	/** Without indications of a cache: number of keys that shows that they accumulate. */
	storedKeys: 1000,
	/** Without indications of a cache: share of deleted keys above which the application cleans up itself. */
	deletedShare: 0.02,
} as const;

type Judgment = {readonly record: PatternRecord; readonly endless: number; readonly isCache: boolean};

/** Keys that are set without a TTL, not given one later, and not deleted. */
export class NoTtlRule implements FindingRule {
	readonly #records: PatternRecords;

	constructor(records: PatternRecords) {
		this.#records = records;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		const judged = this.#records
			.all()
			.flatMap((record) => judge(record) ?? [])
			.sort((left, right) => right.endless - left.endless);
		const [worst] = judged;
		if (worst === undefined) return undefined;
		const patterns = judged.map(({record}) => record.pattern);
		const {endless, record} = worst;
		const isEstimate = record.sample.scale > 1 ? 'About ' : '';
		return {
			level: judged.some(({isCache}) => isCache) ? 'warning' : 'info',
			title: 'Keys are written without a TTL',
			evidence: `${isEstimate}${formatCountOf(endless, 'key')} of ${listed([record.pattern], print)} ${endless === 1 ? 'was' : 'were'} set without a TTL and not deleted: ${formatPercent(endless / record.sample.estimate((key) => key.sets > 0), 0)} of those written.${judged.length > 1 ? ` So are keys of ${listed(patterns.slice(1), print)}.` : ''}`,
			why: 'They stay until they are deleted: memory grows until the server evicts keys that are in use, or refuses writes, and a missed invalidation is never repaired.',
			advice:
				'Give every cached value a TTL (SET with EX or PX), even a long one, as an upper bound for how old a value may be. If Redis is the only store of this data, use a separate instance for it.',
			keys: findingKeys(patterns, print),
			firstSeenAt: Math.min(...judged.map(({record: {firstSetAt}}) => firstSetAt ?? Infinity)),
			lastSeenAt: Math.max(...judged.map(({record: {lastSetAt}}) => lastSetAt)),
		};
	}
}

function judge(record: PatternRecord): Judgment | undefined {
	const {sample} = record;
	let written = 0;
	let endless = 0;
	let filled = 0;
	let deleted = 0;
	for (const key of sample.keys()) {
		if (key.sets === 0) continue;
		written++;
		if (key.wasDeleted) deleted++;
		if (key.ttl !== 'none' || !key.isThere) continue;
		endless++;
		if (key.fills > 0) filled++;
	}
	const limits = noTtlThresholds;
	if (endless * sample.scale < limits.keys || endless < written * limits.share) return undefined;
	const isCache = filled >= endless * limits.filledShare || record.setsWithTtl >= limits.setsWithTtl;
	const isGrowing = endless * sample.scale >= limits.storedKeys && deleted <= written * limits.deletedShare;
	return isCache || isGrowing ? {record, endless: endless * sample.scale, isCache} : undefined;
}
