import {formatLatency} from '../../../text/duration.js';
import {formatCount, formatCountOf} from '../../../text/number.js';
import type {KeyPrinter} from '../../key-text.js';
import type {PatternOf} from '../../known-keys.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {CommandEvent, ConnectionEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';

export const roundTripsThresholds = {
	/**
	 * Length of a run of commands that counts. In a shorter run, commands may depend on each other, such as a user and then the
	 * user's company.
	 */
	commands: 5,
	/** Total round trips that one command or a pipeline would have saved. Fewer do not matter. */
	needless: 50,
	/**
	 * Longest pause of a loop between a reply and the next command, as a multiple of the latest latency, with lower and
	 * upper bounds in milliseconds.
	 */
	pause: 2,
	shortPauseMs: 0.25,
	longPauseMs: 2,
	/** Share of commands sent before the previous one was answered. Above it, independent callers share the connection. */
	concurrency: 0.02,
	/** Needless round trips from which on the level is `warning`. */
	warningNeedless: 1000,
} as const;

const maxConnections = 10_000;

type Run = {
	command: string;
	pattern: string;
	key: string;
	/** Commands in a row so far. */
	length: number;
	startedAt: number;
	repliedAt: number;
	latencyMs: number;
	/** Commands of the connection, and those that were sent before the previous one was answered. */
	total: number;
	concurrent: number;
};

/**
 * A loop that waits for each reply before it sends the next command of the same kind, for another key: commands that MGET or a
 * pipeline would send at once. Commands of a few independent callers on one connection look similar, but do not follow each
 * other this closely, and some of them are sent together.
 */
export class RoundTripsRule implements FindingRule {
	readonly #runs = new Map<number, Run>();
	/** The connection of the run that was followed last. */
	#lastConnection = 0;
	#lastRun: Run | undefined;
	readonly #patterns = new WorstKeys();
	readonly #commands = new WorstKeys();
	readonly #patternOf: PatternOf;
	#loops = 0;
	#needless = 0;
	#longest = 0;
	#waitedMs = 0;
	#firstAt: number | undefined;
	#lastAt = 0;

	constructor(patternOf: PatternOf) {
		this.#patternOf = patternOf;
	}

	onConnection({type, connection}: ConnectionEvent): void {
		if (type === 'closed') this.#runs.delete(connection);
	}

	onCommand(event: CommandEvent): void {
		const run = this.#runOf(event.connection);
		if (run === undefined) return;
		run.total++;
		if (event.depth > 1) run.concurrent++;
		const [key] = event.keys;
		if (key === undefined || !isSingle(event)) {
			run.length = 0;
			return;
		}
		const pattern = this.#patternOf(key, event.db);
		const continues = run.length > 0 && this.#continues(run, event, pattern);
		run.length = continues ? run.length + 1 : 1;
		if (!continues) run.startedAt = event.sentAt;
		run.command = event.command;
		run.pattern = pattern;
		run.key = key;
		run.repliedAt = event.repliedAt ?? event.sentAt;
		run.latencyMs = run.repliedAt - event.sentAt;
		this.#count(run, event);
	}

	find(_now: number, print: KeyPrinter): Problem | undefined {
		const {needless, commands, warningNeedless} = roundTripsThresholds;
		if (this.#firstAt === undefined || this.#needless < needless) return undefined;
		const patterns = this.#patterns.names();
		const [command = ''] = this.#commands.names();
		return {
			level: this.#needless >= warningNeedless ? 'warning' : 'info',
			title: 'Round trips that could be one',
			evidence: `${formatCountOf(this.#loops, 'time', 'times')}, ${commands} or more commands of one kind (mostly ${command}, keys of ${listed(patterns, print)}) followed each other on one connection, each sent after the reply to the one before: up to ${formatCount(this.#longest)} in a row, ${formatLatency(this.#waitedMs)} in all, ${formatCount(this.#needless)} needless round trips.`,
			why: 'A loop pays the network latency for each key. To another cloud zone that is half a millisecond or more: 50 keys take as long as a slow query.',
			advice:
				'Read with one MGET, or send the commands in one pipeline and wait for all of the replies (in a cluster, one for each slot or node).',
			keys: findingKeys(patterns, print),
			firstSeenAt: this.#firstAt,
			lastSeenAt: this.#lastAt,
		};
	}

	#continues(run: Run, event: CommandEvent, pattern: string): boolean {
		if (event.command !== run.command || pattern !== run.pattern || event.keys[0] === run.key) return false;
		const {pause, shortPauseMs, longPauseMs, concurrency} = roundTripsThresholds;
		if (run.concurrent > run.total * concurrency) return false;
		const limit = Math.min(longPauseMs, Math.max(shortPauseMs, pause * run.latencyMs));
		return event.startedAt - run.repliedAt <= limit;
	}

	#count(run: Run, event: CommandEvent): void {
		const {commands} = roundTripsThresholds;
		if (run.length < commands) return;
		const isFirst = run.length === commands;
		const needless = isFirst ? commands - 1 : 1;
		if (isFirst) this.#loops++;
		this.#needless += needless;
		this.#longest = Math.max(this.#longest, run.length);
		this.#waitedMs += isFirst ? run.repliedAt - run.startedAt : run.latencyMs;
		this.#patterns.add(run.pattern, needless);
		this.#commands.add(run.command, needless);
		this.#firstAt ??= run.startedAt;
		this.#lastAt = event.sentAt;
	}

	#runOf(connection: number): Run | undefined {
		if (connection === this.#lastConnection) return this.#lastRun;
		this.#lastConnection = connection;
		this.#lastRun = this.#find(connection);
		return this.#lastRun;
	}

	#find(connection: number): Run | undefined {
		const known = this.#runs.get(connection);
		if (known !== undefined || this.#runs.size >= maxConnections) return known;
		const run: Run = {
			command: '',
			pattern: '',
			key: '',
			length: 0,
			startedAt: 0,
			repliedAt: 0,
			latencyMs: 0,
			total: 0,
			concurrent: 0,
		};
		this.#runs.set(connection, run);
		return run;
	}
}

/** A command for one key whose reply the application waited for before it sent anything else. */
function isSingle(event: CommandEvent): boolean {
	if (event.keyCount !== 1 || event.depth > 1 || event.inTransaction || event.isBlocking) return false;
	return event.result === 'ok' && event.effect !== 'script' && event.effect !== 'other';
}
