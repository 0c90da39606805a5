import {formatLatency} from '../../../text/duration.js';
import {formatBytes, formatCountOf} from '../../../text/number.js';
import {WorstKeys} from '../../sketches/worst-keys.js';
import type {FindingLevel} from '../finding.js';
import {wholeCollectionCommands} from './whole-collections.js';

export const blockingCommandThresholds = {
	/** Calls of KEYS, FLUSHALL or FLUSHDB. One is enough: it looks at every key of the server, while all others wait. */
	calls: 1,
	/** Calls from which on they are no accident and no one-time job. */
	warningCalls: 3,
	/** Bytes of the reply from which on a collection counts as big, and how often one has to be read as a whole. */
	collectionBytes: 100 * 1024,
	collectionReads: 3,
	/** Milliseconds of a script from which on it counts, and how often. Redis itself logs commands from 10 ms on as slow. */
	scriptMs: 50,
	scriptCalls: 2,
	/** Times as often as usual commands are late by as much: a machine that is busy is late with all of them. */
	scriptLateness: 4,
	/** Milliseconds of one call beyond those of usual commands that every client notices. */
	seriousMs: 250,
} as const;

export const everyKey: ReadonlySet<string> = new Set(['KEYS', 'FLUSHALL', 'FLUSHDB']);
export const scripts: ReadonlySet<string> = new Set(['EVAL', 'EVALSHA', 'EVAL_RO', 'EVALSHA_RO', 'FCALL', 'FCALL_RO']);

/** Calls of one command that stop the server. */
export class BlockingCalls {
	count = 0;
	longestMs = 0;
	/** Of the biggest reply. */
	bytes = 0;
	/** Calls of a script that were measured, long or not. */
	measured = 0;
	/** Long calls of a script that the server's own figures do not cover yet. */
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

	/** @param lateShare Share of usual commands that are as late as a long script. */
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

/** @param lateMs Milliseconds by which a usual command was late at most. */
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
