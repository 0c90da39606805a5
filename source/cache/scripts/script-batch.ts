import {malformedReply, toServerError} from '../../pool/commands/reply-error.js';
import type {Argument, Lane} from '../../pool/types.js';
import {timeText} from '../clock/time-text.js';
import type {ScriptCall, ScriptFailed, ScriptOutcome} from './script-call.js';

/** Gets the outcomes of the batches of a lane. */
export type BatchObserver = {
	/** Called once for each call, with an outcome that is final. */
	onOutcome(call: ScriptCall, outcome: ScriptOutcome): void;
	/**
	 * Called when Redis has answered a number of calls, before their outcomes are reported. Times are loop times.
	 *
	 * @param firstSentAt Time at which they were first sent.
	 */
	onAnswered(calls: number, firstSentAt: number, now: number): void;
	/** Called when a command has missed its deadline, before the outcomes of its calls are reported. */
	onMissed(firstSentAt: number): void;
	/** Called after outcomes were reported. @param isAnswered True if Redis has answered. */
	onReported(isAnswered: boolean): void;
};

/** Most characters or bytes of values in one command, so that it does not delay others on its lane. */
export const maxLength = 262_144;

const nothingMore: readonly unknown[] = [];

/**
 * Calls of one script on one lane that are sent as one command. A single object holds the state of the command, from its first
 * attempt to the outcomes, since with one caller there is a batch for each call.
 */
export class ScriptBatch {
	readonly calls: [ScriptCall, ...ScriptCall[]];
	/** Changes if its keys move to another node. */
	lane: Lane;
	readonly observer: BatchObserver;
	/** True if the slot of its keys is being migrated to another node of the cluster, which may execute it. */
	isMigrating = false;
	/** Server time after which the script does nothing, in µs. Known when it is sent. */
	deadline = 0;
	/** Local time at which that deadline has certainly passed. */
	finalAt = 0;
	/** Loop time at which it was first sent; 0 if it was not. */
	firstSentAt = 0;
	/** Local time at which it was last sent. */
	sentAt = 0;
	/** Number of times that it was sent again with a new deadline, because it had no effect before. */
	repeats = 0;
	#length: number;

	constructor(first: ScriptCall, lane: Lane, observer: BatchObserver) {
		this.calls = [first];
		this.lane = lane;
		this.observer = observer;
		this.#length = first.bytes;
	}

	/** @returns False if the call has another script, or there is no room for it. */
	tryAdd(call: ScriptCall, maxCalls: number): boolean {
		const [first] = this.calls;
		if (first.script !== call.script || first.use !== call.use || !call.script.isForEach) return false;
		if (first.moreKeys[0] !== call.moreKeys[0]) return false;
		const length = this.#length + call.bytes;
		if (this.calls.length >= maxCalls || length > maxLength) return false;
		this.#length = length;
		this.calls.push(call);
		return true;
	}

	/** Length of all arguments of its calls. */
	get length(): number {
		return this.#length;
	}

	/** Each call in a batch of its own, with the same deadlines. */
	split(): ScriptBatch[] {
		return this.calls.map((call) => {
			const single = new ScriptBatch(call, this.lane, this.observer);
			single.isMigrating = this.isMigrating;
			single.deadline = this.deadline;
			single.finalAt = this.finalAt;
			single.firstSentAt = this.firstSentAt;
			single.repeats = this.repeats;
			return single;
		});
	}

	/** Arguments of EVALSHA or EVAL. */
	arguments(by: 'sha' | 'text'): Argument[] {
		const {calls} = this;
		const [{script, moreKeys}] = calls;
		let count = 3 + calls.length + moreKeys.length;
		for (const call of calls) count += call.args.length;
		// Allocated with its final size: a growing array is copied repeatedly.
		const args = new Array<Argument>(count);
		let at = 0;
		args[at++] = script[by];
		args[at++] = String(calls.length + moreKeys.length);
		for (const call of calls) args[at++] = call.redisKey;
		for (const key of moreKeys) args[at++] = key;
		args[at++] = timeText(this.deadline);
		for (const call of calls) for (const arg of call.args) args[at++] = arg;
		return args;
	}

	/**
	 * The common outcome of all calls; `undefined` if each has its own in the reply.
	 *
	 * @param at Local time at which the reply was read.
	 */
	commonOutcome(reply: unknown, at: number): ScriptOutcome | undefined {
		if (Array.isArray(reply)) {
			if (reply.length === 1 && serverTimeIn(reply) !== undefined) return this.#outcome(reply[0], at);
			const {length} = this.calls;
			// With or without the server's time after the results.
			if (reply.length === length || reply.length === length + 1) return undefined;
		}
		return isTooLate(reply) ? this.#failed('refused', undefined) : this.#outcome(undefined, at);
	}

	/** The outcome of one call, if there is no common one. */
	outcomeOf(index: number, reply: unknown, at: number): ScriptOutcome {
		return this.#outcome((reply as readonly unknown[])[index], at);
	}

	#outcome(reply: unknown, at: number): ScriptOutcome {
		if (typeof reply === 'number' && Number.isSafeInteger(reply)) return {status: 'done', reply, more: nothingMore, at};
		if (Array.isArray(reply) && Number.isSafeInteger(reply[0]))
			return {status: 'done', reply: reply[0] as number, more: reply.slice(1), at};
		if (reply instanceof Uint8Array)
			return this.#failed('refused', toServerError(new Error(reply.toString().trimEnd())));
		return this.#failed('in-doubt', malformedReply('A script was not answered with a number for each key', reply));
	}

	#failed(status: ScriptFailed['status'], error: Error | undefined): ScriptFailed {
		return {status, error, finalAt: this.finalAt, calls: 1};
	}
}

/** Smaller numbers (in µs, before the year 2001) are not server times. */
const earliestTime = 1e15;

/** The server's time in the reply of a script, in µs: it follows the results, or replaces them if the script was too late. */
export function serverTimeIn(reply: unknown): number | undefined {
	const time: unknown = Array.isArray(reply) ? reply[reply.length - 1] : reply;
	return typeof time === 'number' && Number.isSafeInteger(time) && time > earliestTime ? time : undefined;
}

/** True if a script did nothing because its deadline had passed. */
export function isTooLate(reply: unknown): boolean {
	return !Array.isArray(reply) && serverTimeIn(reply) !== undefined;
}
