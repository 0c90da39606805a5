import {formatLatency} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {CommandEvent, ConnectionEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import type {KeyUse} from '../keys/key-use.js';
import {findingKeys} from '../words.js';
import type {Change, Load, Miss} from './load.js';

export const staleFillThresholds = {
	/**
	 * Fills after a change. One is enough: it may leave a wrong value until its TTL ends, and no correct behavior looks like
	 * it.
	 */
	fills: 1,
	/** Number of fills from which on the level is `serious`. */
	seriousFills: 3,
} as const;

/** Connections whose WATCH is remembered. */
const maxWatchers = 10_000;

/**
 * A fill whose miss is older than a change of its key: on the connection of the fill the miss was answered first, then
 * another connection deleted or set the key, then the fill was sent.
 *
 * Two similar sequences are excluded. An application may update a key by DEL and then SET, without a read: there is no finding
 * while such updates outnumber the races. And with a connection pool, a fill may use another connection than its miss: a SET by
 * another connection counts as a change only while most fills use the connection of their miss.
 */
export class StaleFillRule implements FindingRule {
	readonly uses = ['set'] as const;
	readonly commands: ReadonlySet<string> = new Set(['WATCH', 'EXEC', 'DISCARD', 'UNWATCH']);
	readonly #keys = new WorstKeys();
	readonly #watchers = new Set<number>();
	#races = 0;
	#longest = 0;
	#firstAt: number | undefined;
	#lastAt = 0;
	/** Sets that follow a delete without any miss: updates. */
	#updates = 0;
	#fillsOnSameConnection = 0;
	#fillsElsewhere = 0;
	#overDeletes = 0;

	onCommand(event: CommandEvent): void {
		if (event.command !== 'WATCH') this.#watchers.delete(event.connection);
		else if (this.#watchers.size < maxWatchers) this.#watchers.add(event.connection);
	}

	onConnection({type, connection}: ConnectionEvent): void {
		if (type === 'closed') this.#watchers.delete(connection);
	}

	onKeyUse({known, event, load}: KeyUse): void {
		if (load === undefined) return;
		const miss = load.misses.findLast((one) => one.connection === event.connection && !one.isFilled && !one.isRenewed);
		this.#calibrate(load, miss);
		if (miss === undefined) return;
		// EXEC refuses a transaction whose watched key has changed, so this one is safe.
		if (event.inTransaction && this.#watchers.has(event.connection)) return;
		const change = load.changes.find((one) => this.#isBetween(one, miss, event));
		if (change === undefined) return;
		this.#races++;
		if (change.kind === 'delete') this.#overDeletes++;
		this.#keys.add(known.key);
		this.#longest = Math.max(this.#longest, event.sentAt - miss.at);
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		if (this.#firstAt === undefined || this.#races < staleFillThresholds.fills) return undefined;
		if (this.#updates > this.#races) return undefined;
		const keys = this.#keys.names();
		const changed = this.#overDeletes === this.#races ? 'deleted' : 'deleted or set';
		return {
			level: this.#races >= staleFillThresholds.seriousFills ? 'serious' : 'warning',
			title: 'A slow load can put an old value back',
			evidence: `${formatCountOf(this.#races, 'time', 'times')}, a connection missed a key, another connection ${changed} it, and then the first one set it (up to ${formatLatency(this.#longest)} after its miss). If its value was read before the change, it is the old one. The tap sees connections, not their callers.`,
			why: 'The cache then holds a value that was deleted or replaced, and returns it to all readers until its TTL ends.',
			advice:
				'Store a loaded value only if nothing has changed since the miss: a lease that every delete removes, a version checked by a script, or WATCH and MULTI around the fill. A short TTL only limits how long the old value stays.',
			keys: findingKeys(keys, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}

	#isBetween(change: Change, miss: Miss, fill: CommandEvent): boolean {
		if (change.connection === fill.connection) return false;
		if (change.sentAt <= miss.at || change.repliedAt > fill.sentAt) return false;
		return change.kind === 'delete' || this.#fillsOnSameConnection >= this.#fillsElsewhere;
	}

	/** Observes how the application updates keys, and on which connections its fills are. */
	#calibrate(load: Load, miss: Miss | undefined): void {
		if (load.misses.length === 0) {
			if (load.changes.at(-1)?.kind === 'delete') this.#updates++;
		} else if (load.misses.length === 1) {
			if (miss !== undefined) this.#fillsOnSameConnection++;
			else if (load.changes.length === 0) this.#fillsElsewhere++;
		}
	}
}
