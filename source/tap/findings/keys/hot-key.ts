import {formatCount, formatCountOf, formatPercent} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import {FrequentKeys} from '../../sketches/frequent-keys.js';
import type {FindingRule, Problem} from '../finding.js';
import {findingKeys, listed} from '../words.js';
import type {KeyUse} from './key-use.js';

export const hotKeyThresholds = {
	/** Reads of the key. Fewer are no load. */
	reads: 1000,
	/** Its share of all reads. The first of a thousand keys has an eighth in ordinary (Zipf) traffic. */
	share: 0.25,
	/** Reads of it in each second in which it is read. Below, no server and no network notices. */
	readsPerSecond: 200,
	/** From here on it is a load for a server of its own. */
	warningReadsPerSecond: 2000,
} as const;

/** Keys that are counted: each with more than a 65th of all reads is among them. */
const countedKeys = 64;

/** One key gets a large share of the reads. */
export class HotKeyRule implements FindingRule {
	readonly #keys = new FrequentKeys(countedKeys);
	#firstAt: number | undefined;
	#lastAt = 0;

	onKeyUse({kind, key, event}: KeyUse): void {
		if ((kind !== 'hit' && kind !== 'look') || event.isBlocking) return;
		this.#keys.add(key, event.sentAt);
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		const {reads, share, readsPerSecond, warningReadsPerSecond} = hotKeyThresholds;
		const hot = this.#keys
			.top()
			.filter(
				([, {count, seconds}]) =>
					count >= reads && count >= this.#keys.total * share && count / seconds >= readsPerSecond,
			);
		const [hottest] = hot;
		if (hottest === undefined || this.#firstAt === undefined) return undefined;
		const [key, {count, seconds}] = hottest;
		const keys = hot.map(([name]) => name);
		return {
			level: count / seconds >= warningReadsPerSecond ? 'warning' : 'info',
			title: 'One key gets a large share of the reads',
			evidence: `${listed([key], print)} was read ${formatCountOf(count, 'time', 'times')}, about ${formatCount(count / seconds)} a second: ${formatPercent(count / this.#keys.total, 0)} of all reads.`,
			why: 'All reads of a key go to one server and one of its threads. More servers do not help, and when it expires everybody waits for it.',
			advice:
				'Keep it in the memory of the process for a second or two, or use client-side caching (CLIENT TRACKING), so that Redis is asked only after a change.',
			keys: findingKeys(keys, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}
