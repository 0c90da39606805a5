import {formatDuration} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import {RecentMap} from '../../sketches/recent-map.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {CommandEvent, ConnectionEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import type {KeyUse} from './key-use.js';
import {type TtlBatch, TtlBatches} from './ttl-batches.js';

export const sameTtlThresholds = {
	/** Minimum keys in one batch: a hundred loads at once are a noticeable load for a database. */
	keys: 100,
	/**
	 * Share of the TTL within which the batch was set, and so within which it expires. A longer batch is spread out
	 * anyway.
	 */
	span: 0.1,
	/**
	 * Milliseconds without another set after which a batch is complete. A continuous stream of sets is never complete, and
	 * expires as a stream.
	 */
	quietMs: 1000,
} as const;

/** Limit of remembered keys of earlier batches, which show if a batch is set again before it expires. */
const maxRemembered = 2048;

/** Most patterns that are remembered because their keys are renewed in time. */
const maxRenewed = 256;

/**
 * Batches of keys with one TTL. Excludes sets after a single-key miss, which are spread over time, and batches that are set
 * again before they expire, for instance by a periodic job.
 */
export class SameTtlRule implements FindingRule {
	readonly uses = ['set', 'expire'] as const;
	readonly #batches = new TtlBatches(sameTtlThresholds.quietMs, (batch) => this.#judge(batch));
	readonly #patterns = new WorstKeys();
	/** Expiry times of the keys of earlier batches. */
	readonly #expiresAt = new RecentMap<number>(maxRemembered);
	readonly #renewed = new Set<string>();
	#largest: TtlBatch | undefined;
	#firstAt: number | undefined;
	#lastAt = 0;

	onCommand({effect, connection}: CommandEvent): void {
		if (effect === 'read' || effect === 'script') this.#batches.endOf(connection);
	}

	onConnection({type, connection}: ConnectionEvent): void {
		if (type === 'closed') this.#batches.endOf(connection);
	}

	onTick(now: number): void {
		this.#batches.endQuiet(now);
	}

	onKeyUse(use: KeyUse): void {
		const {known, event, load} = use;
		if (typeof event.ttlMs !== 'number' || event.ttlMs <= 0) return;
		if (load?.misses.some((miss) => miss.keyCount === 1)) return;
		const expiresAt = this.#expiresAt.get(known.id);
		if (expiresAt !== undefined && event.sentAt < expiresAt && this.#renewed.size < maxRenewed)
			this.#renewed.add(known.pattern);
		this.#batches.add(use, event.ttlMs);
	}

	find(now: number, print: KeyPrinter): Problem | undefined {
		this.#batches.endQuiet(now);
		const patterns = this.#patterns.names().filter((pattern) => !this.#renewed.has(pattern));
		const largest = this.#largest;
		if (largest === undefined || this.#firstAt === undefined || this.#renewed.has(largest.pattern)) return undefined;
		return {
			level: 'warning',
			title: 'Many keys expire at the same time',
			evidence: `${formatCountOf(largest.keys, 'key')} of ${listed([largest.pattern], print)} were set within ${formatDuration(Math.max(1, Math.round(largest.lastAt - largest.firstAt)))}, all with a TTL of ${formatDuration(largest.ttlMs)}.${patterns.length > 1 ? ` So were keys of ${listed(patterns.slice(1), print)}.` : ''}`,
			why: 'When the TTL ends, all of them miss at the same moment, and their loads reach the database at once.',
			advice: 'Vary the TTL of each key by 10 % or more at random (jitter), or renew the keys before they expire.',
			keys: findingKeys(patterns, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}

	#judge(batch: TtlBatch): void {
		const {keys, span} = sameTtlThresholds;
		if (batch.keys < keys || batch.lastAt - batch.firstAt > batch.ttlMs * span) return;
		for (const key of batch.sample) this.#expiresAt.set(key, batch.firstAt + batch.ttlMs);
		this.#patterns.add(batch.pattern, batch.keys);
		if (this.#largest === undefined || batch.keys > this.#largest.keys || this.#renewed.has(this.#largest.pattern))
			this.#largest = batch;
		this.#firstAt ??= batch.firstAt;
		this.#lastAt = batch.lastAt;
	}
}
