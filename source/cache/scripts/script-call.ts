import type {Argument} from '../../pool/types.js';
import type {Queued} from '../admission/admission-queue.js';
import {localNow} from '../clock/local-now.js';
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

/** A script to be run for one key. Its outcome is reported once. */
export abstract class ScriptCall implements Queued, UnorderedSetItem {
	place = -1;
	queuedAt = 0;
	/** Number in the order of sending; 0: not sent. */
	sentAs = 0;
	/** Id of the lane on which it was sent last. */
	sentOn = -1;
	use: ScriptUse = 'in-use';
	/** True if a call of its key that was sent later has been executed: sent again, this one would undo that. */
	isOvertaken = false;

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

	/** Length of its arguments, in characters or bytes. Called only once they are final. */
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

function lengthOf(args: readonly Argument[]): number {
	let length = 0;
	for (const arg of args) length += typeof arg === 'number' ? 16 : arg.length;
	return length;
}

/** The outcome of a call that was not sent. @param error Default: Redis is out of use, and the mode has reported that. */
export function notSent(error?: Error): ScriptFailed {
	return {status: 'refused', error, finalAt: localNow(), calls: 1};
}
