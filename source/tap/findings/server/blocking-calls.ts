import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCountOf} from '../../../text/number.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {FindingLevel} from '../finding.js';
import {wholeCollectionCommands} from './whole-collections.js';

export const blockingCommandThresholds = {
	/** Calls of KEYS, FLUSHALL or FLUSHDB. One is enough: it looks at every key of the server, while all others wait. */
	calls: 1,
	/** Number of calls from which on they are not just a one-time job. */
	warningCalls: 3,
	/** Bytes of the reply from which on a collection counts as big, and the number of full reads from which on they count. */
	collectionBytes: 100 * 1024,
	collectionReads: 3,
	/**
	 * Milliseconds from which on a script counts as long, and the number of long calls. Redis itself logs commands from 10 ms
	 * on as slow.
	 */
	scriptMs: 50,
	scriptCalls: 2,
	/**
	 * Minimum ratio between the share of late scripts and that of equally late cheap commands: a busy machine delays all
	 * commands.
	 */
	scriptLateness: 4,
	/** Milliseconds of one call above the usual latency that every client notices. */
	seriousMs: 250,
} as const;

export const everyKey: ReadonlySet<string> = new Set(['KEYS', 'FLUSHALL', 'FLUSHDB']);
export const scripts: ReadonlySet<string> = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO']);

/** Calls of one command that stop the server. */
export class BlockingCalls {
	count = 0;
	longestMs = 0;
	/** Bytes of the biggest reply. */
	bytes = 0;
	/** Calls of a script whose duration was measured. */
	measured = 0;
	/** Long calls of a script since the latest reading of the server's own statistics. */
	unconfirmed = 0;
	readonly patterns = new WorstKeys();
	firstAt = Number.POSITIVE_INFINITY;
	lastAt = 0;
	readonly command: string;

	constructor(command: string) {
		this.command = command;
	}

	add(at: number, replyBytes: number, pattern: string | undefined): void {
		this.count++;
		this.bytes = Math.max(this.bytes, replyBytes);
		if (pattern !== undefined) this.patterns.add(pattern);
		this.firstAt = Math.min(this.firstAt, at);
		this.lastAt = Math.max(this.lastAt, at);
	}

	/** @param lateShare Share of cheap commands that are as late as a long script. */
	isFound(lateShare: number): boolean {
		const {calls, collectionReads, scriptCalls, scriptLateness} = blockingCommandThresholds;
		if (everyKey.has(this.command)) return this.count >= calls;
		if (!scripts.has(this.command)) return this.count >= collectionReads;
		return this.count >= scriptCalls && this.count >= this.measured * lateShare * scriptLateness;
	}

	describe(): string {
		const {command, count, longestMs, bytes} = this;
		const times = `${command} ${formatCountOf(count, 'time', 'times')}`;
		const took = longestMs >= 1 ? `, up to ${formatLatency(longestMs)} longer than usual commands` : '';
		return `${times}${took}${wholeCollectionCommands.has(command) ? `, up to ${formatBytes(bytes)} at once` : ''}`;
	}
}

/** @param lateMs Longest lateness of a cheap command, in milliseconds. */
export function levelOf(found: readonly BlockingCalls[], lateMs: number): FindingLevel {
	const {seriousMs, warningCalls} = blockingCommandThresholds;
	if (found.some(({longestMs}) => longestMs - lateMs >= seriousMs)) return 'serious';
	return found.some(({count}) => count >= warningCalls) ? 'warning' : 'info';
}

export function adviceFor(commands: readonly string[]): string {
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
