import {bentReply, toServerError} from '../../pool/commands/reply-error.js';
import type {Argument} from '../../pool/types.js';
import type {Queued} from '../admission/admission-queue.js';
import type {UnorderedSetItem} from '../support/unordered-set.js';
import type {Script} from './script.js';

/** The outcome of a script for one key. */
export type ScriptOutcome = ScriptDone | ScriptFailed;

export type ScriptDone = {readonly status: 'done'; readonly reply: number};

export type ScriptFailed = {
	/** `refused`: it was certainly not executed. `in-doubt`: it may have been, or may still be until `finalAt`. */
	readonly status: 'refused' | 'in-doubt';
	/** `undefined`: it reached Redis after its deadline, or Redis is out of use. */
	readonly error: Error | undefined;
	/** Local time from which it can no longer take effect. */
	readonly finalAt: number;
	/** Number of calls that failed with this error, as they were sent as one command. */
	readonly calls: number;
};

/** When a script may run: while Redis is in use, or always, to bring Redis back into use. */
export type ScriptUse = 'in-use' | 'always';

/** A script to be run for one key. Its outcome is reported once. */
export class ScriptCall implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Number in the order of sending; 0: not sent. */
	sentAs = 0;
	use: ScriptUse = 'in-use';
	/** Length of its arguments, in characters or bytes. */
	readonly bytes: number;

	constructor(
		readonly script: Script,
		readonly redisKey: string,
		/** The arguments of its key, after the deadline. */
		readonly args: readonly Argument[],
		/** Must not throw. */
		readonly onOutcome: (outcome: ScriptOutcome) => void,
	) {
		this.bytes = lengthOf(args);
	}

	get size(): number {
		return 1;
	}
}

/** Values of one command, in characters or bytes: it must not hold up others on its lane. */
const maxLength = 262_144;

/** Calls of one script on one lane that are sent as one command. */
export class ScriptBatch {
	readonly calls: [ScriptCall, ...ScriptCall[]];
	/** Server time after which the script does nothing, in µs. Known when it is sent. */
	deadline = 0;
	/** Local time at which that has certainly passed. */
	finalAt = 0;
	/** True once it has been sent again with a new deadline, because it had no effect with the first one. */
	isRepeated = false;
	#length: number;

	constructor(first: ScriptCall) {
		this.calls = [first];
		this.#length = first.bytes;
	}

	/** @returns False if the call is of another kind, or there is no room for it. */
	tryAdd(call: ScriptCall, maxCalls: number): boolean {
		const [first] = this.calls;
		if (first.script !== call.script || first.use !== call.use) return false;
		const length = this.#length + call.bytes;
		if (this.calls.length >= maxCalls || length > maxLength) return false;
		this.#length = length;
		this.calls.push(call);
		return true;
	}

	/** Each call in a batch of its own, with the same deadline. */
	split(): ScriptBatch[] {
		return this.calls.map((call) => {
			const single = new ScriptBatch(call);
			single.deadline = this.deadline;
			single.finalAt = this.finalAt;
			return single;
		});
	}

	/** Arguments of EVALSHA or EVAL. */
	arguments(by: 'sha' | 'text'): Argument[] {
		const {calls} = this;
		const args: Argument[] = [calls[0].script[by], String(calls.length)];
		for (const call of calls) args.push(call.redisKey);
		args.push(String(this.deadline));
		for (const call of calls) for (const arg of call.args) args.push(arg);
		return args;
	}

	/** The outcome of each call of a batch, from the one reply. */
	outcomes(reply: unknown): readonly ScriptOutcome[] {
		if (Array.isArray(reply) && reply.length === this.calls.length) return reply.map((each) => this.#outcome(each));
		return this.calls.map(() => this.#outcome(reply === 0 ? 0 : undefined));
	}

	#outcome(reply: unknown): ScriptOutcome {
		if (typeof reply === 'number' && Number.isSafeInteger(reply))
			return reply === 0 ? this.#failed('refused', undefined) : {status: 'done', reply};
		if (reply instanceof Uint8Array)
			return this.#failed('refused', toServerError(new Error(reply.toString().trimEnd())));
		return this.#failed('in-doubt', bentReply('A script was not answered with a number for each key', reply));
	}

	#failed(status: ScriptFailed['status'], error: Error | undefined): ScriptFailed {
		return {status, error, finalAt: this.finalAt, calls: 1};
	}
}

function lengthOf(args: readonly Argument[]): number {
	let length = 0;
	for (const arg of args) length += typeof arg === 'number' ? 16 : arg.length;
	return length;
}
