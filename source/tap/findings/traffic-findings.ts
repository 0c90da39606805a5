import type {ActiveWireFault} from '../../proxy/types.js';
import type {KeyPrinter} from '../key-text.js';
import {KnownKeys, type PatternOf} from '../known-keys.js';
import type {CommandEvent, ConnectionEvent, OpenConnection, TrafficObserver} from '../traffic.js';
import {ConnectionChurnRule} from './connections/connection-churn.js';
import {RoundTripsRule} from './connections/round-trips.js';
import {type Finding, type FindingId, findingIds} from './finding.js';
import type {FindingRule} from './finding-rule.js';
import {BigValueRule} from './keys/big-value.js';
import {HotKeyRule} from './keys/hot-key.js';
import {type KeyUse, type KeyUseKind, kindOf} from './keys/key-use.js';
import {LowHitRatioRule} from './keys/low-hit-ratio.js';
import {NeverReadRule} from './keys/never-read.js';
import {NoTtlRule} from './keys/no-ttl.js';
import {PatternRecords} from './keys/pattern-records.js';
import {RepeatedMissRule} from './keys/repeated-miss.js';
import {SameTtlRule} from './keys/same-ttl.js';
import {Loads} from './loads/loads.js';
import {StaleFillRule} from './loads/stale-fill.js';
import {StampedeRule} from './loads/stampede.js';
import {NoTimeoutRule} from './outage/no-timeout.js';
import {RetryStormRule} from './outage/retry-storm.js';
import {BlockingCommandRule} from './server/blocking-command.js';
import type {ServerReading} from './server/server-reading.js';
import {ServerSettingsRule} from './server/server-settings.js';

/** Most command names whose rules are cached. */
const maxCommands = 500;

const rank = {serious: 0, warning: 1, info: 2} as const;

/** Finds problems in an application's traffic. Its memory is bounded under any traffic: about ten megabytes. */
export class TrafficFindings implements TrafficObserver {
	readonly #keys: KnownKeys;
	readonly #records: PatternRecords;
	readonly #loads = new Loads();
	readonly #rules: Readonly<Record<FindingId, FindingRule>>;
	readonly #commandRules: readonly CommandRule[];
	/** The rules that observe a command, by its name. */
	readonly #rulesByCommand = new Map<string, readonly CommandRule[]>();
	#lastCommand: string | undefined;
	#lastRules: readonly CommandRule[] = [];
	/** Rules by the kind of use that they observe. */
	readonly #keyRules: Readonly<Record<KeyUseKind, readonly KeyRule[]>>;

	/** @param keys Shared with the statistics, so that both use the same patterns. */
	constructor(keys = new KnownKeys()) {
		this.#keys = keys;
		this.#records = new PatternRecords(keys.patterns);
		const patternOf: PatternOf = (key, db) => keys.of(key, db).pattern;
		this.#rules = {
			stampede: new StampedeRule(),
			'stale-fill': new StaleFillRule(),
			'no-ttl': new NoTtlRule(this.#records),
			'same-ttl': new SameTtlRule(),
			'hot-key': new HotKeyRule(),
			'big-value': new BigValueRule(),
			'blocking-command': new BlockingCommandRule(patternOf),
			'round-trips': new RoundTripsRule(patternOf),
			'connection-churn': new ConnectionChurnRule(),
			'never-read': new NeverReadRule(this.#records),
			'low-hit-ratio': new LowHitRatioRule(this.#records),
			'repeated-miss': new RepeatedMissRule(this.#records),
			'retry-storm': new RetryStormRule(),
			'no-timeout': new NoTimeoutRule(),
			'server-settings': new ServerSettingsRule(),
		};
		const rules = Object.values(this.#rules);
		this.#commandRules = rules.filter((rule): rule is CommandRule => rule.onCommand !== undefined);
		const keyRules = rules.filter((rule): rule is KeyRule => rule.onKeyUse !== undefined);
		const toldOf = (kind: KeyUseKind) => keyRules.filter(({uses}) => uses.includes(kind));
		this.#keyRules = {
			hit: toldOf('hit'),
			miss: toldOf('miss'),
			look: toldOf('look'),
			set: toldOf('set'),
			change: toldOf('change'),
			delete: toldOf('delete'),
			expire: toldOf('expire'),
			script: toldOf('script'),
		};
	}

	onCommand(event: CommandEvent): void {
		if (event.command !== this.#lastCommand) {
			this.#lastRules = this.#rulesByCommand.get(event.command) ?? this.#rulesFor(event.command);
			this.#lastCommand = event.command;
		}
		for (const rule of this.#lastRules) rule.onCommand(event);
		if (event.keyCount === 0 || (event.result !== 'ok' && event.result !== 'silent')) return;
		const kind = kindOf(event);
		if (kind !== undefined) this.#tellOfKeys(event, kind);
	}

	onConnection(event: ConnectionEvent): void {
		for (const rule of Object.values(this.#rules)) rule.onConnection?.(event);
	}

	onTick(now: number, connections: readonly OpenConnection[]): void {
		for (const rule of Object.values(this.#rules)) rule.onTick?.(now, connections);
	}

	onStall(from: number, to: number): void {
		for (const rule of Object.values(this.#rules)) rule.onStall?.(from, to);
	}

	onFaults(now: number, active: readonly ActiveWireFault[]): void {
		for (const rule of Object.values(this.#rules)) rule.onFaults?.(now, active);
	}

	onDrillFault(now: number, isActive: boolean): void {
		for (const rule of Object.values(this.#rules)) rule.onDrillFault?.(now, isActive);
	}

	/** Call about once a minute with the server's own statistics. */
	onServer(figures: ServerReading): void {
		for (const rule of Object.values(this.#rules)) rule.onServer?.(figures);
	}

	/**
	 * The problems found so far, the most serious first; at most one of each id.
	 *
	 * @param now Time of the traffic, as in its events.
	 */
	findings(now: number, print: KeyPrinter): readonly Finding[] {
		const found = findingIds.flatMap((id): Finding[] => {
			const problem = this.#rules[id].find(now, print);
			if (problem === undefined) return [];
			const {firstSeenAt, lastSeenAt} = problem;
			return [{...problem, id, firstSeenAt: unixTime(firstSeenAt), lastSeenAt: unixTime(lastSeenAt)}];
		});
		return found.sort((left, right) => rank[left.level] - rank[right.level]);
	}

	#rulesFor(command: string): readonly CommandRule[] {
		const rules = this.#commandRules.filter(({commands}) => commands?.has(command) !== false);
		if (this.#rulesByCommand.size < maxCommands) this.#rulesByCommand.set(command, rules);
		return rules;
	}

	#tellOfKeys(event: CommandEvent, kind: KeyUseKind): void {
		const {keys, missedKeys} = event;
		let missed = 0;
		for (const key of keys) {
			const isMissed = kind === 'hit' && (missedKeys === keys || missedKeys[missed] === key);
			if (isMissed) missed++;
			this.#tellOfKey(event, key, isMissed ? 'miss' : kind);
		}
	}

	#tellOfKey(event: CommandEvent, key: string, kind: KeyUseKind): void {
		const known = this.#keys.of(key, event.db);
		const load = kind === 'set' ? this.#loads.of(known, event) : undefined;
		const use: KeyUse = {kind, event, known, load};
		this.#records.onKeyUse(use);
		for (const rule of this.#keyRules[kind]) rule.onKeyUse(use);
		this.#loads.record(kind, known, event);
	}
}

type CommandRule = FindingRule & Required<Pick<FindingRule, 'onCommand'>>;
type KeyRule = FindingRule & Required<Pick<FindingRule, 'onKeyUse' | 'uses'>>;

function unixTime(at: number): number {
	return Math.round(performance.timeOrigin + at);
}
