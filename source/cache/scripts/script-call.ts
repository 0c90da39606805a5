import {bentReply, toServerError} from '../../pool/commands/reply-error.js';
import type {Argument} from '../../pool/types.js';
import type {Queued} from '../admission/admission-queue.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {Script} from './script.js';

/** The outcome of a script for one key. */
export type ScriptOutcome = ScriptDone | ScriptFailed;

export type ScriptDone = {
	readonly status: 'done';
	readonly reply: number;
	/** Returned by the script beside the number. */
	readonly more: readonly unknown[];
	/** Local time at which the reply was read. */
	readonly at: number;
};

export type ScriptFailed = {
	/** `refused`: it was certainly not executed. `in-doubt`: it may have been, or may still be until `finalAt`. */
	readonly status: 'refused' | 'in-doubt';
	/** `undefined`: it reached Redis after its deadline, or Redis is out of use. */
	readonly error: Error | undefined;
	/** Local time from which it can no longer take effect. */
	readonly finalAt: number;
	/** Number of calls that failed with this error, as they were sent as one command or one pipeline. */
	readonly calls: number;
};

/** When a script may run: while Redis is in use, or always, to bring Redis back into use. */
export type ScriptUse = 'in-use' | 'always';

const noKeys: readonly string[] = [];
const nothingMore: readonly unknown[] = [];

/** A script to be run for one key. Its outcome is reported once. */
export abstract class ScriptCall implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Number in the order of sending; 0: not sent. */
	sentAs = 0;
	/** Id of the lane on which it was sent last. */
	sentOn = -1;
	use: ScriptUse = 'in-use';

	/**
	 * Keys beside the first, in the same slot of a cluster: of a script whose keys all belong to one call; or one key that the calls
	 * of a command share.
	 */
	moreKeys: readonly string[] = noKeys;
	#bytes = -1;

	constructor(
		readonly script: Script,
		readonly redisKey: string,
		/** The arguments of its key, after the deadline. Not used before it is sent. */
		public args: readonly Argument[],
	) {}

	/** Must not throw. */
	abstract onOutcome(outcome: ScriptOutcome): void;

	get size(): number {
		return 1;
	}

	/** Length of its arguments, in characters or bytes. Not asked for before they are final. */
	get bytes(): number {
		if (this.#bytes < 0) this.#bytes = lengthOf(this.args);
		return this.#bytes;
	}
}

/** A script whose outcome settles a promise. */
export class PromisedCall extends ScriptCall {
	readonly #resolve: (outcome: ScriptOutcome) => void;

	constructor(script: Script, redisKey: string, args: readonly Argument[], resolve: (outcome: ScriptOutcome) => void) {
		super(script, redisKey, args);
		this.#resolve = resolve;
	}

	override onOutcome(outcome: ScriptOutcome): void {
		this.#resolve(outcome);
	}
}

/** Values of one command, in characters or bytes: it must not hold up others on its lane. */
export const maxLength = 262_144;

/** Calls of one script on one lane that are sent as one command. */
export class ScriptBatch {
	readonly calls: [ScriptCall, ...ScriptCall[]];
	/** Server time after which the script does nothing, in µs. Known when it is sent. */
	deadline = 0;
	/** Local time at which that has certainly passed. */
	finalAt = 0;
	/** Loop time at which it was first sent; 0: it was not. */
	firstSentAt = 0;
	/** Times that it was sent again with a new deadline, because it had no effect with the one before. */
	repeats = 0;
	#length: number;

	constructor(first: ScriptCall) {
		this.calls = [first];
		this.#length = first.bytes;
	}

	/** @returns False if the call is of another kind, or there is no room for it. */
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
			const single = new ScriptBatch(call);
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
		const args: Argument[] = [calls[0].script[by], String(calls.length + calls[0].moreKeys.length)];
		for (const call of calls) args.push(call.redisKey);
		args.push(...calls[0].moreKeys);
		args.push(String(this.deadline));
		for (const call of calls) for (const arg of call.args) args.push(arg);
		return args;
	}

	/**
	 * The outcome of each call of a batch, from the one reply.
	 *
	 * @param at Local time at which that was read.
	 */
	outcomes(reply: unknown, at: number): readonly ScriptOutcome[] {
		const {length} = this.calls;
		// The same result for all calls.
		if (Array.isArray(reply) && reply.length === 1 && serverTimeIn(reply) !== undefined) {
			const outcome = this.#outcome(reply[0], at);
			return this.calls.map(() => outcome);
		}
		// With or without the server's time after the results.
		if (Array.isArray(reply) && (reply.length === length || reply.length === length + 1))
			return this.calls.map((_call, index) => this.#outcome(reply[index], at));
		const isLate = isTooLate(reply);
		return this.calls.map(() => (isLate ? this.#failed('refused', undefined) : this.#outcome(undefined, at)));
	}

	#outcome(reply: unknown, at: number): ScriptOutcome {
		if (typeof reply === 'number' && Number.isSafeInteger(reply)) return {status: 'done', reply, more: nothingMore, at};
		if (Array.isArray(reply) && Number.isSafeInteger(reply[0]))
			return {status: 'done', reply: reply[0] as number, more: reply.slice(1), at};
		if (reply instanceof Uint8Array)
			return this.#failed('refused', toServerError(new Error(reply.toString().trimEnd())));
		return this.#failed('in-doubt', bentReply('A script was not answered with a number for each key', reply));
	}

	#failed(status: ScriptFailed['status'], error: Error | undefined): ScriptFailed {
		return {status, error, finalAt: this.finalAt, calls: 1};
	}
}

/** Smaller numbers are not times: in µs, the year 2001. */
const earliestTime = 1e15;

/** The server's time that a script has replied with, in µs: after its results, or instead of them if it was too late. */
export function serverTimeIn(reply: unknown): number | undefined {
	const time: unknown = Array.isArray(reply) ? reply.at(-1) : reply;
	return typeof time === 'number' && Number.isSafeInteger(time) && time > earliestTime ? time : undefined;
}

/** True if a script has done nothing, because its deadline had passed. */
export function isTooLate(reply: unknown): boolean {
	return !Array.isArray(reply) && serverTimeIn(reply) !== undefined;
}

function lengthOf(args: readonly Argument[]): number {
	let length = 0;
	for (const arg of args) length += typeof arg === 'number' ? 16 : arg.length;
	return length;
}
