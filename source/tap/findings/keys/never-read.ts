import {formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import type {PatternRecord} from './pattern-record.js';
import type {PatternRecords} from './pattern-records.js';

export const neverReadThresholds = {
	/** Keys of a pattern that were set. Fewer may have their reads later. */
	keys: 200,
	/** Milliseconds over which they were set. A shorter time may be a warm-up, whose readers come later. */
	setForMs: 15_000,
} as const;

/** Commands by which an application may find keys without naming them. */
const searches: ReadonlySet<string> = new Set(['KEYS', 'SCAN', 'PSUBSCRIBE', 'RANDOMKEY']);

/** Patterns whose keys are set again and again, and never read through the tap. */
export class NeverReadRule implements FindingRule {
	readonly commands = searches;
	readonly #records: PatternRecords;
	#isSearched = false;

	constructor(records: PatternRecords) {
		this.#records = records;
	}

	onCommand(): void {
		this.#isSearched = true;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		if (this.#isSearched) return undefined;
		const unread = this.#records.all().filter(isUnread);
		unread.sort((left, right) => right.sets - left.sets);
		const [worst] = unread;
		if (worst === undefined) return undefined;
		const patterns = unread.map(({pattern}) => pattern);
		return {
			level: 'info',
			title: 'Keys are written and never read',
			evidence: `${listed([worst.pattern], print)} was set ${formatCountOf(worst.sets, 'time', 'times')} and not read once through the tap.${patterns.length > 1 ? ` So were keys of ${listed(patterns.slice(1), print)}.` : ''}`,
			why: 'Each write costs a round trip and memory, for which other keys may be evicted.',
			advice:
				'Remove the write, unless another program reads these keys without the tap. If the reads are rare, set the value when it is first requested.',
			keys: findingKeys(patterns, print),
			firstSeenAt: Math.min(...unread.map(({firstSetAt}) => firstSetAt ?? Infinity)),
			lastSeenAt: Math.max(...unread.map(({lastSetAt}) => lastSetAt)),
		};
	}
}

function isUnread(record: PatternRecord): boolean {
	const {reads, looks, others, sample, firstSetAt, lastSetAt} = record;
	if (firstSetAt === undefined || reads + looks + others > 0) return false;
	if (lastSetAt - firstSetAt < neverReadThresholds.setForMs) return false;
	return sample.estimate((key) => key.sets > 0) >= neverReadThresholds.keys;
}
