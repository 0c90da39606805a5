import type {KeyPrinter} from '../key-text.js';
import type {KnownKeys} from '../known-keys.js';
import type {TrafficSnapshot} from '../snapshot.js';
import type {CommandEvent, ConnectionEvent, OpenConnection, TrafficObserver} from '../traffic.js';
import type {FollowedKeys} from '../wire/followed-keys.js';
import {BigValues} from './big-values.js';
import {CommandCounts} from './command-counts.js';
import {ConnectionCounts} from './connection-counts.js';
import {FrequentKeys} from './frequent-keys.js';
import {PatternCounts} from './pattern-counts.js';
import {TtlCounts} from './ttl-counts.js';

/** Most keys and patterns that a snapshot lists. */
const listed = {patterns: 50, hotKeys: 20};

type StatisticsOptions = {
	readonly keys: KnownKeys;
	readonly followed: Pick<FollowedKeys, 'mostOneIn'>;
	readonly printKey: KeyPrinter;
	/** Time at which the tap began. */
	readonly startedAt: number;
};

/** Totals of the application's traffic. Its memory does not grow with the number of commands or keys. */
export class TrafficStatistics implements TrafficObserver {
	readonly #options: StatisticsOptions;
	readonly #commands = new CommandCounts();
	readonly #connections = new ConnectionCounts();
	readonly #patterns: PatternCounts;
	readonly #hotKeys = new FrequentKeys();
	readonly #bigValues = new BigValues();
	readonly #ttls = new TtlCounts();
	#hits = 0;
	#misses = 0;
	#keysRead = 0;
	#keysWritten = 0;

	constructor(options: StatisticsOptions) {
		this.#options = options;
		this.#patterns = new PatternCounts(options.keys);
	}

	onCommand(event: CommandEvent): void {
		this.#commands.count(event);
		this.#connections.countCommand(event);
		this.#hits += event.hits;
		this.#misses += event.misses;
		if (event.keyCount > 0 && (event.result === 'ok' || event.result === 'silent')) this.#countKeys(event);
	}

	onConnection(event: ConnectionEvent): void {
		this.#connections.follow(event);
	}

	/** @param bytes Bytes from the application, and to it. */
	snapshot(now: number, open: readonly OpenConnection[], bytes: TrafficSnapshot['bytes']): TrafficSnapshot {
		const {printKey, startedAt, followed} = this.#options;
		const seconds = (now - startedAt) / 1000;
		const commands = this.#commands;
		const {latency} = commands;
		return {
			seconds,
			connections: this.#connections.snapshot(now, open),
			commands: {
				total: commands.total,
				perSecond: seconds > 0 ? commands.total / seconds : 0,
				errors: commands.errors,
				harmlessErrors: commands.harmlessErrors,
				redirects: commands.redirects,
				lost: commands.lost,
				byName: commands.list(),
			},
			errors: commands.errorCodes(),
			reads: {hits: this.#hits, misses: this.#misses, hitRatio: ratio(this.#hits, this.#misses)},
			latencyMs: {p50: latency.quantile(0.5), p99: latency.quantile(0.99), max: latency.max},
			bytes,
			writes: {total: this.#keysWritten, withoutTtl: this.#ttls.none, ttls: this.#ttls.list()},
			patterns: this.#patterns
				.list()
				.slice(0, listed.patterns)
				.map((counts) => ({
					...counts,
					pattern: printKey(counts.pattern),
					hitRatio: ratio(counts.hits, counts.misses),
				})),
			hotKeys: this.#hotKeys.top(listed.hotKeys).map(({key, count}) => ({
				key: printKey(key),
				reads: count,
				share: count / this.#keysRead,
			})),
			sampledKeys: `1/${followed.mostOneIn}`,
			hotKeysError: this.#hotKeys.error,
			bigValues: this.#bigValues.list().map(({key, bytes: size}) => ({key: printKey(key), bytes: size})),
		};
	}

	#countKeys(event: CommandEvent): void {
		const {effect, keys, keyCount, db} = event;
		if (effect === 'other') return;
		this.#patterns.count(event);
		const [first] = keys;
		if (effect === 'read') {
			this.#keysRead += keyCount;
			for (const key of keys) {
				const known = this.#options.keys.of(key, db);
				known.reads = this.#hotKeys.count(key, known.reads);
			}
			if (keyCount === 1 && first !== undefined) this.#bigValues.see(first, event.replyBytes);
		} else if (effect === 'write') {
			this.#keysWritten += keyCount;
			if (event.ttlMs !== undefined) this.#ttls.count(event.ttlMs, keyCount);
			if (keyCount === 1 && first !== undefined) this.#bigValues.see(first, event.requestBytes);
		}
	}
}

function ratio(hits: number, misses: number): number | null {
	return hits + misses === 0 ? null : hits / (hits + misses);
}
