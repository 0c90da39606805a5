import {formatCount, formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {type KeyUse, setsWholeValue} from '../keys/key-use.js';
import {findingKeys, listed} from '../words.js';

export const stampedeThresholds = {
	/**
	 * Concurrent loads of one value that count. Two can coincide by chance, and cost one load; three show that nothing
	 * prevents it.
	 */
	loadsAtOnce: 3,
	/** Needless loads in all: five callers that load one value, or two times three. */
	needlessLoads: 4,
	/** Concurrent loads of one value from which on the source may be overloaded. */
	seriousLoadsAtOnce: 20,
} as const;

/**
 * Several callers miss one key and all of them load its value: each has missed it before the first of them set it, and
 * sets it, too.
 */
export class StampedeRule implements FindingRule {
	readonly uses = ['set'] as const;
	readonly #patterns = new WorstKeys();
	#stampedes = 0;
	#needless = 0;
	#most = 0;
	#firstAt: number | undefined;
	#lastAt = 0;

	onKeyUse({event, load, known}: KeyUse): void {
		if (load === undefined || load.misses.length < stampedeThresholds.loadsAtOnce) return;
		if (!setsWholeValue(event) || load.openMissOf(event.connection) === undefined) return;
		const loads = load.fills + 1;
		if (loads < stampedeThresholds.loadsAtOnce) return;
		const isFirst = loads === stampedeThresholds.loadsAtOnce;
		if (isFirst) this.#stampedes++;
		const needless = isFirst ? loads - 1 : 1;
		this.#needless += needless;
		this.#patterns.add(known.pattern, needless);
		this.#most = Math.max(this.#most, loads);
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		if (this.#firstAt === undefined || this.#needless < stampedeThresholds.needlessLoads) return undefined;
		const patterns = this.#patterns.names();
		return {
			level: this.#most >= stampedeThresholds.seriousLoadsAtOnce ? 'serious' : 'warning',
			title: 'Several callers load the same value at once',
			evidence: `${formatCountOf(this.#stampedes, 'time', 'times')}, at least ${stampedeThresholds.loadsAtOnce} callers missed one key of ${listed(patterns, print)} and all of them set it: up to ${formatCount(this.#most)} at once, ${formatCountOf(this.#needless, 'needless load')} in all.`,
			why: 'When a popular key expires, the database gets the same query from every caller at once, just when it has to answer without the cache.',
			advice:
				'Let one caller load and the others wait for it: a promise for each key within a process (single flight), and across processes a lock or lease (SET NX with PX), or serve the old value while one renews it.',
			keys: findingKeys(patterns, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}
}
