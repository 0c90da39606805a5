import type {ActiveWireFault} from '../../../proxy/types.js';
import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import type {PatternOf} from '../../known-keys.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {CommandEvent} from '../../traffic.js';
import type {FindingLevel, Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import {wholeCollectionCommands} from './whole-collections.js';

export const blockingCommandThresholds = {
	/** Calls of KEYS, FLUSHALL or FLUSHDB. One is enough: it looks at every key of the server, while all others wait. */
	calls: 1,
	/** So many calls are no accident and nobody's one-time job. */
	warningCalls: 3,
	/** Bytes of the reply from which on a collection counts as big, and how often one has to be read as a whole. */
	collectionBytes: 100 * 1024,
	collectionReads: 3,
	/** Milliseconds of a script from which on it counts, and how often. Redis itself logs commands from 10 ms on as slow. */
	scriptMs: 50,
	scriptCalls: 2,
	/** Milliseconds of one call, more than of usual commands, that everybody notices. */
	seriousMs: 250,
} as const;

const everyKey: ReadonlySet<string> = new Set(['KEYS', 'FLUSHALL', 'FLUSHDB']);
const scripts: ReadonlySet<string> = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO']);

/** Weight of the latest command in the usual latency. */
const weight = 0.05;

type Calls = {count: number; longestMs: number; bytes: number};

/** Commands during which the server, which has one thread for all of them, answers nobody else. */
export class BlockingCommandRule implements FindingRule {
	readonly #calls = new Map<string, Calls>();
	readonly #patterns = new WorstKeys();
	readonly #patternOf: PatternOf;
	/** Latency of commands that do little, in milliseconds. */
	#usualMs: number | undefined;
	#hasFault = false;
	#hasDrillFault = false;
	/** When the last fault was lifted: it has delayed commands sent before that. */
	#faultEndedAt = Number.NEGATIVE_INFINITY;
	#firstAt: number | undefined;
	#lastAt = 0;

	constructor(patternOf: PatternOf) {
		this.#patternOf = patternOf;
	}

	onFaults(now: number, active: readonly ActiveWireFault[]): void {
		this.#hasFault = active.length > 0;
		this.#faultEndedAt = now;
	}

	onDrillFault(now: number, isActive: boolean): void {
		this.#hasDrillFault = isActive;
		this.#faultEndedAt = now;
	}

	onCommand(event: CommandEvent): void {
		if (event.result !== 'ok') return;
		const {command} = event;
		if (everyKey.has(command)) {
			this.#note(event, this.#extraMs(event) ?? 0);
		} else if (wholeCollectionCommands.has(command)) {
			if (event.replyBytes >= blockingCommandThresholds.collectionBytes) this.#note(event, this.#extraMs(event) ?? 0);
		} else if (scripts.has(command)) {
			const extraMs = this.#extraMs(event);
			if (extraMs !== undefined && extraMs >= blockingCommandThresholds.scriptMs) this.#note(event, extraMs);
		} else {
			this.#measure(event);
		}
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		const found = [...this.#calls].filter(([command, {count}]) => count >= neededCalls(command));
		if (this.#firstAt === undefined || found.length === 0) return undefined;
		const evidence = found.map(([command, calls]) => describe(command, calls)).join('; ');
		const patterns = this.#patterns.names();
		const ofKeys = patterns.length === 0 ? '' : ` Keys: ${listed(patterns, print)}.`;
		return {
			level: levelOf(found),
			title: 'Commands stop the server for everybody',
			evidence: `${evidence}.${ofKeys}`,
			why: 'Redis executes one command after the other. One that looks at every key, or reads a big collection as a whole, keeps all other callers waiting.',
			advice: adviceFor(found.map(([command]) => command)),
			keys: findingKeys(patterns, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}

	#note(event: CommandEvent, extraMs: number): void {
		const calls = this.#calls.get(event.command) ?? {count: 0, longestMs: 0, bytes: 0};
		calls.count++;
		calls.longestMs = Math.max(calls.longestMs, extraMs);
		calls.bytes = Math.max(calls.bytes, event.replyBytes);
		this.#calls.set(event.command, calls);
		for (const key of event.keys.slice(0, 1)) this.#patterns.add(this.#patternOf(key, event.db));
		this.#firstAt ??= event.sentAt;
		this.#lastAt = event.sentAt;
	}

	/** Milliseconds that a command took more than usual ones do; undefined if something else may have delayed it. */
	#extraMs(event: CommandEvent): number | undefined {
		if (event.depth > 1 || event.inTransaction || event.repliedAt === undefined) return undefined;
		if (this.#isDelayed(event)) return undefined;
		return Math.max(0, event.repliedAt - event.sentAt - (this.#usualMs ?? 0));
	}

	#isDelayed({sentAt}: CommandEvent): boolean {
		return this.#hasFault || this.#hasDrillFault || sentAt <= this.#faultEndedAt;
	}

	#measure(event: CommandEvent): void {
		if (event.depth > 1 || event.isBlocking || event.repliedAt === undefined || this.#isDelayed(event)) return;
		const ms = event.repliedAt - event.sentAt;
		this.#usualMs = this.#usualMs === undefined ? ms : this.#usualMs + (ms - this.#usualMs) * weight;
	}
}

function neededCalls(command: string): number {
	const {calls, collectionReads, scriptCalls} = blockingCommandThresholds;
	if (everyKey.has(command)) return calls;
	return scripts.has(command) ? scriptCalls : collectionReads;
}

function levelOf(found: readonly (readonly [string, Calls])[]): FindingLevel {
	const {seriousMs, warningCalls} = blockingCommandThresholds;
	if (found.some(([, {longestMs}]) => longestMs >= seriousMs)) return 'serious';
	return found.some(([, {count}]) => count >= warningCalls) ? 'warning' : 'info';
}

function describe(command: string, {count, longestMs, bytes}: Calls): string {
	const times = `${command} ${formatCountOf(count, 'time', 'times')}`;
	const took = longestMs >= 1 ? `, up to ${formatLatency(longestMs)} longer than usual commands` : '';
	return `${times}${took}${wholeCollectionCommands.has(command) ? `, up to ${formatBytes(bytes)} at once` : ''}`;
}

function adviceFor(commands: readonly string[]): string {
	const advice: string[] = [];
	if (commands.includes('KEYS'))
		advice.push('Use SCAN, or better an index of your own (a set of the keys), instead of KEYS.');
	if (commands.some((command) => command.startsWith('FLUSH')))
		advice.push(
			'Use FLUSHALL or FLUSHDB with ASYNC, and not while the application runs: all its keys miss afterwards.',
		);
	if (commands.some((command) => wholeCollectionCommands.has(command)))
		advice.push(
			'Read big collections in parts (HSCAN, SSCAN, LRANGE and ZRANGE with limits), or only the fields needed.',
		);
	if (commands.some((command) => scripts.has(command)))
		advice.push('Let a script do a bounded amount of work at each call.');
	return advice.join(' ');
}
