import {formatBytes, formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import {BigValues} from '../../statistics/big-values.js';
import type {CommandEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {wholeCollectionCommands} from '../server/whole-collections.js';
import {findingKeys, listed} from '../words.js';

const kibibyte = 1024;

export const bigValueThresholds = {
	/** Bytes of a value that keep a connection of 1 Gbit/s busy for a millisecond, ten times as long as a usual command. */
	bytes: 100 * kibibyte,
	/** Number of times that such values are transferred. Fewer are exceptions. */
	times: 10,
	/**
	 * Bytes of a value for which two times are enough: 10 ms of 1 Gbit/s, in which all other callers of the connection wait.
	 */
	hugeBytes: 1024 * kibibyte,
	/** Number of times that one of these is transferred, for instance set and read. */
	hugeTimes: 2,
} as const;

/** Values or replies of many bytes. */
export class BigValueRule implements FindingRule {
	readonly #values = new BigValues();
	#times = 0;
	#hugeTimes = 0;
	#bytes = 0;
	#firstAt: number | undefined;
	#lastAt = 0;

	onCommand(event: CommandEvent): void {
		if (event.keyCount === 0 || event.isBlocking || event.effect === 'other') return;
		// The request of a script contains its source text.
		const requestBytes = event.effect === 'script' ? 0 : event.requestBytes;
		const bytes = Math.max(requestBytes, event.replyBytes) / event.keyCount;
		// Another rule covers whole collections.
		if (bytes < bigValueThresholds.bytes || wholeCollectionCommands.has(event.command)) return;
		this.#times++;
		this.#bytes += bytes * event.keyCount;
		if (bytes >= bigValueThresholds.hugeBytes) this.#hugeTimes++;
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
		// With several keys in one command, it is unknown which one is big.
		if (event.keyCount === 1 && event.keys[0] !== undefined) this.#values.see(event.keys[0], bytes);
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		const {bytes, times, hugeBytes, hugeTimes} = bigValueThresholds;
		const isHuge = this.#hugeTimes >= hugeTimes;
		if (this.#firstAt === undefined || (this.#times < times && !isHuge)) return undefined;
		const biggest = this.#values.list();
		const keys = biggest.map(({key}) => key);
		const ofBiggest =
			keys.length === 0
				? ''
				: ` The biggest is ${listed(keys.slice(0, 1), print)} with ${formatBytes(biggest[0]?.bytes)}.`;
		return {
			level: isHuge ? 'warning' : 'info',
			title: 'Values are big',
			evidence: `Values of ${formatBytes(isHuge ? hugeBytes : bytes)} or more passed ${formatCountOf(isHuge ? this.#hugeTimes : this.#times, 'time', 'times')}, ${formatBytes(this.#bytes)} with those of ${formatBytes(bytes)} or more.${ofBiggest}`,
			why: 'While a big value is copied and sent, all other commands on its connection wait, and parsing it blocks an event loop.',
			advice:
				'Store parts that are needed together under separate keys, or as fields of a hash; compress the value; keep values that are read often in the memory of the process.',
			keys: findingKeys(keys, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}
