import {formatCount, formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import type {KnownKey} from '../../known-keys.js';
import {RecentMap} from '../../sketches/recent-map.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import type {KeyUse} from './key-use.js';
import type {PatternRecord} from './pattern-record.js';
import type {PatternRecords} from './pattern-records.js';

export const repeatedMissThresholds = {
	/** Misses of one key in a row, with no value set in between, after which its value counts as absent. */
	missesOfKey: 10,
	/**
	 * Milliseconds between the reply to one of these and the next one. Reads that follow sooner may not be repetitions, but
	 * concurrent callers, for instance after an outage or a slow load.
	 */
	againMs: 200,
	/** Misses of such keys in all. Fewer cost nothing. */
	misses: 100,
	/** Keys of the pattern that do have a value, which indicates a cache. Locks and blocklist entries are mostly absent. */
	keysWithValue: 10,
	/** Minimum share of the keys with a value. */
	valueShare: 0.1,
} as const;

/** Limit of remembered absent keys. Keys that keep missing are never dropped. */
const maxKeys = 10_000;

/** Keys that are read again and again and never set, since their value does not exist. */
export class RepeatedMissRule implements FindingRule {
	readonly uses = ['hit', 'miss', 'set', 'change', 'script'] as const;
	readonly #records: PatternRecords;
	readonly #absent = new RecentMap<KnownKey>(maxKeys);
	#firstAt: number | undefined;
	#lastAt = 0;

	constructor(records: PatternRecords) {
		this.#records = records;
	}

	onKeyUse(use: KeyUse): void {
		const {kind, known, event} = use;
		if (kind !== 'miss') {
			known.missesInRow = 0;
			known.missesAgain = 0;
			if (this.#absent.size > 0) this.#absent.delete(known.id);
			return;
		}
		const {missesOfKey, againMs} = repeatedMissThresholds;
		known.missesInRow++;
		if (known.missesAgain === 0 || event.startedAt - known.missedAt >= againMs) {
			known.missesAgain++;
			known.missedAt = event.repliedAt ?? event.sentAt;
		}
		if (known.missesAgain < missesOfKey) return;
		if (this.#absent.get(known.id) !== known) this.#absent.set(known.id, known);
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		if (this.#firstAt === undefined) return undefined;
		const limits = repeatedMissThresholds;
		const caches = new Set(
			this.#records
				.all()
				.filter(isCache)
				.map(({pattern}) => pattern),
		);
		if (caches.size === 0) return undefined;
		const absent: KnownKey[] = [];
		for (const [, known] of this.#absent.entries()) if (caches.has(known.pattern)) absent.push(known);
		const misses = absent.reduce((sum, {missesInRow}) => sum + missesInRow, 0);
		if (misses < limits.misses) return undefined;
		absent.sort((left, right) => right.missesInRow - left.missesInRow);
		const patterns = [...new Set(absent.map(({pattern}) => pattern))];
		const [most] = absent;
		return {
			level: 'warning',
			title: 'Values that do not exist are asked for again and again',
			evidence: `${formatCountOf(absent.length, 'key')} of ${listed(patterns, print)} missed ${formatCountOf(misses, 'time', 'times')} and never set; one of them ${formatCount(most?.missesInRow)} times.`,
			why: 'Each of these reads reaches the database that the cache should protect. Anyone who tries random ids can overload it.',
			advice: 'Cache the absence for a short time (negative caching), and reject ids that cannot exist.',
			keys: findingKeys(
				absent.map(({key}) => key),
				print,
			),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}

function isCache(record: PatternRecord): boolean {
	let keys = 0;
	let withValue = 0;
	for (const key of record.sample.keys()) {
		keys++;
		if (key.hits > 0 || key.sets > 0) withValue++;
	}
	const {keysWithValue, valueShare} = repeatedMissThresholds;
	return record.others === 0 && withValue >= keysWithValue && withValue >= keys * valueShare;
}
