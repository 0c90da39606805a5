import type {ActiveWireFault} from '../../../proxy/types.js';
import type {KeyPrinter} from '../../key-text.js';
import type {PatternOf} from '../../known-keys.js';
import type {CommandEvent} from '../../traffic.js';
import type {Problem} from '../finding.js';
import type {FindingRule} from '../finding-rule.js';
import {findingKeys, listed} from '../words.js';
import {adviceFor, BlockingCalls, blockingCommandThresholds, everyKey, levelOf, scripts} from './blocking-calls.js';
import type {ServerReading} from './server-reading.js';
import {wholeCollectionCommands} from './whole-collections.js';
import {WireLateness} from './wire-lateness.js';

/** Milliseconds after which a stall of the tap's own thread has been reported. */
const settledMs = 100;

/** Most commands whose duration is not evaluated yet. */
const maxUnsettled = 256;

/** Why a command may block the server. All other commands are cheap (`little`). */
type Cost = 'every key' | 'whole collection' | 'script' | 'little';

type Unsettled = {readonly command: string; readonly event: CommandEvent; readonly repliedAt: number};

/** Commands during which the server, which has one thread for all commands, answers no other client. */
export class BlockingCommandRule implements FindingRule {
	readonly #calls = new Map<string, BlockingCalls>();
	readonly #patternOf: PatternOf;
	readonly #lateness = new WireLateness(blockingCommandThresholds.scriptMs);
	#unsettled: Unsettled[] = [];
	/** The previous command: often several of a kind follow each other. */
	#lastCommand = '';
	#lastCost: Cost = 'little';
	/** Milliseconds of scripts since the server's start, at the latest reading of its figures. */
	#serverMs: number | undefined;
	#hasFault = false;
	#hasDrillFault = false;
	/** Time at which the last fault ended: it has delayed commands sent before. */
	#faultEndedAt = Number.NEGATIVE_INFINITY;

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

	onStall(from: number, to: number): void {
		this.#lateness.stall(from, to);
	}

	onTick(now: number): void {
		this.#settle(now - settledMs);
	}

	/** The total time of scripts that the server reports bounds the number of long ones. */
	onServer({scriptMs, at}: ServerReading): void {
		this.#settle(at);
		const before = this.#serverMs;
		this.#serverMs = scriptMs;
		if (scriptMs === undefined) return;
		const spentMs = before === undefined || scriptMs < before ? undefined : scriptMs - before;
		let possible = spentMs === undefined ? Number.POSITIVE_INFINITY : spentMs / blockingCommandThresholds.scriptMs;
		for (const [command, calls] of this.#calls) {
			if (!scripts.has(command)) continue;
			const confirmed = Math.min(calls.unconfirmed, Math.floor(possible));
			possible -= confirmed;
			calls.count -= calls.unconfirmed - confirmed;
			calls.unconfirmed = 0;
			// No calls are left.
			if (calls.count === 0) this.#calls.delete(command);
		}
	}

	onCommand(event: CommandEvent): void {
		if (event.result !== 'ok') return;
		if (event.command !== this.#lastCommand) {
			this.#lastCommand = event.command;
			this.#lastCost = costOf(event.command);
		}
		switch (this.#lastCost) {
			case 'whole collection':
				if (event.replyBytes < blockingCommandThresholds.collectionBytes) return;
				this.#count(event);
				this.#time(event);
				return;
			case 'every key':
				this.#count(event);
				this.#time(event);
				return;
			case 'script':
				this.#time(event);
				return;
			case 'little':
				if (event.depth === 1 && !event.isBlocking && event.repliedAt !== undefined && !this.#isDelayed(event))
					this.#lateness.usual(event.sentAt, event.repliedAt);
		}
	}

	find(now: number, print: KeyPrinter): Problem | undefined {
		this.#settle(now - settledMs);
		const found = [...this.#calls.values()].filter((calls) => calls.isFound(this.#lateness.lateShare));
		if (found.length === 0) return undefined;
		const evidence = found.map((calls) => calls.describe()).join('; ');
		const patterns = [...new Set(found.flatMap((calls) => calls.patterns.names()))];
		const ofKeys = patterns.length === 0 ? '' : ` Keys: ${listed(patterns, print)}.`;
		return {
			level: levelOf(found, this.#lateness.longestMs),
			title: 'Commands stop the server for everybody',
			evidence: `${evidence}.${ofKeys}`,
			why: 'Redis executes one command after the other. One that looks at every key, or reads a big collection as a whole, makes all other callers wait.',
			advice: adviceFor(found.map(({command}) => command)),
			keys: findingKeys(patterns, print),
			firstSeenAt: Math.min(...found.map(({firstAt}) => firstAt)),
			lastSeenAt: Math.max(...found.map(({lastAt}) => lastAt)),
		};
	}

	#callsOf(command: string): BlockingCalls {
		let calls = this.#calls.get(command);
		if (calls === undefined) {
			calls = new BlockingCalls(command);
			this.#calls.set(command, calls);
		}
		return calls;
	}

	#count({command, sentAt, replyBytes, keys: [key], db}: CommandEvent): void {
		this.#callsOf(command).add(sentAt, replyBytes, key === undefined ? undefined : this.#patternOf(key, db));
	}

	/** Schedules a command for a later check of its duration, unless something else may have delayed it. */
	#time(event: CommandEvent): void {
		const {command, sentAt, repliedAt} = event;
		if (repliedAt === undefined) return;
		const isLong = repliedAt - sentAt >= blockingCommandThresholds.scriptMs;
		if (isLong) this.#lateness.busy(sentAt, repliedAt);
		if (event.depth > 1 || event.inTransaction || this.#isDelayed(event)) return;
		const isScript = scripts.has(command);
		if (isScript) this.#callsOf(command).measured++;
		if (isScript && !isLong) return;
		this.#unsettled.push({command, event, repliedAt});
		if (this.#unsettled.length >= maxUnsettled) this.#settle(repliedAt);
	}

	/** Evaluates the commands that were answered before a time. */
	#settle(before: number): void {
		this.#lateness.settle(before);
		if (this.#unsettled.length === 0) return;
		const open: Unsettled[] = [];
		for (const one of this.#unsettled) {
			const {command, event, repliedAt} = one;
			if (repliedAt > before) {
				open.push(one);
				continue;
			}
			const extraMs = this.#lateness.extraMs(event.sentAt, repliedAt);
			const calls = this.#callsOf(command);
			if (scripts.has(command)) {
				if (extraMs < blockingCommandThresholds.scriptMs) continue;
				this.#count(event);
				calls.unconfirmed++;
			}
			calls.longestMs = Math.max(calls.longestMs, extraMs);
		}
		this.#unsettled = open;
	}

	#isDelayed({sentAt}: CommandEvent): boolean {
		return this.#hasFault || this.#hasDrillFault || sentAt <= this.#faultEndedAt;
	}
}

function costOf(command: string): Cost {
	if (everyKey.has(command)) return 'every key';
	if (wholeCollectionCommands.has(command)) return 'whole collection';
	return scripts.has(command) ? 'script' : 'little';
}
