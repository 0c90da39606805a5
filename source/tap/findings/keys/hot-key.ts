import {formatCount, formatCountOf, formatPercent} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import {FrequentKeys} from '../../statistics/frequent-keys.js';
import {maxFindingKeys, type Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import type {KeyUse} from './key-use.js';

export const hotKeyThresholds = {
	/** Reads of the key. Fewer are no load. */
	reads: 1000,
	/** Its share of all reads. The first of a thousand keys has an eighth in ordinary (Zipf) traffic. */
	share: 0.25,
	/** Its reads a second, averaged over the seconds with any reads. A lower rate is no load for server or network. */
	readsPerSecond: 200,
	/** Reads a second from which on they are a considerable load for a server. */
	warningReadsPerSecond: 2000,
} as const;

/** One key gets a large share of the reads. */
export class HotKeyRule implements FindingRule {
	readonly uses = ['hit', 'look'] as const;
	readonly #keys = new FrequentKeys();
	#reads = 0;
	/** Seconds in which anything was read. */
	#seconds = 0;
	#second = -1;
	#firstAt: number | undefined;
	#lastAt = 0;

	onKeyUse({known, event}: KeyUse): void {
		if (event.isBlocking) return;
		known.hits = this.#keys.count(known.key, known.hits);
		this.#reads++;
		const second = Math.floor(event.sentAt / 1000);
		if (second > this.#second) {
			this.#second = second;
			this.#seconds++;
		}
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		const {reads, share, readsPerSecond, warningReadsPerSecond} = hotKeyThresholds;
		if (this.#firstAt === undefined || this.#reads < reads) return undefined;
		const hot = this.#keys
			.top(maxFindingKeys)
			.filter(({count}) => count >= reads && count >= this.#reads * share && count >= this.#seconds * readsPerSecond);
		const [hottest] = hot;
		if (hottest === undefined) return undefined;
		const {key, count} = hottest;
		const perSecond = count / this.#seconds;
		const keys = hot.map((one) => one.key);
		return {
			level: perSecond >= warningReadsPerSecond ? 'warning' : 'info',
			title: 'One key gets a large share of the reads',
			evidence: `${listed([key], print)} was read ${formatCountOf(count, 'time', 'times')}, about ${formatCount(perSecond)} a second: ${formatPercent(count / this.#reads, 0)} of all reads.`,
			why: 'All reads of a key go to one server and one of its threads. More servers do not help, and when it expires all its readers wait.',
			advice:
				'Keep it in the memory of the process for a second or two, or use client-side caching (CLIENT TRACKING), so that Redis is read only after a change.',
			keys: findingKeys(keys, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}
